"""Pages drawn and damaged step by step: from where on each fault is told, and that good pictures pass."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.sheets import quality
from ml.reading.sheets.quality import QualityLimits, faults
from ml.training import datasets
from ml.training.sheets.strokes import draw_number

LIMITS = QualityLimits()
PER_MM = 200 / 25.4
Picture = NDArray[np.float32]
ROOT = Path(__file__).parents[4]


def page_of(picture: NDArray[np.generic]) -> Page:
    return Page(np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8)), 1, None, "")


def form(
    paper: tuple[int, int, int] = (235, 232, 225), lines: int = 8, height: int = 36, noise: float = 2.0
) -> Picture:
    """A form at 200 dots an inch: rows of numbers in digits of so many pixels, written in blue-black."""
    rng = np.random.default_rng(7)
    picture = np.ones((150 + 90 * 8, 1200, 3), np.float32) * np.array(paper, np.float32)
    for line in range(lines):
        for left in (120, 480, 840):
            ink = draw_number(str(rng.integers(10_000, 99_999)), height, rng).astype(np.float32)[:, :, None] / 255
            top = 80 + 90 * line
            place = picture[top : top + ink.shape[0], left : left + ink.shape[1]]
            place *= 1 - ink
            place += ink * np.array((40, 45, 80), np.float32)
    return picture + rng.normal(0, noise, picture.shape).astype(np.float32)


def blurred(picture: Picture, sigma: float) -> Picture:
    return cv2.GaussianBlur(picture, (0, 0), sigma).astype(np.float32)


def test_a_good_picture_has_no_faults_whether_its_scale_is_known_or_not() -> None:
    assert faults(page_of(form()), LIMITS) == ()
    assert faults(page_of(form()), LIMITS, per_mm=PER_MM) == ()


@pytest.mark.parametrize("lines", [1, 3, 8])
@pytest.mark.parametrize("per_mm", [PER_MM, None])
@pytest.mark.parametrize(("sigma", "told"), [(0.8, False), (1.0, False), (1.5, False), (5.0, True), (7.0, True)])
def test_blur_is_told_by_its_width_however_little_is_written(
    lines: int, per_mm: float | None, sigma: float, told: bool
) -> None:
    found = faults(page_of(blurred(form(lines=lines), sigma)), LIMITS, per_mm=per_mm)

    assert (quality.BLURRED in found) is told


@pytest.mark.parametrize("contrast", [0.3, 1.0])
def test_pale_writing_is_not_called_blurred(contrast: float) -> None:
    picture = 232 - contrast * (232 - form(noise=0))

    assert faults(page_of(picture), LIMITS) == ()
    assert faults(page_of(blurred(picture, 6)), LIMITS) == (quality.BLURRED,)


def test_a_larger_picture_of_the_same_page_may_be_softer() -> None:
    soft = blurred(cv2.resize(form(), None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC), 4)

    assert faults(page_of(soft), LIMITS) == ()
    assert faults(page_of(soft), LIMITS, per_mm=2.5 * PER_MM) == ()
    assert faults(page_of(soft), LIMITS, per_mm=PER_MM) == (quality.BLURRED,)


@pytest.mark.parametrize(("light", "told"), [(1.0, False), (0.7, False), (0.4, False), (0.2, True), (0.15, True)])
def test_too_little_light_is_told(light: float, told: bool) -> None:
    assert faults(page_of(form() * light), LIMITS) == ((quality.DARK,) if told else ())


def test_dim_paper_is_too_dark_only_where_writing_hardly_stands_out() -> None:
    dim, pale = 0.45 * form(noise=0), 105 - 0.08 * (232 - form(noise=0))

    assert faults(page_of(dim), LIMITS) == ()
    assert faults(page_of(pale), LIMITS) == (quality.DARK,)


def test_chalk_on_a_slate_is_not_dark() -> None:
    assert quality.DARK not in faults(page_of(255 - form()), LIMITS)


@pytest.mark.parametrize(("share", "told"), [(1.0, False), (0.6, False), (0.45, False), (0.2, True), (0.15, True)])
def test_a_picture_with_writing_too_low_is_small(share: float, told: bool) -> None:
    small = cv2.resize(form(), None, fx=share, fy=share, interpolation=cv2.INTER_AREA)

    assert (quality.SMALL in faults(page_of(small), LIMITS)) is told


@pytest.mark.parametrize(("per_mm", "told"), [(8.0, False), (4.5, False), (3.5, True)])
def test_where_the_scale_is_known_it_tells_what_is_small(per_mm: float, told: bool) -> None:
    assert (quality.SMALL in faults(page_of(form()), LIMITS, per_mm=per_mm)) is told


def with_glare(picture: Picture, radius: float, soft: float) -> Picture:
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    away = np.hypot(x - 600, y - 400) - radius
    lit = 1 / (1 + np.exp(np.clip(away / soft, -50, 50)))
    return (picture + (270 - picture) * lit[:, :, None]).astype(np.float32)


@pytest.mark.parametrize("paper", [(205, 200, 190), (170, 185, 215)])
@pytest.mark.parametrize(("radius", "told"), [(15, False), (150, True), (250, True)])
def test_glare_fades_into_the_paper(paper: tuple[int, int, int], radius: float, told: bool) -> None:
    glaring = with_glare(form(paper), radius, soft=30)

    assert faults(page_of(glaring), LIMITS) == ((quality.GLARE,) if told else ())


def test_a_white_page_and_a_white_label_are_no_glare() -> None:
    label = form((190, 195, 205))
    label[250:520, 300:800] = 255

    assert faults(page_of(form((254, 254, 254))), LIMITS) == ()
    assert quality.GLARE not in faults(page_of(label), LIMITS)


@pytest.mark.parametrize(
    ("cut", "rim"),
    [
        (np.s_[105:, :], "upper"),
        (np.s_[: 80 + 90 * 7 + 30, :], "lower"),
        (np.s_[:, 143:], "left"),
        (np.s_[:, : 840 + 52], "right"),
    ],
)
def test_writing_that_a_rim_cuts_is_told_with_its_rim(cut: tuple[slice, slice], rim: str) -> None:
    assert faults(page_of(form()[cut]), LIMITS) == (quality.CUT_OFF.format(rim=rim),)


def test_a_frame_a_rule_and_a_table_at_the_rim_are_not_cut_off_writing() -> None:
    framed = form()
    for row in range(100, 800, 90):
        cv2.line(framed, (0, row + 48), (1200, row + 48), (90, 90, 90), 2)
    cv2.rectangle(framed, (0, 0), (1199, framed.shape[0] - 1), (50, 50, 50), 5)
    rng = np.random.default_rng(1)
    table = cv2.GaussianBlur(rng.normal(0, 1, (1000, 1400)).astype(np.float32), (0, 0), 4)
    lying = np.repeat((70 + 20 * table / table.std())[:, :, None], 3, axis=2)
    lying[60:930, 100:1300] = form()

    assert faults(page_of(framed), LIMITS) == ()
    assert faults(page_of(lying), LIMITS) == ()


def test_nothing_written_is_no_fault_of_the_picture() -> None:
    blank = np.full((800, 1200, 3), 240, np.float32) + np.random.default_rng(2).normal(0, 3, (800, 1200, 3))

    assert faults(page_of(blank), LIMITS) == ()
    assert faults(page_of(np.full((1, 1, 3), 240)), LIMITS) == ()
    assert faults(page_of(np.zeros((800, 1200, 3))), LIMITS) == (quality.DARK,)


def test_limits_told_for_sheets_hold_in_proportion_where_the_scale_is_not_known() -> None:
    told = {"darkest_paper": 64.0, "blur_mm": 0.32, "least_per_mm": 4.0, "glare": 0.004, "rim": 1.0}
    assert QualityLimits.of_sheets(**told) == QualityLimits()
    strict = QualityLimits.of_sheets(**told | {"blur_mm": 0.16, "least_per_mm": 40.0})
    assert (strict.blur_of_height, strict.least_height) == (0.04, 100.0)
    assert faults(page_of(form()), strict) == (quality.SMALL,)


def test_limits_decide() -> None:
    soft = page_of(blurred(form(), 2.2))

    assert faults(soft, QualityLimits(blur_of_height=0.2)) == ()
    assert faults(soft, QualityLimits(blur_of_height=0.03)) == (quality.BLURRED,)


def test_every_sentence_says_what_to_do() -> None:
    for sentence in (quality.DARK, quality.BLURRED, quality.SMALL, quality.GLARE, quality.CUT_OFF):
        assert sentence.endswith(".")
        assert any(word in sentence for word in ("again", "nearer"))


@pytest.mark.parametrize("name", ["static/img/sample-scan.png", "docs/img/document.png", "docs/img/reader/amount.png"])
def test_the_pictures_of_our_own_pages_are_good_enough(name: str) -> None:
    assert faults(page_of(cv2.imread(str(ROOT / name), cv2.IMREAD_COLOR)[:, :, ::-1]), LIMITS) == ()


def real_cheques() -> list[NDArray[np.uint8]]:
    folder = datasets.data_folder()
    folders = [folder / name for name in ("cheques-us", "cheques-india")] if folder else []
    files = sorted(file for place in folders if place.is_dir() for file in place.iterdir() if file.suffix != ".tsv")
    return [np.asarray(cv2.imread(str(file), cv2.IMREAD_COLOR)[:, :, ::-1], np.uint8) for file in files]


@pytest.mark.data
def test_real_cheques_pass_and_the_same_badly_taken_do_not() -> None:
    cheques = real_cheques()
    if not cheques:
        pytest.skip("COUNTERSIGN_DATA holds no cheques")

    assert [faults(page_of(cheque), LIMITS) for cheque in cheques] == [()] * len(cheques)
    for cheque in cheques[::4]:
        # As wide as from 200 dots an inch, so that a blur means the same for each.
        usual = cv2.resize(cheque, (1300, 600), interpolation=cv2.INTER_AREA).astype(np.float32)
        assert quality.BLURRED in faults(page_of(blurred(usual, 5)), LIMITS)
        assert faults(page_of(usual * 0.15), LIMITS) == (quality.DARK,)
        assert quality.SMALL in faults(page_of(cv2.resize(usual, (260, 120), interpolation=cv2.INTER_AREA)), LIMITS)

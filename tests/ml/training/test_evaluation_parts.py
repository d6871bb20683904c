"""What `make evaluate` composes and damages, and that each part of it counts right."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.evaluation.measures.classics import classics_table
from ml.evaluation.measures.copies import copies_table, drawn_pairs
from ml.evaluation.measures.damage import DAMAGES, LEVELS, NumberCounts, count_numbers, damage_part
from ml.evaluation.measures.non_digits import lookalikes, marks_and_digits
from ml.evaluation.measures.pairs import BANDS, compose_pairs
from ml.reading.reader import Reader
from ml.training.datasets import Digits, LabelledNumber, load_other_hands
from ml.training.fields.amounts import compose_amount
from ml.training.fields.digits import Writers
from ml.training.runs.contact_sheet import contact_sheet
from ml.training.synthesis.strings import compose_strings, png

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


def test_pairs_overlap_as_much_as_their_band_says(digits: Digits) -> None:
    pairs = list(compose_pairs(digits, 30, 3))
    assert [band for band, _, _ in pairs] == [index % len(BANDS) for index in range(30)]
    assert all(len(written) == 2 and image.dtype == np.uint8 for _, image, written in pairs)
    widths = [[], [], []]
    for band, image, _ in pairs:
        columns = np.flatnonzero((image < 150).any(axis=0))
        widths[band].append(columns[-1] - columns[0])
    assert np.mean(widths[2]) < np.mean(widths[0])
    again = list(compose_pairs(digits, 30, 3))
    assert all(np.array_equal(one[1], other[1]) for one, other in zip(pairs, again, strict=True))


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_grows_from_mild_to_severe(name: str, digits: Digits) -> None:
    image = next(iter(compose_strings(digits, 1, 2))).image
    for level in range(len(LEVELS)):
        spoilt = DAMAGES[name](image, level, np.random.default_rng(1))
        assert spoilt.dtype == np.uint8
        assert spoilt.shape[:2] != image.shape or not np.array_equal(spoilt, image)
        assert spoilt.max() > spoilt.min()


def test_what_is_right_and_what_passes_wrong_is_counted(digits: Digits, reader: Reader) -> None:
    numbers = [(one.image, one.digits) for one in compose_strings(digits, 6, 4)]
    counts = count_numbers(numbers, reader.at(0.05))
    swapped = count_numbers([(image, "0" * 9) for image, _ in numbers], reader.at(0.05))
    assert counts.count == swapped.count == 6
    assert counts.right >= 4
    assert swapped.right == 0
    assert swapped.wrong == swapped.passed == counts.passed
    assert NumberCounts(4, 2, 1, 1).cell == "50% right; 25% pass, 1 wrong"


def test_the_robustness_table_has_a_row_a_damage_and_a_picture(
    digits: Digits, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.evaluation.measures.damage.NUMBERS", 1)
    monkeypatch.setattr("ml.evaluation.measures.damage.DAMAGES", {name: DAMAGES[name] for name in ("pencil", "JPEG")})
    table, pictures = damage_part(digits, reader, tmp_path)
    assert [row[0] for row in table.rows] == ["pencil", "JPEG"]
    assert (tmp_path / pictures[0][0]).stat().st_size > 1000


def test_marks_are_cut_from_beside_the_digits(digits: Digits, reader: Reader) -> None:
    rng = np.random.default_rng(3)
    written = []
    for _ in range(12):
        amount = compose_amount(Writers(digits), rng)
        boxes = tuple((int(x), int(y), int(r - x), int(b - y)) for x, y, r, b in amount.boxes)
        written.append(LabelledNumber("", png(amount.image), amount.digits, boxes=boxes))
    marks, own = marks_and_digits(written, reader)
    assert len(own) >= 12
    assert len(marks) >= 3
    assert marks.shape[1:] == own.shape[1:] == (28, 28)


def test_letters_that_look_like_a_digit_are_drawn() -> None:
    drawn = lookalikes(12, np.random.default_rng(1))
    assert drawn.shape == (12, 28, 28)
    assert (drawn.sum(axis=(1, 2)) > 10).all()


def test_classics_are_trained_and_counted(digits: Digits) -> None:
    table = classics_table(digits, digits, [("ours",) * 7])
    assert [row[0] for row in table.rows] == [
        "ours",
        "SVM (RBF)",
        "k-nearest neighbours (k = 3)",
        "Gaussian naive Bayes",
        "decision tree",
        "random forest (100 trees)",
    ]
    assert table.rows[4][2] == "0.00%"  # a tree knows what it was grown on


def test_other_hands_are_loaded_where_they_are(tmp_path: Path) -> None:
    assert load_other_hands(None) == load_other_hands(tmp_path) == {}
    (tmp_path / "ardis").mkdir()
    np.savez(tmp_path / "ardis" / "ardis-dev.npz", images=np.full((2, 28, 28), 200, np.uint8), labels=np.array([3, 4]))
    (tmp_path / "pens" / "7").mkdir(parents=True)
    (tmp_path / "pens" / "7" / "a.jpg").write_bytes(b"x")
    found = load_other_hands(tmp_path)
    assert {name: [one.digits for one in own] for name, own in found.items()} == {"ardis": ["3", "4"], "pens": ["7"]}
    grey = cv2.imdecode(np.frombuffer(found["ardis"][0].data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert (grey == 55).all()


def test_the_contact_sheet_shows_every_amount(digits: Digits) -> None:
    rng = np.random.default_rng(2)
    sheet = contact_sheet([compose_amount(Writers(digits), rng) for _ in range(7)])
    assert sheet.shape == (2 * 64, 5 * 240)
    assert (sheet[64:, 2 * 240 :] == 255).all()


def test_pairs_of_copies_and_hands_are_drawn_and_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [pair.kind for pair in drawn_pairs(6, 2)]
    assert kinds == ["the same ink", "one hand twice", "two hands"] * 2
    monkeypatch.setattr("ml.evaluation.measures.copies.PAIRS", 12)
    table = copies_table(None)
    shares = {row[0]: float(row[2].rstrip("%")) for row in table.rows}
    assert set(shares) == set(kinds)
    assert shares["the same ink"] > shares["two hands"]

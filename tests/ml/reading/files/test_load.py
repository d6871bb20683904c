import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ml.reading.elements import Page
from ml.reading.errors import RefusedFile
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from ml.reading.sheets.quality import DARK, QualityLimits, faults

LIMITS = Limits()
Draw = Callable[..., NDArray[np.uint8]]


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def only_page(data: bytes) -> Page:
    (page,) = load_pages(data, LIMITS)
    return page


def test_every_format_gives_the_same_picture(honest_files: dict[str, bytes]) -> None:
    expected = only_page(honest_files[".png"]).pixels
    for extension, data in honest_files.items():
        page = next(load_pages(data, LIMITS))
        assert page.pixels.dtype == np.uint8
        if extension != ".pdf":  # rendered at another size
            assert page.pixels.shape == expected.shape, extension
            assert np.abs(page.pixels.astype(int) - expected).mean() < 4, extension


def test_all_pages_of_a_tiff_come_in_order(honest_files: dict[str, bytes]) -> None:
    assert [page.number for page in load_pages(honest_files[".tif"], LIMITS)] == [1, 2, 3]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), "white")
    upright.paste("black", (0, 0, 10, 5))
    turned = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how Pillow numbers the way back
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(turned[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = only_page(saved(stored, "PNG", exif=exif))
    assert page.pixels.shape == (20, 40, 3)
    assert page.pixels[2, 5, 0] == 0
    assert page.pixels[15, 30, 0] == 255


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    grey = Image.linear_gradient("L")
    image = Image.merge("LAB", (grey, Image.new("L", grey.size, 128), Image.new("L", grey.size, 128)))
    data = saved(image if mode == "LAB" else grey.convert("RGB").convert(mode), "TIFF")
    pixels = only_page(data).pixels
    assert pixels.shape == (256, 256, 3)
    assert pixels[:20].mean() < 60
    assert pixels[-20:].mean() > 195


def test_sixteen_bits_are_scaled_to_eight() -> None:
    values = np.linspace(0, 65535, 256).astype(np.uint16)
    pixels = only_page(saved(Image.fromarray(np.tile(values, (4, 1))), "PNG")).pixels
    assert pixels[0, 0, 0] == 0
    assert pixels[0, -1, 0] == 255
    assert abs(int(pixels[0, 128, 0]) - 128) <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparency_is_paper(mode: str) -> None:
    image = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 20, 20))
    pixels = only_page(saved(image.quantize(4) if mode == "PA" else image.convert(mode), "PNG")).pixels
    assert (pixels[2, 2] == 255).all()
    assert (pixels[15, 15] == 0).all()


def test_only_the_first_picture_of_an_animation_counts(digit_image: Draw) -> None:
    first, second = Image.fromarray(digit_image("1")), Image.fromarray(digit_image("2"))
    second = second.resize(first.size)
    for kind in ("GIF", "WEBP"):
        assert len(list(load_pages(saved(first, kind, save_all=True, append_images=[second]), LIMITS))) == 1


def test_dots_an_inch_are_read_where_the_file_tells(digit_image: Draw, as_file: Callable[..., bytes]) -> None:
    page = only_page(as_file(digit_image("7"), "JPEG", dpi=(300, 300)))
    assert page.dpi == pytest.approx(300, abs=1)
    assert only_page(as_file(digit_image("7"), "PNG")).dpi is None
    assert only_page(as_file(digit_image("7"), "PDF")).dpi == 200


def test_hostile_files_give_pages_or_a_plain_refusal(hostile_files: list[tuple[str, bytes]]) -> None:
    refused = 0
    for name, data in hostile_files:
        try:
            for page in load_pages(data, LIMITS):
                assert page.pixels.size > 0, name
        except RefusedFile as refusal:
            refused += 1
            sentence = str(refusal)
            assert sentence[0].isupper(), name
            assert sentence.endswith("."), name
            assert len(sentence) < 260, name
    assert refused > 100


def ellipse(width: int, height: int) -> Image.Image:
    """A black ellipse that fills white paper."""
    image = Image.new("L", (width, height), 255)
    ImageDraw.Draw(image).ellipse((2, 2, width - 3, height - 3), fill=0)
    return image


@pytest.mark.parametrize(
    ("kind", "options", "upright_dpi"),
    [
        ("TIFF", {"dpi": (204, 98)}, 204),
        ("TIFF", {"dpi": (200, 100)}, 200),
        ("TIFF", {"dpi": (98, 204)}, 204),
        ("TIFF", {"dpi": (204, 98), "compression": "group4"}, 204),
        ("JPEG", {"dpi": (200, 100), "quality": 95}, 200),
        ("PNG", {"dpi": (204, 98)}, 204),
        ("BMP", {"dpi": (200, 100)}, 200),
    ],
    ids=str,
)
def test_a_fax_has_square_pixels(kind: str, options: dict[str, Any], upright_dpi: int) -> None:
    across, down = options["dpi"]
    stored = ellipse(4 * across, 4 * down)  # a circle of four inches
    page = only_page(saved(stored.convert("1") if "compression" in options else stored, kind, **options))
    height, width = page.pixels.shape[:2]
    assert (width, height) == pytest.approx((4 * upright_dpi,) * 2, abs=4)
    assert page.dpi == pytest.approx(upright_dpi, abs=1)
    dark = page.pixels[..., 0] < 128
    assert dark.mean() == pytest.approx(np.pi / 4, rel=0.03)


def test_a_shape_without_a_unit_is_respected() -> None:
    jfif = bytearray(saved(ellipse(200, 100), "JPEG"))
    assert jfif[6:11] == b"JFIF\0"
    jfif[13:18] = b"\0\0\2\0\1"  # no unit, two dots across for one down
    page = only_page(bytes(jfif))
    assert page.pixels.shape[:2] == (200, 200)
    assert page.dpi is None


@pytest.mark.parametrize("dpi", [(204, 196), (300, 72), (1, 200), (200, 0), (0, 0)])
def test_a_resolution_that_no_fax_has_does_not_stretch(dpi: tuple[int, int]) -> None:
    assert only_page(saved(ellipse(200, 100), "TIFF", dpi=dpi)).pixels.shape[:2] == (100, 200)


def test_a_stretched_picture_is_turned_after_it_is_stretched() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its left side
    page = only_page(saved(ellipse(400, 100), "PNG", exif=exif, dpi=(200, 100)))
    assert page.pixels.shape[:2] == (400, 200)


def on_clear(colour: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGBA", (60, 40), (*colour, 0))
    image.paste((*colour, 255), (20, 10, 40, 30))
    return image


@pytest.mark.parametrize(("kind", "mode"), [
    ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("TIFF", "RGBA"), ("WEBP", "RGBA"),
])  # fmt: skip
@pytest.mark.parametrize("colour", [(255, 255, 255), (240, 244, 236), (0, 0, 0), (30, 40, 160), (200, 30, 30)], ids=str)
def test_ink_on_a_clear_ground_can_be_seen(kind: str, mode: str, colour: tuple[int, int, int]) -> None:
    image = on_clear(colour)
    image = image.quantize(8) if mode == "P" else image.convert(mode)
    grey = only_page(saved(image, kind)).pixels.mean(axis=2)
    assert abs(grey[20, 30] - grey[5, 5]) > 100
    assert (grey[5, 5] == 255) == (min(colour) < 200), "what is seen on white stays on white"


def test_a_page_of_light_ink_on_a_clear_ground_is_not_taken_for_one_in_the_dark(digit_image: Draw) -> None:
    darkness = 255 - digit_image("4071")[..., 0]
    light = Image.fromarray(np.dstack([np.full_like(darkness, 255)] * 3 + [darkness]))
    assert DARK not in faults(only_page(saved(light, "PNG")), QualityLimits())


def test_a_white_sheet_with_clear_surroundings_stays_on_white() -> None:
    image = on_clear((255, 255, 255))
    image.putpixel((25, 15), (0, 0, 0, 255))
    pixels = only_page(saved(image, "PNG")).pixels
    assert pixels[5, 5].min() == 255
    assert pixels[15, 25].max() == 0


def deep(values: NDArray[np.float64]) -> bytes:
    return saved(Image.fromarray(values.astype(np.uint16)), "PNG")


def scan_of(paper: float, ink: float) -> NDArray[np.float64]:
    """A sheet with a black bar, and grain as a scanner's."""
    values = np.full((80, 120), paper)
    values[30:50, 20:100] = ink
    grain = np.random.default_rng(3).normal(0, paper / 100, values.shape)
    return np.asarray(np.clip(values + grain, 0, None))


@pytest.mark.parametrize("most", [1023, 4095])
def test_a_scan_of_10_or_12_bits_in_16_is_as_light_as_its_paper(most: int) -> None:
    pixels = only_page(deep(np.minimum(scan_of(0.9 * most, 0.1 * most), most))).pixels
    assert pixels[10:20].mean() == pytest.approx(0.9 * 255, abs=4)
    assert pixels[35:45, 30:90].mean() == pytest.approx(0.1 * 255, abs=4)


@pytest.mark.parametrize("paper", [1500, 2500, 6000, 14_000])
def test_a_dark_scan_of_16_bits_stays_dark(paper: int) -> None:
    assert only_page(deep(scan_of(paper, paper / 9))).pixels.max() < 60


def test_a_dark_scan_that_was_widened_from_8_bits_stays_dark() -> None:
    for widened in (256, 257):
        assert only_page(deep(np.round(scan_of(13, 2)) * widened)).pixels.max() < 20

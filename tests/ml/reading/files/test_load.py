import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ml.reading.elements import Limits, Page
from ml.reading.errors import RefusedFile
from ml.reading.files.load import load_pages

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

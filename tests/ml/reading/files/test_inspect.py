import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image

from ml.reading.errors import RefusedFile
from ml.reading.files.inspect import inspect
from ml.reading.files.limits import Limits

LIMITS = Limits()


def test_names_kind_and_pages_of_every_format(honest_files: dict[str, bytes]) -> None:
    for extension, data in honest_files.items():
        facts = inspect(data, LIMITS)
        assert facts.extension == extension
        assert facts.page_count == (3 if extension == ".tif" else 1)
        assert len(facts.page_sizes) == facts.page_count


def test_size_is_the_one_the_decoder_finds(honest_files: dict[str, bytes]) -> None:
    for extension in (".jpg", ".png", ".tif", ".bmp", ".webp", ".gif"):
        assert (
            inspect(honest_files[extension], LIMITS).page_sizes[0]
            == Image.open(io.BytesIO(honest_files[extension])).size
        )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("empty.png", "empty"),
        ("text.png", "a text file"),
        ("drawing.jpg", "an SVG drawing"),
        ("page.jpg", "a web page"),
        ("letter.png", "a Word document"),
        ("sheet.png", "an Excel workbook"),
        ("film.heic", "a film"),
        ("picture.avif", "an AVIF"),
        ("locked.pdf", "password"),
        ("square-of-30000.png", "30,000 × 30,000 pixels"),
        ("pages-500.tif", "more than 50 pages"),
        ("pages-500.pdf", "more than 50 pages"),
        ("too-many-bytes.jpg", "MB"),
        ("circle.tif", "damaged"),
    ],
)
def test_refusal_says_what_is_wrong(hostile_files: list[tuple[str, bytes]], name: str, sentence: str) -> None:
    with pytest.raises(RefusedFile) as refusal:
        inspect(dict(hostile_files)[name], LIMITS)
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_oversized_files_are_refused_without_a_decoder(
    oversized_files: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoder_called(*_: object) -> None:
        raise AssertionError("a decoder was called")

    monkeypatch.setattr(Image.Image, "load", decoder_called)
    monkeypatch.setattr(Image, "open", decoder_called)
    for name, data in oversized_files:
        with pytest.raises(RefusedFile) as refusal:
            inspect(data, LIMITS)
        assert refusal.value.code in ("pixels", "pages", "bytes"), name


# A process of its own, for a peak once reached hides every smaller one.
_MEASURE = """
import resource, sys, time
from pathlib import Path
from ml.reading.files.limits import Limits
from ml.reading.errors import RefusedFile
from ml.reading.files.inspect import inspect
data = Path(sys.argv[1]).read_bytes()
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
try:
    inspect(data, Limits())
except RefusedFile:
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(grown, time.perf_counter() - start)
"""


def test_refusing_an_oversized_file_costs_little(oversized_files: list[tuple[str, bytes]], tmp_path: Path) -> None:
    for name, data in oversized_files:
        path = tmp_path / name
        path.write_bytes(data)
        measured = subprocess.run([sys.executable, "-c", _MEASURE, path], capture_output=True, text=True, check=True)
        grown_megabytes, seconds = map(float, measured.stdout.split())
        assert grown_megabytes < 50, name
        assert seconds < 1, name  # `make bench` prints the time of a quiet machine: under 200 ms


def test_limits_are_settings(digit_image: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes]) -> None:
    data = as_file(digit_image("1"), "PNG")
    width, height = inspect(data, LIMITS).page_sizes[0]
    assert inspect(data, Limits(pixels=width * height)).page_count == 1
    with pytest.raises(RefusedFile, match="pixels"):
        inspect(data, Limits(pixels=width * height - 1))
    with pytest.raises(RefusedFile, match="MB"):
        inspect(data, Limits(bytes=len(data) - 1))


def test_a_large_sheet_in_a_pdf_is_rendered_coarser_before_it_is_refused() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(3000, 4000)  # a photograph of 3,000 × 4,000 pixels, put into a PDF without its resolution
    buffer = io.BytesIO()
    document.save(buffer)
    width, height = inspect(buffer.getvalue(), LIMITS).page_sizes[0]
    assert 70_000_000 < width * height <= LIMITS.pixels


def test_importing_it_loads_neither_opencv_nor_a_network() -> None:
    check = (
        "import sys, ml.reading.files.inspect;"
        "sys.exit(bool({'cv2', 'ai_edge_litert', 'PIL', 'pypdfium2', 'pillow_heif', 'django'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_what_a_phone_appends_to_a_jpeg_is_no_scan(honest_files: dict[str, bytes]) -> None:
    film = np.random.default_rng(0).bytes(12_000_000)
    assert film.count(b"\xff\xda") > 100
    assert inspect(honest_files[".jpg"] + film, LIMITS).media_type == "image/jpeg"


def test_scans_are_counted_past_an_end_that_only_a_comment_holds(honest_files: dict[str, bytes]) -> None:
    whole = honest_files[".jpg"]
    scan = whole.index(b"\xff\xda")
    comment = b"\xff\xfe\x00\x04\xff\xd9"
    many = whole[:scan] + comment + 101 * whole[scan:-2] + b"\xff\xd9"
    with pytest.raises(RefusedFile, match="damaged"):
        inspect(many, LIMITS)

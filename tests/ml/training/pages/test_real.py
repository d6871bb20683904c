"""Real pages to build on: half of each set by the files' names, and nothing of what is to report on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ml.training.pages.real import pages_to_build_on


def even(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest()[0], 16) % 2 == 0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A set of eight files, and one of two, which is to report on as a whole."""
    for source, count in (("marks", 8), ("few", 2)):
        folder = tmp_path / "pages" / source
        folder.mkdir(parents=True)
        lines = ["file\tfield\tvalue\tnote"]
        for at in range(count):
            (folder / f"{at}.png").write_bytes(f"{source} {at}".encode())
            lines += [f"{at}.png\t1\t{at}.5\t", f"{at}.png\t2\t77?\t", f"{at}.png\t3\t9\tstruck out"]
        (folder / "truth.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


def test_only_files_to_build_on_are_opened(data: Path) -> None:
    pages = list(pages_to_build_on(data))
    assert {page.source for page in pages} == {"marks"}
    assert [page.name for page in pages] == [f"{at}.png" for at in range(8) if even(f"{at}.png")]
    assert 0 < len(pages) < 8


def test_a_page_has_its_values_without_what_is_struck_out(data: Path) -> None:
    page = next(pages_to_build_on(data))
    assert page.values == (f"{page.name[0]}.5", "77")
    assert page.data == f"marks {page.name[0]}".encode()


def test_without_data_there_are_none() -> None:
    assert list(pages_to_build_on(None)) == []

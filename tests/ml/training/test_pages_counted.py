"""The report's part on pages: a row a kind, a set and a reader, and pictures of what passed wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from ml.evaluation.evaluate import PARTS
from ml.evaluation.measures import pages
from ml.evaluation.measures.pages import drawn_pages, pages_part, pages_report_part
from ml.evaluation.pages.counting import Found
from ml.evaluation.pages.readers import PeerReaders
from ml.evaluation.pages.tally import as_file
from ml.reading.reader import Reader
from ml.training.datasets import Digits
from ml.training.fields.digits import Writers
from ml.training.pages.kinds import KINDS
from ml.training.real_pages import may_be_built_on

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped(with_second=False)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, count in (("PAGES_EACH", 1), ("PATCHES", 4), ("REAL_PATCHES", 2)):
        monkeypatch.setattr(pages, name, count)
    monkeypatch.setattr(pages, "rapidocr", lambda: None)


def data_with(folder: Path, digits: Digits) -> Path:
    own = folder / "pages" / "sheets"
    own.mkdir(parents=True)
    drawn = list(drawn_pages("plain numbers", Writers(digits), 12))
    rows = ["file\tvalue"]
    for index, page in enumerate(drawn):
        (own / f"{index}.png").write_bytes(as_file(page.pixels))
        rows += [f"{index}.png\t{number.value}" for number in page.numbers]
    (own / "truth.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def test_each_kind_and_set_has_a_row(digits: Digits, reader: Reader, tmp_path: Path) -> None:
    folder = data_with(tmp_path / "data", digits)
    (tmp_path / "out").mkdir()
    tables, pictures = pages_part(folder, digits, reader, tmp_path / "out")
    titles = [table.title for table in tables]
    assert titles == ["Drawn pages", "Patches without writing", "Real pages, to build on"]
    assert [row[0] for row in tables[0].rows] == [*KINDS, "all together"]
    assert sum(int(row[2]) for row in tables[1].rows if row[1] == "ours") == 4
    assert [row[:2] for row in tables[2].rows] == [("sheets", "ours"), ("all together", "ours")]
    assert int(tables[2].rows[0][2]) == sum(may_be_built_on(f"{index}.png") for index in range(12))
    assert all((tmp_path / "out" / picture.file).stat().st_size > 0 for picture in pictures)


def test_a_peer_reads_the_same_pages_and_cells_its_own_way(
    digits: Digits, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = data_with(tmp_path / "data", digits)
    shutil.copytree(folder / "pages" / "sheets", folder / "pages" / "meza_cells")
    on_pages, on_cells = [Found("page", 1.0, True, None)], [Found("1", 1.0, True, None), Found("2", 1.0, True, None)]
    peers = PeerReaders(lambda data: on_pages, lambda data: on_cells)
    monkeypatch.setattr(pages, "rapidocr", lambda: peers)
    (table,), _ = pages_report_part(folder, reader, tmp_path)
    counted = {row[0]: row for row in table.rows if row[1] == "RapidOCR"}
    assert set(counted) == {"meza_cells", "sheets", "all together"}
    number = int(counted["sheets"][2])
    assert counted["sheets"][6].startswith(f"{number} (")  # on each page one text passes, and none is a number of it
    assert not counted["meza_cells"][6].startswith(f"{number} (")


def test_the_report_reads_the_other_half(digits: Digits, reader: Reader, tmp_path: Path) -> None:
    folder = data_with(tmp_path / "data", digits)
    (table,), _ = pages_report_part(folder, reader, tmp_path)
    assert int(table.rows[0][2]) == sum(not may_be_built_on(f"{index}.png") for index in range(12))


def test_without_data_the_table_says_so(digits: Digits, reader: Reader, tmp_path: Path) -> None:
    (table,), _ = pages_report_part(None, reader, tmp_path)
    assert table.rows == ()
    assert table.note.startswith("Left out")


def test_pages_that_are_measured_on_are_always_the_same(digits: Digits) -> None:
    writers = Writers(digits)
    one, other = (list(drawn_pages("tables", writers, 2)) for _ in range(2))
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(one, other, strict=True))
    assert not np.array_equal(one[0].pixels, one[1].pixels)


def test_pages_to_report_on_are_read_only_if_named() -> None:
    assert {part.name: part.only_if_named for part in PARTS if part.name.startswith("pages")} == {
        "pages": False,
        "pages-report": True,
    }

"""Which real pages may be built on: by their names alone, and never one that is kept to report on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ml.training.real_pages import may_be_built_on, sets_to_build_on, sets_to_report_on


def lay_out(folder: Path, name: str, files: list[str], rows: list[str]) -> None:
    own = folder / "pages" / name
    own.mkdir(parents=True)
    for file in files:
        (own / file).write_bytes(b"x")
    (own / "truth.tsv").write_text("\n".join(["file\tfield\tvalue\tnote", *rows]) + "\n", "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = [f"{number}.jpg" for number in range(20)]
    rows = [f"{name}\t1\t{number}.5\t" for number, name in enumerate(names)]
    lay_out(tmp_path, "sheets", names, rows)
    lay_out(tmp_path, "meza_cells", names, rows)
    lay_out(tmp_path, "few", names[:5], rows[:5])
    return tmp_path


def test_every_page_is_in_one_half_alone(folder: Path) -> None:
    build = {pages.name: {page.file.name for page in pages.pages} for pages in sets_to_build_on(folder)}
    report = {pages.name: {page.file.name for page in pages.pages} for pages in sets_to_report_on(folder)}
    for name in ("sheets", "meza_cells"):
        assert not build[name] & report[name]
        assert len(build[name] | report[name]) == 20
        assert all(hashlib.sha256(file.encode()).hexdigest()[0] in "02468ace" for file in build[name])
        assert not any(may_be_built_on(file) for file in report[name])


def test_a_set_of_fewer_than_six_is_kept_whole(folder: Path) -> None:
    assert "few" not in {pages.name for pages in sets_to_build_on(folder)}
    (few,) = (pages for pages in sets_to_report_on(folder) if pages.name == "few")
    assert len(few.pages) == 5


def test_cells_are_one_number_and_sheets_are_not(folder: Path) -> None:
    assert {pages.name: pages.one_number for pages in sets_to_build_on(folder)} == {"meza_cells": True, "sheets": False}


def test_what_is_struck_out_or_empty_is_no_number(tmp_path: Path) -> None:
    files = [f"{number}.png" for number in range(6)]
    rows = [row for file in files for row in (f"{file}\t1\t41\t", f"{file}\t2\t7\tstruck out", f"{file}\t3\t\t")]
    lay_out(tmp_path, "sheets", files, rows)
    pages = [page for pages in (*sets_to_build_on(tmp_path), *sets_to_report_on(tmp_path)) for page in pages.pages]
    assert len(pages) == 6
    assert {page.values for page in pages} == {("41",)}


def test_a_page_without_a_row_has_no_number(tmp_path: Path) -> None:
    lay_out(tmp_path, "covers", ["a.jpg", "b.JPG"], ["a.jpg\t1\t8\t"])
    (covers,) = sets_to_report_on(tmp_path)
    assert {page.file.name: page.values for page in covers.pages} == {"a.jpg": ("8",), "b.JPG": ()}


def test_without_data_there_is_no_set() -> None:
    assert sets_to_build_on(None) == sets_to_report_on(None) == []

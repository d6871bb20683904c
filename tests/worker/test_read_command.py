import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from numpy.typing import NDArray

from ml.reading.forms.layout_json import layout_as_json, shipped_layouts
from ml.reading.sheets.quality import SMALL
from ml.training.sheets.filled import fill_in
from ml.training.synthesis.strings import png
from tests.fixtures_layouts import Teach
from tests.fixtures_tables import HEADINGS, form_of, table_field, table_of
from worker.management.commands.read import _percent

ROOT = Path(__file__).parents[2]
Draw = Callable[..., NDArray[np.uint8]]
Encode = Callable[..., bytes]


@pytest.fixture
def scan(tmp_path: Path, digit_image: Draw, as_file: Encode) -> Path:
    path = tmp_path / "amount.png"
    path.write_bytes(as_file(digit_image("4071")))
    return path


def test_json_has_one_line_a_page(
    scan: Path, honest_files: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    pages = scan.with_name("three.tif")
    pages.write_bytes(honest_files[".tif"])
    call_command("read", str(scan), str(pages), "--json")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["file"], line["page"]) for line in lines] == [
        (str(scan), 1),
        (str(pages), 1),
        (str(pages), 2),
        (str(pages), 3),
    ]
    (number,) = lines[0]["numbers"]
    assert set(number) == {
        "value", "text", "confidence", "accepted", "typed", "printed", "box", "digits", "readings", "writing",
    }  # fmt: skip
    assert number["value"] == "4071"
    assert len(number["box"]) == 4
    assert [digit["digit"] for digit in number["digits"]] == [4, 0, 7, 1]
    for digit in number["digits"]:
        assert set(digit) == {"digit", "confidence", "box", "alternatives"}
        assert set(digit["alternatives"][0]) == {"digit", "confidence"}


def test_json_tells_a_table_with_its_rows_and_cells(
    tmp_path: Path, as_file: Encode, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.png"
    path.write_bytes(as_file(table_of([["48", "351"], ["", "21.8"]])))
    call_command("read", str(path), "--json")
    page = json.loads(capsys.readouterr().out)
    (table,) = page["tables"]
    assert [[cell["value"] for cell in row] for row in table["rows"]] == [["48", "351"], ["", "21.8"]]
    assert [number["value"] for number in page["numbers"]] == ["48", "351", "21.8"]
    assert len(table["box"]) == 4
    first, empty = table["rows"][0][0], table["rows"][1][0]
    assert set(first) == {
        "row", "column", "rows", "columns", "text", "value", "confidence", "accepted", "checks", "box",
    }  # fmt: skip
    assert (first["row"], first["column"], first["text"], len(first["box"])) == (0, 0, "48", 4)
    assert (empty["row"], empty["text"], empty["confidence"], empty["accepted"]) == (1, "", None, True)


def test_one_number_takes_the_whole_picture(
    tmp_path: Path, digit_image: Draw, as_file: Encode, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "apart.png"
    path.write_bytes(as_file(digit_image("40    71")))
    call_command("read", str(path), "--json")
    assert [number["value"] for number in json.loads(capsys.readouterr().out)["numbers"]] == ["40", "71"]
    call_command("read", str(path), "--json", "--one-number")
    assert [number["value"] for number in json.loads(capsys.readouterr().out)["numbers"]] == ["4071"]


def test_bad_files_are_told_on_standard_error_and_the_rest_is_read(
    scan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = scan.with_name("text.png")
    text.write_text("Total 351\n")
    with pytest.raises(SystemExit) as end:
        call_command("read", str(text), str(scan.with_name("missing.png")), str(scan))
    assert end.value.code == 1
    told = capsys.readouterr()
    assert "text.png: This is a text file" in told.err
    assert "missing.png: No such file" in told.err
    assert "4071" in told.out


def test_debug_directory_is_filled(scan: Path, tmp_path: Path) -> None:
    call_command("read", str(scan), "--debug-dir", str(tmp_path / "kept"))
    assert len(list((tmp_path / "kept").iterdir())) == 6


@pytest.mark.servers
def test_needs_no_database(scan: Path) -> None:
    environment = os.environ | {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "SECRET_KEY": "only-for-this-test",
    }
    told = subprocess.run(
        [sys.executable, "manage.py", "read", str(scan), "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["numbers"][0]["value"] == "4071"


def test_limits_are_those_of_the_settings(
    tmp_path: Path, honest_files: dict[str, bytes], settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAX_PAGES = 2
    pages = tmp_path / "three.tif"
    pages.write_bytes(honest_files[".tif"])
    with pytest.raises(SystemExit):
        call_command("read", str(pages))
    assert "more than 2 pages" in capsys.readouterr().err


def test_a_file_whose_name_is_no_text_is_read_too(scan: Path) -> None:
    odd = scan.parent / os.fsdecode(b"am\xffount.png")
    odd.write_bytes(scan.read_bytes())
    command = [sys.executable, "manage.py", "read", "--json", str(odd), str(scan)]
    strict = os.environ | {"PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, env=strict)
    assert done.returncode == 0, done.stderr
    assert [b"4071" in line for line in done.stdout.splitlines()] == [True, True]


def test_a_share_is_never_rounded_up() -> None:
    assert _percent(0.9998) == "99.9 %"
    assert _percent(1.0) == "100.0 %"


def test_one_digit_takes_the_one_in_the_middle(
    tmp_path: Path,
    digit_image: Callable[..., NDArray[np.uint8]],
    as_file: Callable[..., bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "box.png"
    path.write_bytes(as_file(digit_image("384")))
    call_command("read", str(path), "--json", "--one-digit")
    (number,) = json.loads(capsys.readouterr().out)["numbers"]
    assert number["value"] == number["text"] == "8"
    assert len(number["digits"]) == 1


def test_error_rate_decides_what_passes(scan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for rate, accepted in (("0.000001", False), ("0.05", True)):
        call_command("read", str(scan), "--json", "--error-rate", rate)
        (number,) = json.loads(capsys.readouterr().out)["numbers"]
        assert number["accepted"] is accepted
    with pytest.raises(CommandError, match="between 0 and 1"):
        call_command("read", str(scan), "--error-rate", "7")


@pytest.fixture
def cheque(tmp_path: Path) -> Path:
    """A US cheque of our own drawing."""
    layout = next(layout for layout in shipped_layouts() if layout.name == "cheque-us")
    path = tmp_path / "cheque.png"
    path.write_bytes(png(fill_in(layout, None, np.random.default_rng(5)).picture))
    return path


def test_a_cheque_is_known_and_its_fields_are_told_by_name(cheque: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("read", str(cheque), "--json")
    (page,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert page["layout"]["name"] == "cheque-us"
    assert page["layout"]["version"] == 3
    assert 0 < page["layout"]["fit"] <= 1
    fields = {field["name"]: field for field in page["fields"]}
    wanted = {"name", "kind", "value", "text", "confidence", "accepted", "checks", "box", "digits", "words"}
    assert all(wanted <= set(field) for field in page["fields"])
    kinds = {name: fields[name]["kind"] for name in ("amount", "date", "routing_number", "micr_line", "signature")}
    assert list(kinds.values()) == ["amount", "date", "digits", "micr", "show"]
    assert fields["amount"]["currency"] == "USD"
    assert page["numbers"] == []


def test_a_chosen_layout_that_does_not_fit_is_told(
    tmp_path: Path, as_file: Encode, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tall.png"
    path.write_bytes(as_file(np.full((600, 400, 3), 230, np.uint8)))
    call_command("read", str(path), "--json", "--layout", "cheque-india")
    page = json.loads(capsys.readouterr().out)
    assert page["fields"] == []
    assert page["faults"][0].startswith("This does not look like the layout that was chosen: Indian cheque")


def test_any_layout_finds_numbers_on_a_cheque_too(cheque: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("read", str(cheque), "--json", "--layout", "any")
    page = json.loads(capsys.readouterr().out)
    assert page["layout"] is None
    assert page["fields"] == []
    assert page["numbers"]


def test_an_unknown_layout_is_refused_with_those_there_are(scan: Path) -> None:
    with pytest.raises(CommandError, match=r"no layout is called 'cheque-mars'.*cheque-us"):
        call_command("read", str(scan), "--layout", "cheque-mars")


@pytest.mark.django_db
def test_a_layout_that_was_exported_reads_a_file(
    tmp_path: Path, teach: Teach, slip: Draw, as_file: Encode, capsys: pytest.CaptureFixture[str]
) -> None:
    newest = teach().newest
    assert newest is not None
    taught, scan = tmp_path / "slip.json", tmp_path / "slip.png"
    taught.write_text(json.dumps(layout_as_json(newest.taught)), "utf-8")
    scan.write_bytes(as_file(slip("806.20", "73528", seed=9, degrees=2.5, margin=60)))
    call_command("read", str(scan), "--json", "--layout", str(taught))
    page = json.loads(capsys.readouterr().out)
    assert (page["layout"]["name"], page["layout"]["version"]) == (newest.taught.name, 1)
    assert {field["name"]: field["value"] for field in page["fields"]} == {"amount": "806.20", "account": "73528"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "No such file"),
        (b"PK", "no JSON"),
        (b'{"name": "slip"}', "'fields' is missing"),
        (b'{"name": "slip", "fields": []}', "has no field"),
    ],
)
def test_a_file_that_is_no_layout_is_refused_with_the_reason(
    scan: Path, tmp_path: Path, data: bytes | None, why: str
) -> None:
    taught = tmp_path / "slip.json"
    if data is not None:
        taught.write_bytes(data)
    with pytest.raises(CommandError, match=rf"slip\.json: .*{why}"):
        call_command("read", str(scan), "--layout", str(taught))


def test_a_cheque_is_judged_as_if_it_were_presented_today(
    cheque: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its date is of the year 2000 to 2039: under a rule of no days at all every day but today is told."""
    told = {}
    for rule in (None, 0):
        settings.STALE_AFTER_DAYS = settings.POST_DATED_AFTER_DAYS = rule
        call_command("read", str(cheque), "--json")
        fields = json.loads(capsys.readouterr().out)["fields"]
        told[rule] = next(field for field in fields if field["name"] == "date")
    (objection,) = told[0].pop("checks")[len(told[None].pop("checks")) :]
    assert objection.startswith(("Stale: dated ", "Post-dated: dated "))
    assert told[0] == told[None]


def test_how_poor_a_picture_may_be_is_set(cheque: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    faults = []
    for pixels in (4, 40):
        settings.PICTURE_LEAST_PIXELS_PER_MM = pixels
        call_command("read", str(cheque), "--json")
        faults.append(json.loads(capsys.readouterr().out)["faults"])
    assert faults == [[], [SMALL]]


def test_fields_are_told_as_text_with_their_checks(cheque: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("read", str(cheque))
    told = capsys.readouterr().out
    assert "cheque-us (fits" in told
    assert "signature: for a person to look at" in told
    assert "routing_number: " in told


def test_a_table_that_the_layout_names_is_told_with_its_columns(
    tmp_path: Path, as_file: Callable[..., bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sheet.png").write_bytes(as_file(form_of([["", "10", "20", "30"], ["4071", "72", "85", "305"]])))
    (tmp_path / "layout.json").write_text(json.dumps({"name": "mark-sheet", "fields": [table_field(2)]}))
    given = [str(tmp_path / "sheet.png"), "--layout", str(tmp_path / "layout.json")]
    call_command("read", *given, "--json")
    page = json.loads(capsys.readouterr().out)
    (table,) = page["tables"]
    assert (table["field"], table["columns"], table["header_rows"]) == ("marks", list(HEADINGS), 1)
    assert [cell["value"] for cell in table["rows"][1]] == ["", "72", "85", "305"]
    assert [number["value"] for number in page["numbers"]] == ["72", "85", "305"]
    call_command("read", *given)
    assert "marks: a table  its numbers follow" in capsys.readouterr().out

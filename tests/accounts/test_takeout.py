"""Downloading all that is one's own."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO

import pytest

from accounts.keyring import Keyring
from ml.reading.forms.layout_json import layout_from_file
from portal.takeout import safe_name
from recognition.models import Decision, Document, FieldReading, Page
from recognition.sealed_storage import KEY_AWAY
from tests.fixtures_marks import page_with, table_read
from tests.fixtures_people import home_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep():
    """A document with one page, and on it one number, as a worker leaves it."""

    def keep(owner, name: str, data: bytes) -> FieldReading:
        document = Document.upload(
            branch_id=home_of(owner),
            uploaded_by=owner,
            name=name,
            data=data,
            media_type="image/png",
            page_count=1,
            sha256=hashlib.sha256(data).hexdigest(),
        )
        page = Page.objects.create(document=document, number=1, width=40, height=20, sha256="0" * 64)
        return FieldReading.objects.create(
            page=page,
            position=1,
            field="number",
            text="12?",
            value="12?",
            confidence=0.8,
            accepted=False,
            left=1,
            top=2,
            width=30,
            height=10,
            digits=[],
            model_sha256="1" * 64,
            settings="",
        )

    return keep


def archive_of(browser) -> zipfile.ZipFile:
    response = browser.get("/account/download/")
    assert response.status_code == 200
    assert response.streaming
    assert response["Content-Disposition"].startswith('attachment; filename="countersign-')
    assert response["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return archive


def test_originals_come_back_byte_for_byte_with_what_was_read_and_corrected(alice, sign_in, keep):
    data = bytes(range(256)) * 300
    reading = keep(alice, "scan.png", data)
    reading.correct("123", by=alice)
    archive = archive_of(sign_in(alice.email))
    folder = f"documents/{reading.page.document_id}"
    assert archive.read(f"{folder}/original-scan.png") == data
    facts = json.loads(archive.read(f"{folder}/document.json"))
    assert facts["sha256"] == hashlib.sha256(data).hexdigest()
    [number] = facts["pages"][0]["numbers"]
    assert (number["value"], number["current_value"]) == ("12?", "123")
    assert [(c["was"], c["value"]) for c in number["corrections"]] == [("12?", "123")]


def test_fields_of_a_layout_are_in_it_with_what_was_said_of_them(alice, sign_in, read_cheque):
    fields = read_cheque()
    fields["amount"].set_aside(Decision.Verdict.ABSENT, by=alice)
    folder = f"documents/{fields['amount'].page.document_id}"
    facts = json.loads(archive_of(sign_in(alice.email)).read(f"{folder}/document.json"))
    [page] = facts["pages"]
    assert (facts["layout"], page["layout"]["name"], page["numbers"]) == ("auto", "cheque-us", [])
    amount = page["fields"][0]
    assert (amount["name"], amount["kind"], amount["value"], amount["currency"]) == (
        "amount",
        "amount",
        "1234.50",
        "USD",
    )
    assert [(c["verdict"], c["was"], c["value"]) for c in amount["corrections"]] == [("absent", "1234.50", "")]


def test_account_facts_are_in_it_and_no_password(alice, sign_in):
    archive = archive_of(sign_in(alice.email))
    facts = json.loads(archive.read("account.json"))
    assert facts["email"] == alice.email
    assert facts["addresses"] == [{"email": alice.email, "verified": True, "primary": True}]
    assert len(facts["sessions"]) == 1
    assert alice.password not in archive.read("account.json").decode()


def test_deleted_documents_that_can_come_back_are_in_it(alice, sign_in, keep):
    reading = keep(alice, "gone.png", b"gone")
    reading.page.document.hide()
    assert f"documents/{reading.page.document_id}/original-gone.png" in archive_of(sign_in(alice.email)).namelist()


def test_nothing_of_anybody_else_is_in_it(alice, charlie, dana, sign_in, keep):
    keep(alice, "hers.png", b"hers")
    for other in (charlie, dana):
        assert archive_of(sign_in(other.email)).namelist() == ["account.json"]


def test_layouts_are_in_it_with_their_versions_draft_and_sample(alice, charlie, sign_in, teach):
    layout = teach()
    layout.keep_draft(layout.revision, "Slip of today", [{"name": "half a field"}])
    teach(title="Removed", sample=False).hide()
    archive = archive_of(sign_in(alice.email))
    folder = f"layouts/{layout.pk}"
    facts = json.loads(archive.read(f"{folder}/layout.json"))
    assert (facts["name"], facts["title"], facts["sample"]) == (layout.name, "Slip of today", "sample")
    assert facts["draft"]["fields"] == [{"name": "half a field"}]
    assert [version["file"] for version in facts["versions"]] == ["version-1.json"]
    assert layout_from_file(archive.read(f"{folder}/version-1.json")).fields == layout.newest.taught.fields
    with layout.original.open("rb") as sample:
        assert archive.read(f"{folder}/sample") == sample.read()
    assert sum(name.endswith("/layout.json") for name in archive.namelist()) == 2
    assert archive_of(sign_in(charlie.email)).namelist() == ["account.json"]


def test_two_files_of_one_name_are_both_there(alice, sign_in, keep):
    for data in (b"first", b"second"):
        keep(alice, "scan.png", data)
    archive = archive_of(sign_in(alice.email))
    originals = [archive.read(name) for name in archive.namelist() if name.endswith("original-scan.png")]
    assert originals == [b"first", b"second"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("scan.png", "original-scan.png"),
        ("../../etc/passwd", "original-passwd"),
        ("..\\..\\boot.ini", "original-boot.ini"),
        ("a\x00b\n.png", "original-ab.png"),
        ("Überweisung 1.pdf", "original-Überweisung 1.pdf"),
        ("document.json", "original-document.json"),
        ("..", "original"),
        ("", "original"),
    ],
)
def test_a_name_never_leads_out_of_its_folder(name, expected):
    assert safe_name(name) == expected


def test_a_cell_is_taken_out_with_its_place_in_its_table(alice, sign_in, read_pages):
    document = read_pages(page_with(table_read()))
    facts = json.loads(archive_of(sign_in(alice)).read(f"documents/{document.pk}/document.json"))
    [page] = facts["pages"]
    named = {"field": None, "columns": [], "header_rows": 0}
    assert page["tables"] == [{"table": 1, "rows": 4, "columns": 3, "named": named, "box": [20, 60, 300, 160]}]
    outside, *cells = page["numbers"]
    assert "table" not in outside
    assert len(cells) == 12
    [found] = [cell for cell in cells if cell["value"] == "064"]
    place = {"table": 1, "row": 2, "column": 1, "rows": 1, "columns": 1, "cell": [120, 140, 100, 40]}
    assert {name: found[name] for name in place} == place


def test_a_file_whose_key_is_away_is_told_and_the_rest_is_there(alice, sign_in, keep, settings):
    settings.ENCRYPTION_KEYS = Keyring({"2026": bytes(32)})
    keep(alice, "sealed.png", b"first")
    settings.ENCRYPTION_KEYS = Keyring({})
    keep(alice, "open.png", b"second")
    archive = archive_of(sign_in(alice.email))
    held = {name.rsplit("/")[-1]: archive.read(name) for name in archive.namelist()}
    assert held["original-open.png"] == b"second"
    assert held["original-sealed.png.txt"].decode() == KEY_AWAY
    assert "original-sealed.png" not in held

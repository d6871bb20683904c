"""Blank forms as PDFs."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Layout

PRINTABLE = [layout for layout in shipped_layouts() if layout.printable]


def url(name: str) -> str:
    return reverse("layout-blank", args=[name])


@pytest.mark.parametrize("layout", PRINTABLE, ids=lambda layout: layout.name)
def test_a_printable_layout_is_a_pdf_of_one_page_in_its_own_size(layout: Layout, owner: Client) -> None:
    answer = owner.get(url(layout.name))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{layout.name}.pdf"'
    document = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    assert len(document) == 1
    assert layout.size is not None
    assert [side / 72 * 25.4 for side in document[0].get_size()] == pytest.approx(layout.size, abs=0.2)


@pytest.mark.parametrize("name", ["cheque-us", "any", "auto", "no-such-layout"])
def test_what_cannot_be_printed_is_not_there(name: str, owner: Client) -> None:
    assert owner.get(url(name)).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(client: Client) -> None:
    answer = client.get(url("form-boxes"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_a_blank_form_is_only_fetched(owner: Client) -> None:
    assert owner.post(url("form-boxes")).status_code == 405


def test_upload_offers_every_form_that_can_be_printed(owner: Client) -> None:
    text = owner.get(reverse("upload")).content.decode()
    for layout in PRINTABLE:
        assert f'href="{url(layout.name)}"' in text
        assert layout.title in text

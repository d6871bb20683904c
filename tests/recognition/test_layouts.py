"""What a document may be said to be."""

from __future__ import annotations

import pytest

from ml.reading.forms.layout_json import shipped_layouts
from recognition.layouts import AUTO, WITHOUT_FIELDS, forms, title_of

pytestmark = pytest.mark.django_db


def test_every_shipped_layout_has_a_title_of_its_own() -> None:
    assert list(forms()) == [layout.name for layout in shipped_layouts()]
    titles = [*forms().values(), *WITHOUT_FIELDS.values()]
    assert len(set(titles)) == len(titles)
    assert not set(forms()) & set(WITHOUT_FIELDS)


def test_a_layout_is_called_by_its_title_and_one_that_is_gone_by_its_name() -> None:
    assert title_of(AUTO) == "Find out what it is"
    assert title_of("cheque-us") == "US personal cheque"
    assert title_of("of-last-year") == "of-last-year"

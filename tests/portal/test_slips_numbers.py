"""A number is kept as it was typed, or asked about: no mark that may count is lost on its way."""

from __future__ import annotations

import pytest
from django.test import Client

from recognition.models import Decision
from tests.fixtures_fields import field_of
from tests.fixtures_html import HTMX, plain
from tests.portal.test_slips import Cheque, TypeIn, address, again, value_in


@pytest.mark.parametrize("typed", ["12.50", "-5", "1,5"])
def test_a_number_whose_mark_may_count_is_refused_in_words(
    typed: str, owner: Client, read_cheque: Cheque, type_in: TypeIn
) -> None:
    field = read_cheque(numbers=(field_of("number", "digits", "351", row=9),))["number"]
    answer = type_in(owner, field, typed)
    assert answer.status_code == 422
    assert f"This holds digits alone, and “{typed}” may be another number than" in plain(answer.content.decode())
    assert value_in(answer.content.decode()) == typed
    assert not Decision.objects.exists()


def test_a_number_with_dashes_is_kept_once_it_was_seen_without(
    owner: Client, read_cheque: Cheque, type_in: TypeIn
) -> None:
    field = read_cheque(numbers=(field_of("number", "digits", "351", row=9),))["number"]
    answer = owner.post(address("reading-correct", field), {"value": "12-34-56"}, headers=HTMX)
    assert answer.status_code == 422
    assert "This is 123456. Press Enter once more to keep it." in plain(answer.content.decode())
    assert 'aria-invalid="true"' not in answer.content.decode()
    assert type_in(owner, field, "12-34-56").status_code == 200
    assert again(field).current_value == "123456"

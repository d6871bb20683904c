"""A decision is made on what stood there when the person looked: nobody's is lost, and none is made unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import ProtectedError

from accounts.models import User
from ml.reading.elements import PageReading
from ml.reading.fields import verdict
from ml.reading.fields.checks import repeats, totals
from ml.reading.recognisers.combine import difference_in
from recognition.models import ChangedMeanwhile, Decision, Document, FieldReading, InvalidState, Outcome
from tests.fixtures_fields import field_of

Cheque = Callable[..., dict[str, FieldReading]]


@pytest.fixture
def amount(read_cheque: Cheque) -> FieldReading:
    return read_cheque()["amount"]


def again(reading: FieldReading) -> FieldReading:
    return FieldReading.objects.get(pk=reading.pk)


def test_a_reading_is_kept_as_it_was_seen(amount: FieldReading, alice: User) -> None:
    assert amount.version == 0
    with amount.as_seen(0):
        first = amount.correct("1.00", by=alice)
    assert again(amount).version == first.pk
    with pytest.raises(ChangedMeanwhile), amount.as_seen(0):
        amount.correct("2.00", by=alice)
    assert again(amount).current_value == "1.00"


def test_a_decision_that_was_undone_is_no_version_any_more(amount: FieldReading, alice: User) -> None:
    first = amount.correct("1.00", by=alice)
    again(amount).undo_correction(by=alice)
    with pytest.raises(ChangedMeanwhile), amount.as_seen(first.pk):
        pass


@pytest.mark.parametrize("layout", ["any", "one-number"])
def test_nothing_is_decided_on_what_is_being_read_again(layout: str, amount: FieldReading, alice: User) -> None:
    amount.page.document.read_as(layout)
    with pytest.raises(ChangedMeanwhile), again(amount).as_seen(0):
        pass


def test_nothing_is_decided_on_what_is_gone(amount: FieldReading) -> None:
    FieldReading.objects.filter(pk=amount.pk).delete()
    with pytest.raises(ChangedMeanwhile), amount.as_seen(0):
        pass


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Run the acts in threads of their own that start together; what they raised."""
    raised: list[Exception] = []
    begin = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        begin.wait()
        try:
            act()
        except (ChangedMeanwhile, InvalidState) as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_the_same_time_one_is_told(amount: FieldReading, alice: User) -> None:
    def decide(value: str) -> Callable[[], object]:
        def act() -> None:
            mine = again(amount)
            with mine.as_seen(0):
                mine.correct(value, by=alice)

        return act

    raised = at_once(*(decide(f"{n}.00") for n in range(1, 5)))
    assert len(raised) == 3
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_reading_again_never_both_win(amount: FieldReading, alice: User) -> None:
    def decide() -> None:
        with amount.as_seen(0):
            amount.correct("1.00", by=alice)

    document = Document.objects.get()
    assert len(at_once(decide, lambda: document.read_as("any"))) == 1
    assert Document.objects.get().is_finished == Decision.objects.exists()


def test_what_came_of_a_reading_is_one_word(read_cheque: Cheque, alice: User) -> None:
    fields = read_cheque()
    fields["amount"].correct("1234.50", by=alice)
    fields["routing_number"].correct("122105155", by=alice)
    fields["postal_code"].correct("90210", by=alice)
    fields["micr_line"].set_aside(Decision.Verdict.UNREADABLE, by=alice)
    fields["signature"].set_aside(Decision.Verdict.ABSENT, by=alice)
    found = {name: again(field).outcome for name, field in fields.items()}
    assert found == {
        "amount": Outcome.CONFIRMED,
        "date": Outcome.READ,
        "amount_in_words": Outcome.NOTHING,
        "cheque_number": Outcome.READ,
        "routing_number": Outcome.CONFIRMED,
        "account": Outcome.NOTHING,
        "postal_code": Outcome.CORRECTED,
        "micr_line": Outcome.UNREADABLE,
        "signature": Outcome.ABSENT,
    }
    waiting = read_cheque()["routing_number"].outcome
    assert (waiting, waiting.has_final_value) == (Outcome.WAITING, False)


@pytest.mark.parametrize(
    "check",
    [
        difference_in(["1", "2"], "1", none="nothing"),
        difference_in(["1", "2", "3"], "1", none="nothing"),
        repeats.NEXT_LIKELIEST.format(first="1", value="2", other="the line"),
        repeats.CONTRADICTION.format(here="1", there="2", other="the line"),
        verdict.CONTRADICTION.format(figures="1.00", words="2.00"),
        totals.NEXT_LIKELIEST.format(first="1.00", value="2.00", total="Total"),
    ],
)
def test_the_reader_s_words_for_two_values_are_known(check: str, read_cheque: Cheque, alice: User) -> None:
    reading = read_cheque(field_of("amount", "amount", "1.00", checks=(check,)))["amount"]
    assert reading.readings_differ
    reading.correct("1.00", by=alice)
    assert not again(reading).readings_differ


@pytest.mark.parametrize("check", ["The check digit is wrong.", totals.CONTRADICTION])
def test_other_checks_are_of_one_value(check: str, read_cheque: Cheque) -> None:
    assert not read_cheque(field_of("amount", "amount", "1.00", checks=(check,)))["amount"].readings_differ


def test_an_undone_decision_stays_with_the_row_that_undoes_it(amount: FieldReading, alice: User, bob: User) -> None:
    first = amount.correct("1500.00", by=alice)
    again(amount).undo_correction(by=bob)
    undoing = Decision.objects.get(reverses=first)
    assert (undoing.was, undoing.value, undoing.decided_by) == ("1500.00", amount.value, bob)
    assert again(amount).decision is None
    assert again(amount).version == undoing.pk, "an old card is told of the change"
    assert list(Decision.objects.standing()) == []
    second = again(amount).correct("1600.00", by=alice)
    assert again(amount).decision == second
    assert list(Decision.objects.values_list("pk", flat=True)) == [first.pk, undoing.pk, second.pk]


def test_the_decision_before_stands_again_after_an_undo(amount: FieldReading, alice: User) -> None:
    first = amount.correct("1500.00", by=alice)
    again(amount).correct("1600.00", by=alice)
    again(amount).undo_correction(by=alice)
    assert again(amount).decision == first
    assert again(amount).current_value == "1500.00"


def test_a_reading_with_a_decision_is_not_deleted(amount: FieldReading, alice: User) -> None:
    amount.correct("1500.00", by=alice)
    with pytest.raises(ProtectedError):
        amount.page.delete()
    with pytest.raises(ProtectedError):
        FieldReading.objects.all().delete()


def test_undone_decisions_outlive_the_next_reading_on_a_former_page(
    amount: FieldReading, alice: User, cheque_page: Callable[..., PageReading]
) -> None:
    document = amount.page.document
    decision = amount.correct("1500.00", by=alice)
    again(amount).undo_correction(by=alice)
    document.read_as("auto")
    claimed = Document.claim(document.pk)
    assert claimed is not None
    claimed.record([(cheque_page(), b"jpeg")])
    assert document.pages.count() == 1
    assert document.former_pages.get().pk == amount.page_id
    assert Decision.objects.get(pk=decision.pk).reading_id == amount.pk
    assert amount.pk not in FieldReading.objects.filter(page__document=document).values_list("pk", flat=True)
    claimed.remove()
    assert not Decision.objects.exists(), "with the document all of it goes"

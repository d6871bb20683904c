"""The record of what happened: it is added to, nobody changes it, and a broken link is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.chain import Broken, heads_in, sign_head, signing_key, verify
from accounts.models import Action, AuditEvent, Branch, Membership, User
from accounts.models.audit import FIRST, record
from accounts.roles import Role
from accounts.triggers import RECORD, ROLES, missing, put_in_place
from recognition.models import Decision, FieldReading
from recognition.triggers import DECISIONS
from tests.fixtures_branches import Join
from tests.fixtures_people import PASSWORD

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles and no TRUNCATE")


@pytest.fixture
def three(alice: User) -> list[AuditEvent]:
    """Three events, after which nothing happens."""
    return [record(Action.LOOKED, alice, by=alice, page=number) for number in (1, 2, 3)]


@pytest.fixture
def without_triggers() -> Callable[[str], None]:
    """Run a statement as one who holds the database's keys, with the triggers out of the way."""

    def run(sql: str) -> None:
        with connection.cursor() as cursor:
            for refusal in (one for one in RECORD if one.of_this_database):
                on = f" ON {refusal.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {refusal.name}{on}")
            cursor.execute(sql)
        put_in_place(RECORD)

    return run


def test_each_event_holds_the_hash_of_the_one_before(three: list[AuditEvent]) -> None:
    kept = list(AuditEvent.objects.order_by("number"))
    assert [event.number for event in kept] == list(range(1, len(kept) + 1))
    assert [event.previous for event in kept] == [FIRST, *(event.hash for event in kept[:-1])]
    assert all(event.hash == event.digest for event in kept), "the database gives back what was hashed"
    assert verify() == len(kept)


def test_it_tells_who_did_what_from_where(branch: Branch, join: Join, client: Client) -> None:
    clerk = join(Role.CLERK)
    client.force_login(clerk)
    answer = client.get(reverse("account-download"), REMOTE_ADDR="192.0.2.7")
    event = AuditEvent.objects.get(action=Action.EXPORTED)
    assert (event.actor, event.about, event.address) == (clerk.pk, f"user {clerk.pk}", "192.0.2.7")
    assert event.request == answer["X-Request-Id"]
    given = AuditEvent.objects.get(action=Action.ROLE_GIVEN)
    assert (given.actor, given.branch, given.facts) == (None, branch.pk, {"role": "clerk"})


@pytest.mark.django_db
def test_signing_in_and_failing_to_are_recorded_without_what_was_typed(alice: User, client: Client) -> None:
    for address, password in ((alice.email, "wrong"), ("nobody@example.com", "wrong"), (alice.email, PASSWORD)):
        client.post(reverse("account_login"), {"login": address, "password": password})
    client.post(reverse("account_logout"))
    events = [(event.action, event.about, event.facts) for event in AuditEvent.objects.order_by("number")]
    about = f"user {alice.pk}"
    assert events == [
        ("sign_in_failed", about, {}), ("sign_in_failed", "", {}), ("signed_in", about, {}), ("signed_out", about, {}),
    ]  # fmt: skip


def test_decisions_are_recorded_with_amounts_and_without_account_numbers(
    read_cheque: Callable[..., dict[str, FieldReading]], alice: User
) -> None:
    fields = read_cheque()
    fields["amount"].correct("1500.00", by=alice)
    other = next(field for field in fields.values() if field.kind == "micr")
    other.set_aside(Decision.Verdict.UNREADABLE, by=alice)
    FieldReading.objects.get(pk=fields["amount"].pk).undo_correction(by=alice)
    decided, unreadable, undone = AuditEvent.objects.filter(action__in=["decided", "undone"]).order_by("number")
    assert (decided.facts["field"], decided.facts["after"]) == ("amount", "1500.00")
    assert (undone.action, undone.facts["before"]) == ("undone", "1500.00")
    assert unreadable.facts["verdict"] == "unreadable"
    assert not {"before", "after"} & set(unreadable.facts)
    assert other.value not in json.dumps(unreadable.facts)


def test_what_is_rolled_back_has_not_happened(alice: User, three: list[AuditEvent]) -> None:
    with transaction.atomic():
        record(Action.LOOKED, alice)
        transaction.set_rollback(True)
    assert AuditEvent.objects.latest("number") == three[-1]
    verify()


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEvent.objects.filter(number=2).update(actor=None),
        lambda: AuditEvent.objects.filter(number=2).delete(),
        lambda: AuditEvent.objects.get(number=2).save(force_update=True),
        lambda: AuditEvent.objects.get(number=2).delete(),
        lambda: connection.cursor().execute("UPDATE accounts_auditevent SET actor = 7 WHERE number = 2"),
        lambda: connection.cursor().execute("DELETE FROM accounts_auditevent"),
        pytest.param(lambda: connection.cursor().execute("TRUNCATE accounts_auditevent"), marks=on_postgresql),
    ],
)
def test_the_database_refuses_to_change_the_record(change: Callable[[], object], three: list[AuditEvent]) -> None:
    before = list(AuditEvent.objects.values())
    with pytest.raises(IntegrityError, match="is refused"), transaction.atomic():
        change()
    assert list(AuditEvent.objects.values()) == before


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE accounts_auditevent SET actor = 999 WHERE number = 2", "Event 2 was changed: Looked at a document"),
        ("DELETE FROM accounts_auditevent WHERE number = 2", "Event 2 is missing: after 1 comes 3."),
        ("DELETE FROM accounts_auditevent WHERE number = 1", "Event 1 is missing: after 0 comes 2."),
        ("UPDATE accounts_auditevent SET previous = hash WHERE number = 3", "Event 3 does not follow"),
    ],
)
def test_who_holds_the_databases_keys_is_found_out(
    sql: str, sentence: str, three: list[AuditEvent], without_triggers: Callable[[str], None]
) -> None:
    without_triggers(sql)
    with pytest.raises(Broken, match=sentence):
        verify()
    with pytest.raises(CommandError, match=sentence):
        call_command("audit", "verify", stdout=StringIO())


def test_a_chain_that_was_written_anew_is_found_out_by_a_signed_head(
    three: list[AuditEvent], without_triggers: Callable[[str], None], tmp_path: Path
) -> None:
    head = sign_head()
    assert head is not None
    kept = tmp_path / "heads.jsonl"
    kept.write_text(f"{head.line}\n")
    changed, last = AuditEvent.objects.get(number=2), AuditEvent.objects.get(number=3)
    changed.actor = 999
    last.previous = changed.hash = changed.digest
    without_triggers(f"UPDATE accounts_auditevent SET actor = 999, hash = '{changed.hash}' WHERE number = 2")
    without_triggers(
        f"UPDATE accounts_auditevent SET previous = '{last.previous}', hash = '{last.digest}' WHERE number = 3"
    )
    assert verify() == 3, "the chain alone does not tell"
    with pytest.raises(CommandError, match="Event 3 is not the one that was signed"):
        call_command("audit", "verify", "--heads", str(kept), stdout=StringIO())
    kept.write_text(head.line.replace(head.hash, last.digest))
    with pytest.raises(CommandError, match="Line 1 of the signed heads is not as it was signed"):
        call_command("audit", "verify", "--heads", str(kept), stdout=StringIO())


def test_a_chain_whose_end_was_cut_off_is_found_out_by_a_signed_head(
    three: list[AuditEvent], without_triggers: Callable[[str], None]
) -> None:
    head = sign_head()
    assert head is not None
    without_triggers("DELETE FROM accounts_auditevent WHERE number = 3")
    assert verify() == 2
    with pytest.raises(Broken, match="Event 3 was signed and is missing: the chain ends at 2"):
        verify(heads_in([head.line], signing_key().public_key()))


def test_the_command_says_that_the_record_is_whole_and_exports_it(three: list[AuditEvent]) -> None:
    told = StringIO()
    call_command("audit", "verify", stdout=told)
    assert told.getvalue().strip() == "The record is whole: 3 events, 0 signed heads."
    lines = StringIO()
    call_command("audit", "export", stdout=lines)
    exported = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [event["hash"] for event in exported] == [event.hash for event in three]
    assert [event["facts"] for event in exported] == [{"page": 1}, {"page": 2}, {"page": 3}]


@pytest.mark.parametrize("refusal", [one for one in (*RECORD, *ROLES, *DECISIONS) if one.statement != "TRUNCATE"])
def test_a_missing_trigger_is_found_by_the_system_check(refusal: Any, db: None) -> None:
    assert missing([refusal]) == []
    with connection.cursor() as cursor:
        on = f" ON {refusal.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {refusal.name}{on}")
    found = run_checks(tags=["database"], databases=["default"])
    assert [refusal.name in message.msg for message in found] == [True]
    put_in_place([refusal])
    assert run_checks(tags=["database"], databases=["default"]) == []


def test_the_database_refuses_to_change_a_role_that_was_given(join: Join, elsewhere: Branch) -> None:
    clerk = join(Role.CLERK)
    held = clerk.memberships.get(role="clerk")
    for change in (
        lambda: clerk.memberships.filter(pk=held.pk).update(role="supervisor"),
        lambda: clerk.memberships.filter(pk=held.pk).update(branch=elsewhere),
        lambda: clerk.memberships.filter(pk=held.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="is refused"), transaction.atomic():
            change()
    held.end()
    with pytest.raises(IntegrityError, match="is refused"), transaction.atomic():
        Membership.objects.filter(pk=held.pk).update(until=None)


def test_the_database_refuses_to_change_a_decision(
    read_cheque: Callable[..., dict[str, FieldReading]], alice: User, bob: User
) -> None:
    decision = read_cheque()["amount"].correct("1500.00", by=alice)
    for change in ({"value": "9.00"}, {"decided_by": bob}, {"decided_at": "2020-01-01T00:00Z"}, {"reverses": decision}):
        with pytest.raises(IntegrityError, match="is refused"), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**change)


@on_postgresql
def test_the_applications_role_may_add_and_read_and_nothing_else(three: list[AuditEvent]) -> None:
    """Even without triggers: the role has no right to it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS countersign_test_app")
    call_command("grant", "countersign_test_app", "--password", "x", stdout=StringIO())
    statements = {
        "UPDATE accounts_auditevent SET actor = 7": False,
        "DELETE FROM accounts_auditevent": False,
        "TRUNCATE accounts_auditevent": False,
        "ALTER TABLE accounts_auditevent DISABLE TRIGGER ALL": False,
        "DROP TRIGGER accounts_auditevent_no_update ON accounts_auditevent": False,
        "CREATE TABLE mine (a int)": False,
        "SELECT count(*) FROM accounts_auditevent": True,
        "UPDATE recognition_document SET name = name": True,
    }
    for sql, allowed in statements.items():
        refused = nullcontext() if allowed else pytest.raises(DatabaseError, match=r"permission denied|must be owner")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE countersign_test_app")
            cursor.execute(sql)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE countersign_test_app")
        record(Action.LOOKED)
    verify()


def test_a_later_head_hides_no_earlier_one(three: list[AuditEvent], without_triggers: Callable[[str], None]) -> None:
    first = sign_head()
    assert first is not None
    changed = AuditEvent.objects.get(number=3)
    changed.actor = 999
    without_triggers(f"UPDATE accounts_auditevent SET actor = 999, hash = '{changed.digest}' WHERE number = 3")
    second = sign_head()
    assert second is not None
    verify(heads_in([second.line], signing_key().public_key()))
    with pytest.raises(Broken, match="Event 3 is not the one that was signed"):
        verify(heads_in([first.line, second.line], signing_key().public_key()))

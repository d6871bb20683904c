"""Setting up second factors, signing in with them, and turning them off."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEvent, Membership, User
from accounts.roles import Role
from portal.takeout import account_facts
from tests.accounts.at_once import at_once
from tests.accounts.factors import (
    SECOND,
    add_passkey,
    code_of,
    confirm_by_password,
    give_password,
    is_signed_in,
    recovery_codes,
    set_up_app,
    sign_in_by,
)
from tests.accounts.test_sign_in import within_our_design

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "other-Larks-55-fall"


# --- an app --------------------------------------------------------------------------------------------------------


def test_password_and_code_sign_in_and_the_password_alone_does_not(alice, sign_in):
    secret = set_up_app(sign_in(alice.email))
    browser = give_password(alice)
    assert not is_signed_in(browser)
    answer = browser.post(SECOND, {"code": code_of(secret, 1)})
    assert answer["Location"] == "/history/"
    assert is_signed_in(browser)


def test_one_lands_where_one_wanted_to_go_also_by_way_of_the_code(alice, sign_in):
    secret = set_up_app(sign_in(alice.email))
    browser = give_password(alice, next="/upload/")
    assert browser.post(SECOND, {"code": code_of(secret, 1)})["Location"] == "/upload/"


def test_a_code_holds_once_although_it_holds_for_longer_than_a_step(alice, sign_in):
    secret = set_up_app(sign_in(alice.email))
    code = code_of(secret, 1)
    give_password(alice).post(SECOND, {"code": code})
    browser = give_password(alice)
    page = browser.post(SECOND, {"code": code})
    assert "That did not match" in page.content.decode()
    assert not is_signed_in(browser)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_who_send_a_code_at_once_one_is_let_in(alice, sign_in, kind):
    inside = sign_in(alice.email)
    secret = set_up_app(inside)
    code = code_of(secret, 1) if kind == "app" else recovery_codes(inside)[0]
    browsers = [give_password(alice) for _ in range(4)]
    waiting = list(browsers)
    at_once(4, lambda: waiting.pop().post(SECOND, {"code": code}))
    assert sum(map(is_signed_in, browsers)) == 1


def test_a_code_of_setting_up_does_not_sign_in(alice, sign_in):
    browser = sign_in(alice.email)
    confirm_by_password(browser)
    secret = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    code = code_of(secret)
    browser.post("/accounts/2fa/totp/activate/", {"code": code})
    other = give_password(alice)
    other.post(SECOND, {"code": code})
    assert not is_signed_in(other)


def test_the_clock_of_a_telephone_may_be_a_step_behind_and_no_more(alice, sign_in):
    secret = set_up_app(sign_in(alice.email))
    late = give_password(alice)
    late.post(SECOND, {"code": code_of(secret, -3)})
    assert not is_signed_in(late)
    late.post(SECOND, {"code": code_of(secret, 1)})
    assert is_signed_in(late)


@pytest.mark.django_db(transaction=True)  # the mail goes out after the commit
def test_setting_up_asks_for_the_password_and_turns_on_with_a_right_code_alone(alice, sign_in, mailoutbox):
    browser = sign_in(alice.email)
    answer = browser.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    confirm_by_password(browser)
    first = browser.get("/accounts/2fa/totp/activate/")
    again = browser.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert again.context["form"].secret == first.context["form"].secret, "the picture that was scanned still holds"
    assert not Authenticator.objects.exists()
    browser.post("/accounts/2fa/totp/activate/", {"code": code_of(first.context["form"].secret)})
    assert Authenticator.objects.filter(user=alice).count() == 2, "an app, and recovery codes"
    assert [mail.to for mail in mailoutbox] == [[alice.email]], "the person is told of it"


def test_the_page_shows_the_secret_as_picture_and_in_groups_and_no_browser_keeps_it(alice, sign_in):
    browser = sign_in(alice.email)
    confirm_by_password(browser)
    page = browser.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert f"{secret[:4]} {secret[4:8]} " in page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "no-store" in browser.get("/accounts/2fa/totp/activate/")["Cache-Control"]


def test_wrong_codes_are_limited_and_told_of_in_words_that_fit(alice, sign_in):
    secret = set_up_app(sign_in(alice.email))
    browser = give_password(alice)
    for _ in range(5):
        browser.post(SECOND, {"code": "000000"})
    page = browser.post(SECOND, {"code": code_of(secret, 1)})
    assert "Too many wrong codes" in page.content.decode()
    assert not is_signed_in(browser)


def test_a_right_code_gives_a_network_no_new_guesses_of_passwords(alice, sign_in):
    secret = set_up_app(sign_in(alice.email))
    guessing = Client()
    for number in range(9):
        guessing.post("/accounts/login/", {"login": f"n{number}@example.com", "password": "wrong"})
    give_password(alice).post(SECOND, {"code": code_of(secret, 1)})
    guessing.post("/accounts/login/", {"login": "n10@example.com", "password": "wrong"})
    page = guessing.post("/accounts/login/", {"login": "n11@example.com", "password": "wrong"})
    assert "Too many failed tries" in page.content.decode()


def test_turning_the_app_off_asks_for_a_second_factor_not_for_the_password(alice, sign_in):
    secret = set_up_app(sign_in(alice.email))
    browser = give_password(alice)
    browser.post(SECOND, {"code": code_of(secret, 1)})
    answer = browser.get("/accounts/2fa/totp/deactivate/")
    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")
    confirm_by_password(browser)
    browser.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=alice).exists(), "the password turned a second factor off"
    with_codes = recovery_code_of(alice)
    browser.post("/accounts/2fa/reauthenticate/", {"code": with_codes})
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=alice).exists(), "recovery codes go with the last second factor"
    assert is_signed_in(give_password(alice))


def recovery_code_of(person) -> str:
    found = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    return found.wrap().get_unused_codes()[0]


# --- recovery codes ------------------------------------------------------------------------------------------------


def test_a_recovery_code_signs_in_once(alice, sign_in):
    browser = sign_in(alice.email)
    set_up_app(browser)
    code, *others = recovery_codes(browser)
    assert len(others) == 9
    first, second = give_password(alice), give_password(alice)
    first.post(SECOND, {"code": f"{code[:4]} {code[4:]}"})
    assert is_signed_in(first)
    second.post(SECOND, {"code": code})
    assert not is_signed_in(second)
    assert browser.get("/account/").context["factors"].codes_left == 9


def test_new_codes_end_the_old_ones(alice, sign_in):
    browser = sign_in(alice.email)
    set_up_app(browser)
    old = recovery_codes(browser)
    browser.post("/accounts/2fa/recovery-codes/generate/")
    new = recovery_codes(browser)
    assert set(new).isdisjoint(old)
    other = give_password(alice)
    other.post(SECOND, {"code": old[0]})
    assert not is_signed_in(other)
    other.post(SECOND, {"code": new[0]})
    assert is_signed_in(other)


def test_codes_are_downloaded_as_text_and_kept_by_no_browser(alice, sign_in):
    browser = sign_in(alice.email)
    set_up_app(browser)
    codes = recovery_codes(browser)
    answer = browser.get("/accounts/2fa/recovery-codes/download/")
    assert answer["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert "no-store" in answer["Cache-Control"]
    assert "no-store" in browser.get("/accounts/2fa/recovery-codes/")["Cache-Control"]
    lines = answer.content.decode().strip().splitlines()
    assert alice.email in lines[0]
    assert [line.replace(" ", "") for line in lines[2:]] == codes


# --- every way in --------------------------------------------------------------------------------------------------


def test_the_link_for_a_new_password_asks_for_the_second_factor_too(alice, sign_in, mailoutbox, link_in):
    secret = set_up_app(sign_in(alice.email))
    mailoutbox.clear()
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": alice.email})
    form = browser.get(link_in(mailoutbox[0]), follow=True)
    answer = browser.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert answer["Location"] == SECOND
    assert not is_signed_in(browser)
    browser.post(SECOND, {"code": code_of(secret, 1)})
    assert is_signed_in(browser)


def test_without_a_second_factor_the_link_for_a_new_password_still_lets_one_in_at_once(alice, mailoutbox, link_in):
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": alice.email})
    form = browser.get(link_in(mailoutbox[0]), follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert is_signed_in(browser)


def test_confirming_an_address_by_the_link_asks_for_the_second_factor_too(alice, sign_in, mailoutbox, link_in):
    secret = set_up_app(sign_in(alice.email))
    alice.emailaddress_set.update(verified=False)
    mailoutbox.clear()
    browser = give_password(alice)
    browser.post(link_in(mailoutbox[0]))
    assert not is_signed_in(browser)
    browser.post(SECOND, {"code": code_of(secret, 1)})
    assert is_signed_in(browser)


def test_administrators_give_the_second_factor_before_their_site_opens(dana, sign_in):
    secret = set_up_app(sign_in(dana.email))
    browser = Client()
    asked = browser.get("/admin/")
    browser.get(asked["Location"])
    browser.post(
        "/accounts/login/", {"login": dana.email, "password": "correct horse battery staple", "next": "/admin/"}
    )
    assert browser.get("/admin/").status_code == 302
    assert browser.post(SECOND, {"code": code_of(secret, 1)})["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_the_admin_site_has_no_form_of_its_own_that_takes_a_password(dana, sign_in):
    set_up_app(sign_in(dana.email))
    browser = Client()
    form = {"username": dana.email, "password": "correct horse battery staple"}
    browser.post("/admin/login/", form)
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("how", ["code", "passkey", "alone"])
def test_who_is_kept_out_gets_in_by_no_second_factor(alice, sign_in, how):
    inside = sign_in(alice.email)
    passkey, secret = add_passkey(inside), set_up_app_beside(inside)
    browser = give_password(alice)
    options = browser.get(SECOND).context["js_data"]["request_options"]
    alice.is_active = False
    alice.save()
    if how == "code":
        browser.post(SECOND, {"code": code_of(secret, 1)})
    elif how == "passkey":
        browser.post(SECOND, {"credential": passkey.answer(options)})
    else:
        sign_in_by(passkey, browser := Client())
    assert not is_signed_in(browser)
    assert not is_signed_in(inside)


def set_up_app_beside(browser: Client) -> str:
    secret = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


def test_who_closes_their_account_signs_in_with_the_second_factor_and_lands_where_it_is_taken_back(alice, sign_in):
    secret = set_up_app(sign_in(alice.email))
    alice.close()
    browser = give_password(alice)
    assert not is_signed_in(browser)
    assert browser.post(SECOND, {"code": code_of(secret, 1)})["Location"] == "/account/"


# --- pages, mails and commands -------------------------------------------------------------------------------------

OWN_PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/reauthenticate/",
]
PAGES_OF_FACTORS = [
    "/account/",
    "/accounts/2fa/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/webauthn/reauthenticate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/keys/{key}/edit/",
    "/accounts/2fa/webauthn/keys/{key}/remove/",
]


@pytest.mark.parametrize("path", OWN_PAGES)
def test_every_page_of_setting_up_is_in_our_design(alice, sign_in, path):
    browser = sign_in(alice.email)
    confirm_by_password(browser)
    within_our_design(browser.get(path, headers={"host": "localhost:8000"}))


@pytest.mark.parametrize("path", PAGES_OF_FACTORS)
def test_every_page_of_what_is_set_up_is_in_our_design(alice, sign_in, path):
    browser = sign_in(alice.email)
    add_passkey(browser)
    set_up_app_beside(browser)
    key = Authenticator.objects.get(user=alice, type=Authenticator.Type.WEBAUTHN)
    within_our_design(browser.get(path.format(key=key.pk), headers={"host": "localhost:8000"}))


def test_the_page_of_the_second_factor_is_in_our_design(alice, sign_in):
    add_passkey(sign_in(alice.email))
    within_our_design(give_password(alice).get(SECOND, headers={"host": "localhost:8000"}))


@pytest.mark.parametrize(
    "path", [*OWN_PAGES, "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/download/"]
)
def test_a_guest_sees_no_page_of_second_factors(client, db, path):
    assert client.get(path)["Location"].startswith("/accounts/login/")


def test_codes_are_made_by_a_form_and_only_for_whom_they_help(alice, sign_in):
    browser = sign_in(alice.email)
    confirm_by_password(browser)
    assert browser.post("/accounts/2fa/recovery-codes/generate/").status_code == 200
    assert not Authenticator.objects.exists()


def test_mails_tell_of_each_change_in_our_words(alice, sign_in, mailoutbox):
    browser = sign_in(alice.email)
    add_passkey(browser)
    key = Authenticator.objects.get(user=alice, type=Authenticator.Type.WEBAUTHN)
    browser.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert [mail.subject for mail in mailoutbox] == ["A passkey was added", "A passkey was removed"]
    assert all(mail.to == [alice.email] for mail in mailoutbox)


def test_the_takeout_names_second_factors_and_holds_no_secret_of_them(alice, sign_in):
    browser = sign_in(alice.email)
    secret = set_up_app(browser)
    facts = account_facts(alice)["second_factors"]
    assert [fact["kind"] for fact in facts] == ["totp", "recovery_codes"]
    written = json.dumps(account_facts(alice), default=str)
    kept = [
        found.data[name] for found in Authenticator.objects.all() for name in ("secret", "seed") if name in found.data
    ]
    assert len(kept) == 2
    assert not [each for each in (secret, *kept) if each in written]


def test_the_people_who_run_the_site_let_somebody_in_who_has_lost_everything(alice, sign_in, mailoutbox, capsys):
    set_up_app(sign_in(alice.email))
    mailoutbox.clear()
    call_command("remove_second_factors", "ALICE@example.com")
    assert is_signed_in(give_password(alice))
    assert [mail.to for mail in mailoutbox] == [[alice.email]]
    assert "Removed: 2" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["alice@example.com", "nobody@example.com"])
def test_who_has_no_second_factor_loses_none(alice, address):
    with pytest.raises(CommandError):
        call_command("remove_second_factors", address)


def test_whose_account_has_ended_leaves_no_secret_although_the_branch_keeps_the_name(alice, branch, sign_in):
    Membership.give(alice, Role.CLERK, branch)
    set_up_app(sign_in(alice.email))
    alice.leave()
    assert User.objects.filter(pk=alice.pk, is_active=False).exists()
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_is_recorded_without_its_secret(dana, sign_in):
    secret = set_up_app(sign_in(dana.email))
    told = AuditEvent.objects.filter(about=f"user {dana.pk}").order_by("number").values_list("action", flat=True)
    assert "factor_added" in told
    assert secret not in str(list(AuditEvent.objects.values()))

"""The second factors of the tests' people: an authenticator app and a passkey, each in software."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import struct
import time
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

PASSWORD = "correct horse battery staple"
SIGN_IN = "/accounts/login/"
SECOND = "/accounts/2fa/authenticate/"


def code_of(secret: str, steps: int = 0) -> str:
    """The code that an app shows (RFC 6238), now or so many steps of 30 seconds later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def confirm_by_password(browser: Client) -> None:
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})


def set_up_app(browser: Client) -> str:
    """Set up an authenticator app as a person does; returns its secret."""
    confirm_by_password(browser)
    page = browser.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    done = browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def recovery_codes(browser: Client) -> list[str]:
    codes: list[str] = browser.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    return codes


def give_password(person: Any, **more: str) -> Client:
    """A browser in which this person has typed address and password, and nothing else."""
    browser = Client()
    browser.post(SIGN_IN, {"login": person.email, "password": PASSWORD, **more})
    return browser


def is_signed_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


class Passkey:
    """A security key in software. It knows one site's name, as a real one does."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user_handle = b""

    def _facts(self, kind: str, options: dict[str, Any], origin: str | None, flags: int, more: bytes = b""):
        challenge = options["challenge"]
        said = CollectedClientData.create(kind, challenge, origin or settings.SITE_URL)
        name = hashlib.sha256(str(urlsplit(settings.SITE_URL).hostname).encode()).digest()
        return said, AuthenticatorData.create(name, AuthenticatorData.FLAG(flags), 0, more)

    def create(self, options: Any) -> str:
        """The browser's answer to the options of adding it, as the form sends it."""
        options = json.loads(json.dumps(options, default=dict))["publicKey"]
        self.user_handle = _decoded(options["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        attested = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        said, data = self._facts("webauthn.create", options, None, 0x45, attested)
        response = {
            "clientDataJSON": _encoded(said),
            "attestationObject": _encoded(AttestationObject.create("none", data, {})),
        }
        return self._answer(response, {"credProps": {"rk": True}})

    def answer(self, options: Any, origin: str | None = None) -> str:
        """The browser's answer to the options of signing in, as the form sends it."""
        options = json.loads(json.dumps(options, default=dict))["publicKey"]
        said, data = self._facts("webauthn.get", options, origin, 0x05)
        signature = self.key.sign(data + said.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": _encoded(said),
            "authenticatorData": _encoded(data),
            "signature": _encoded(signature),
            "userHandle": _encoded(self.user_handle),
        }
        return self._answer(response, {})

    def _answer(self, response: dict[str, str], extensions: dict[str, Any]) -> str:
        name = _encoded(self.id)
        return json.dumps(
            {
                "type": "public-key",
                "id": name,
                "rawId": name,
                "response": response,
                "clientExtensionResults": extensions,
            }
        )


def add_passkey(browser: Client, name: str = "Phone") -> Passkey:
    """Add a passkey as a person does."""
    confirm_by_password(browser)
    passkey = Passkey()
    options = browser.get("/accounts/2fa/webauthn/add/").context["js_data"]["creation_options"]
    form = {"name": name, "passwordless": "on", "credential": passkey.create(options)}
    assert browser.post("/accounts/2fa/webauthn/add/", form).status_code == 302
    return passkey


def sign_in_by(passkey: Passkey, browser: Client, origin: str | None = None, **more: str):
    """Use a passkey instead alone, as the button on the sign-in page does."""
    answer = browser.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    form = {"credential": passkey.answer(answer.json()["request_options"], origin), **more}
    return browser.post("/accounts/2fa/webauthn/login/", form)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

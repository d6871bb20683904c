"""A server that people sign in with: OpenID Connect as Google, LinkedIn and a bank's directory speak it, OAuth as
Facebook does.

It checks what a real one checks (client, secret, redirect address, one-time codes, PKCE, the proof of the application's
secret) and signs its ID tokens with a key of its own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "countersign", "a shared secret"
KEY_ID = "key-1"


class SignInServer(ThreadingHTTPServer):
    """Who is asked is `person`; with `person` None they refuse. `twisted` claims replace those of the ID token.

    `told` is what userinfo says, where that is not the same. `signed_by` makes the ID token's signature, where that is
    not the server's own key. With `away`, nothing is answered but an error.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] | None = None
        self.twisted: dict[str, Any] = {}
        self.told: dict[str, Any] | None = None
        self.signed_by: Callable[[dict[str, Any]], str] = self.sign
        self.away = False
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}

    def code_for(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return code

    def exchange(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """An access token and an ID token for a code, once; None when anything about the code is wrong."""
        asked = self.codes.pop(sent.get("code", ""), None)
        right = (
            asked is not None
            and (sent["client_id"], sent["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
            and sent["redirect_uri"] == asked["redirect_uri"]
            and challenge_of(sent.get("code_verifier")) == asked.get("code_challenge")
        )
        if not right or self.person is None:
            return None
        token = secrets.token_urlsafe()
        self.tokens[token] = self.person if self.told is None else self.told
        return {"access_token": token, "token_type": "Bearer", "expires_in": 600, "id_token": self.id_token()}

    def id_token(self) -> str:
        assert self.person is not None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 600, **self.person, **self.twisted}
        return self.signed_by(claims)

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID})

    def begin_with(self, person: dict[str, Any]) -> None:
        """Know this person alone, and be honest."""
        self.person, self.told, self.twisted, self.signed_by, self.away = person, None, {}, self.sign, False

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}


def challenge_of(verifier: str | None) -> str | None:
    if verifier is None:
        return None
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Answer(BaseHTTPRequestHandler):
    server: SignInServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        if self.server.away:
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        match parts.path:
            case "/authorize":
                self.authorize(asked)
            case "/oauth/access_token":
                self.as_json(self.server.exchange(asked))
            case "/me":
                self.me(asked)
            case "/userinfo":
                self.as_json(self.server.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer ")))
            case "/.well-known/openid-configuration":
                self.as_json(self.server.configuration())
            case "/jwks":
                self.as_json(self.server.keys())
            case _:
                self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if urlsplit(self.path).path != "/token":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.as_json(self.server.exchange(dict(parse_qsl(body))))

    def authorize(self, asked: dict[str, str]) -> None:
        if asked.get("client_id") != CLIENT_ID or asked.get("response_type") != "code":
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        refuses = self.server.person is None
        answer = {"error": "access_denied"} if refuses else {"code": self.server.code_for(asked)}
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")
        self.end_headers()

    def me(self, asked: dict[str, str]) -> None:
        """As Facebook's graph: the application proves that it has the secret; nothing says "verified"."""
        token = asked.get("access_token", "")
        proof = hmac.new(CLIENT_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        person = self.server.tokens.get(token)
        if person is None or asked.get("appsecret_proof") != proof:
            self.as_json(None)
            return
        self.as_json({"id": person["sub"], "email": person["email"], "name": person["name"]})

    def as_json(self, facts: dict[str, Any] | None) -> None:
        self.send_response(HTTPStatus.OK if facts is not None else HTTPStatus.UNAUTHORIZED)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(facts or {"error": "invalid_grant"}).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def sign_in_server() -> Iterator[SignInServer]:
    server = SignInServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""Signing in through the directory with OpenID Connect: allauth's way, and stricter where it trusts the connection."""

from __future__ import annotations

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures that only the directory can make. Anybody who has its public keys can make others ("none", HMAC)."""

LEEWAY_SECONDS = 60
"""By how much its clock and ours may differ."""


class DirectoryAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Takes what the directory says, if it is signed by it and meant for this site.

    allauth leaves the signature out where the token came over TLS. Roles hang on this one, so it is checked as well.
    """

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """The person whom the directory names.

        Raises:
            OAuth2Error: The ID token is missing, forged, too old or for another site, or the two answers are about
                different people.
        """
        signed = self._signed_claims(app, kwargs["response"].get("id_token") or "")
        told = self._told_of_person(token.token)
        if told.get("sub", signed["sub"]) != signed["sub"]:
            raise OAuth2Error("userinfo is about another person than the ID token")
        # Where both have a claim, the signed one counts. Some directories tell groups in one alone, some in the other.
        claims = {**told, **signed}
        if settings.DIRECTORY.vouches:
            claims.setdefault("email_verified", True)
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _signed_claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            name = jwt.get_unverified_header(id_token).get("kid")
            keys = jwt.PyJWKSet.from_dict(self._answer(self.openid_config["jwks_uri"])).keys
            fitting = [key for key in keys if key.key_id == name and key.algorithm_name in ALGORITHMS]
            if not fitting:
                raise OAuth2Error(f"no key of the directory is called {name!r}")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                fitting[0],
                algorithms=[fitting[0].algorithm_name],
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"invalid ID token: {error}") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token was made for another site")
        return claims

    def _told_of_person(self, access_token: str) -> dict[str, Any]:
        if "userinfo_endpoint" not in self.openid_config:
            return {}
        return self._answer(self.profile_url, {"Authorization": f"Bearer {access_token}"})

    def _answer(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, headers=headers)
            answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise OAuth2Error(f"{address} did not answer with a JSON object")
        return found

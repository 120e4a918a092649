"""Signed tokens: JWT with Ed25519, and nothing of what JWT allows beside that.

Sources: RFC 8725 (JWT best current practice), RFC 7515 §2 (base64url without padding),
RFC 8037 (EdDSA), OWASP ASVS 5.0 §9.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt

from omnix.auth.errors import TokenError
from omnix.auth.keys import KeyRing
from omnix.core.clock import utc_now

ALGORITHM = "EdDSA"
AUDIENCE = "omnix-api"
ISSUER = "omnix"

#: Ours have about 500 characters; nothing longer is even taken apart.
MAX_CHARACTERS = 2048

#: Seconds by which another machine's clock may run ahead. What has expired has expired.
CLOCK_AHEAD = 5

_PART = re.compile(r"[A-Za-z0-9_-]+")
_TEXTS = ("iss", "aud", "sub", "jti", "kind", "sid")
_TIMES = ("exp", "nbf", "iat")
_HEADER = {"alg", "typ", "kid"}


class Kind(StrEnum):
    """What a token is for; one of one kind is never good for another."""

    ACCESS = "access"
    CHALLENGE = "challenge"

    @property
    def media_type(self) -> str:
        """What its header says in `typ` (RFC 9068 for access tokens)."""
        return "at+jwt" if self is Kind.ACCESS else f"omnix-{self.value}+jwt"


@dataclass(frozen=True)
class Claims:
    """What a token says: who (`subject`), in which `session`, and until when (UTC)."""

    id: str
    kind: Kind
    subject: str
    session: str
    issued_at: datetime
    expires_at: datetime


class Tokens:
    """Signs tokens with the newest key and reads only what this service has signed."""

    def __init__(
        self,
        keys: KeyRing,
        *,
        issuer: str = ISSUER,
        audience: str = AUDIENCE,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._now = now

    def issue(self, kind: Kind, *, subject: str, session: str, lifetime: timedelta) -> str:
        """A signed token of `kind` for `subject`, good from now on for `lifetime`.

        Raises:
            KeyFileError: there is no key to sign with.

        """
        key = self._keys.newest()
        now = int(self._now().timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "sid": session,
            "jti": secrets.token_urlsafe(16),
            "kind": kind.value,
            "iat": now,
            "nbf": now,
            "exp": now + int(lifetime.total_seconds()),
        }
        return jwt.encode(
            claims,
            key.private,
            algorithm=ALGORITHM,
            headers={"kid": key.id, "typ": kind.media_type},
        )

    def read(self, token: str, kind: Kind) -> Claims:
        """What `token` says, if it is ours, of that kind, whole, and good at this moment.

        Raises:
            TokenError: it is not. The message is the same for every reason.
            KeyFileError: the keys cannot be read.

        """
        header, claims = _opened(token)
        _check_header(header, kind)
        key = self._keys.known(header["kid"])
        _check_signature(token, key.public)
        self._check_claims(claims, kind)
        return Claims(
            id=claims["jti"],
            kind=kind,
            subject=claims["sub"],
            session=claims["sid"],
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )

    def _check_claims(self, claims: Mapping[str, Any], kind: Kind) -> None:
        if claims.keys() != {*_TEXTS, *_TIMES}:
            raise TokenError("other claims than ours")
        if not all(_is_text(claims[name]) for name in _TEXTS):
            raise TokenError("a claim is no text")
        if not all(type(claims[name]) is int for name in _TIMES):
            raise TokenError("a time is no whole number")
        named = (claims["iss"], claims["aud"], claims["kind"])
        if named != (self._issuer, self._audience, kind.value):
            raise TokenError("another issuer, audience or kind")
        self._check_times(claims["iat"], claims["nbf"], claims["exp"])

    def _check_times(self, issued: int, not_before: int, expires: int) -> None:
        now = self._now().timestamp()
        if expires <= now:
            raise TokenError("expired")
        if max(issued, not_before) > now + CLOCK_AHEAD:
            raise TokenError("not yet good")
        if not 0 <= issued <= not_before < expires < 1 << 40:
            raise TokenError("times out of order")


def _is_text(claim: Any) -> bool:
    """Whether it can be looked up anywhere: some stores take no control characters."""
    return isinstance(claim, str) and claim != "" and claim.isprintable()


def _opened(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims of a token that is written exactly as one is written; nothing verified."""
    if len(token) > MAX_CHARACTERS:
        raise TokenError("too long")
    parts = token.split(".")
    if len(parts) != 3 or not all(map(_is_canonical, parts)):
        raise TokenError("not three parts in canonical base64url")
    return _object(parts[0]), _object(parts[1])


def _is_canonical(part: str) -> bool:
    if not _PART.fullmatch(part):
        return False
    try:
        return base64.urlsafe_b64encode(_decoded(part)).rstrip(b"=") == part.encode()
    except binascii.Error:
        return False


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _object(part: str) -> Mapping[str, Any]:
    try:
        found = json.loads(
            _decoded(part).decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise TokenError("no JSON") from None
    if not isinstance(found, dict):
        raise TokenError("no JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TokenError("a name stands twice")
    return found


def _refuse(constant: str) -> float:
    raise TokenError(f"{constant} is no JSON")


def _check_header(header: Mapping[str, Any], kind: Kind) -> None:
    """Exactly ours: so no `jku`, `x5u`, `jwk`, `crit`, `b64` or `zip` can ask for anything."""
    if header.keys() != _HEADER:
        raise TokenError("other headers than ours")
    if header["alg"] != ALGORITHM or header["typ"] != kind.media_type:
        raise TokenError("another algorithm or kind")
    if not isinstance(header["kid"], str):
        raise TokenError("the key's id is no text")


def _check_signature(token: str, key: Any) -> None:
    try:
        jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            options={
                "require": [*_TEXTS, *_TIMES],
                "verify_aud": False,  # the claims are checked above, by our own clock
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except (jwt.InvalidTokenError, RecursionError, ValueError):
        raise TokenError("not signed by us") from None

"""Secrets that mean nothing by themselves: refresh, reset, invitation and API tokens.

They are 256 random bits. Only their SHA-256 is kept: what is that random needs no slow hash, and
a stolen database opens no door.
"""

from __future__ import annotations

import hashlib
import re
import secrets

#: Every API key begins so; scanners for leaked secrets find it by that.
API_KEY_PREFIX = "omx_"

#: Characters of an API key that may be shown again, to tell keys apart.
_SHOWN = 8

_BYTES = 32
_FORM = re.compile(r"(omx_)?[A-Za-z0-9_-]{43}")


def new_secret() -> str:
    """A new secret of 256 bits, in URL-safe characters."""
    return secrets.token_urlsafe(_BYTES)


def new_api_key() -> tuple[str, str]:
    """A new API key, and its beginning, which may be shown again."""
    key = API_KEY_PREFIX + new_secret()
    return key, key[: len(API_KEY_PREFIX) + _SHOWN]


def is_api_key(text: str) -> bool:
    """Whether `text` has the form of an API key; says nothing about whether it is one."""
    return text.startswith(API_KEY_PREFIX) and is_secret(text)


def is_secret(text: str) -> bool:
    """Whether `text` has the form of a secret of ours: what has not needs no look-up."""
    return _FORM.fullmatch(text) is not None


def digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

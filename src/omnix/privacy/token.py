"""Keyed tokens: the same number gives the same token, and only the key's holder can try numbers.

A plain hash beside the first six and last four digits leaves a million candidates, which falls in
seconds; PCI DSS v4.0.1 (3.5.1.1) therefore asks for a keyed hash of the whole number.
"""

from __future__ import annotations

import base64
import hmac

from omnix.core.errors import SettingsError

SHORTEST_KEY = 32
PREFIX = "tok_"


def checked_key(key: bytes) -> bytes:
    """The key itself.

    Raises:
        SettingsError: it is shorter than 32 bytes (the message tells the length, never the key).
    """
    if len(key) < SHORTEST_KEY:
        raise SettingsError(
            f"The token key has {len(key)} bytes; at least {SHORTEST_KEY} random bytes are needed.",
            "Make one with `python -c 'import secrets; print(secrets.token_hex(32))'`.",
        )
    return key


def token(key: bytes, digits: str) -> str:
    """160 bits of HMAC-SHA256 over the ASCII digits, as `tok_` and 32 base32 characters.

    Base32 has so few digits that a token is never mistaken for a number.
    """
    digest = hmac.digest(key, digits.encode("ascii"), "sha256")
    return PREFIX + base64.b32encode(digest[:20]).decode("ascii").lower()

from __future__ import annotations

import hashlib
import hmac

import pytest

from omnix.core.errors import SettingsError
from omnix.privacy.token import checked_key, token

KEY = bytes(range(32))
PAN = "4111111111111111"


def test_same_number_and_key_give_the_same_token() -> None:
    assert token(KEY, PAN) == token(KEY, PAN)
    assert token(KEY, PAN).startswith("tok_")
    assert len(token(KEY, PAN)) == 4 + 32


def test_another_key_or_number_gives_another_token() -> None:
    assert token(KEY, PAN) != token(KEY[::-1], PAN)
    assert token(KEY, PAN) != token(KEY, "4111111111111129")


def test_short_key_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingsError, match="has 31 bytes; at least 32") as error:
        checked_key(b"secret-secret-secret-secret-sec")
    assert "secret-secret" not in str(error.value)


def test_trying_all_middles_with_unkeyed_hashes_finds_nothing() -> None:
    """The attack that breaks plain hashes: first six, last four and 10⁵ of the middles are known."""
    import base64

    wanted = token(KEY, PAN).removeprefix("tok_").upper()
    seen = set()
    for middle in range(100_000):
        digits = f"411111{middle:06d}1111" if middle else PAN
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, digits.encode()).digest()
            seen.add(base64.b32encode(digest[:20]).decode())
    for known in (b"", b"key", b"\0" * 32):
        digest = hmac.digest(known, PAN.encode(), "sha256")
        seen.add(base64.b32encode(digest[:20]).decode())
    assert wanted not in seen

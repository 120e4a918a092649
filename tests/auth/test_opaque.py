"""Secrets that mean nothing by themselves."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from omnix.auth.opaque import digest, is_api_key, is_secret, new_api_key, new_secret


def test_secrets_have_256_bits() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(base64.urlsafe_b64decode(each + "=")) == 32 for each in made)
    assert all(map(is_secret, made))


def test_an_api_key_is_known_by_its_beginning() -> None:
    key, shown = new_api_key()
    assert is_api_key(key)
    assert key.startswith(shown)
    assert shown.startswith("omx_")
    assert len(key) - len(shown) >= 35
    assert not is_api_key(new_secret())


@given(st.text())
def test_any_text_has_a_form_and_a_digest(text: str) -> None:
    assert not is_secret(text) or len(text) >= 43
    assert len(digest(text)) == 64


def test_the_form_ends_where_the_secret_ends() -> None:
    key, _ = new_api_key()
    assert not is_secret(key + "\n")
    assert not is_secret(key + "x")
    assert not is_secret("ö" + key[1:])


def test_half_characters_have_a_digest_too() -> None:
    assert digest("\ud800") != digest("\ud801")

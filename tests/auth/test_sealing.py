"""Sealed secrets: opened with the same key for the same owner, and never otherwise."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.auth.errors import KeyFileError
from omnix.auth.sealing import Seal


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return Seal(tmp_path_factory.mktemp("seal") / "keys" / "seal.key")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_opens(seal: Seal, text: str) -> None:
    sealed = seal.seal(text, "u-1")
    assert seal.open(sealed, "u-1") == text
    assert sealed != seal.seal(text, "u-1"), "each with its own nonce"


def test_the_key_is_private_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "seal.key"
    sealed = Seal(file).seal("secret", "u-1")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Seal(file).open(sealed, "u-1") == "secret"
    assert "secret" not in sealed


def test_another_owner_another_key_or_a_change_opens_nothing(seal: Seal, tmp_path: Path) -> None:
    sealed = seal.seal("secret", "u-1")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for other, text, owner in (
        (seal, sealed, "u-2"),
        (Seal(tmp_path / "other.key"), sealed, "u-1"),
        (seal, changed, "u-1"),
        (seal, "", "u-1"),
        (seal, "v1.junk", "u-1"),
        (seal, "v1.ünlesbar", "u-1"),
    ):
        with pytest.raises(KeyFileError, match="does not open"):
            other.open(text, owner)


def test_a_key_that_is_too_short_or_open_to_all_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "seal.key"
    file.touch(0o600)
    file.write_bytes(b"short")
    with pytest.raises(KeyFileError, match="holds 5 bytes; a key has 32"):
        Seal(file)
    file.chmod(0o604)
    with pytest.raises(KeyFileError, match="mode 604"):
        Seal(file)

"""Keyed digests, and the key's file."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.core.errors import StoreError
from omnix.store import Digests


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "store.key"


def test_the_key_is_made_once_and_for_its_owner(file: Path) -> None:
    first = Digests(file).of("a")
    assert Digests(file).of("a") == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_another_key_gives_other_digests(file: Path, tmp_path: Path) -> None:
    assert Digests(file).of("a") != Digests(tmp_path / "other.key").of("a")


def test_many_makers_end_with_one_key(file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: Digests(file).of("a"), range(8)))) == 1


@given(st.lists(st.text()), st.lists(st.text()))
def test_parts_do_not_run_together(
    tmp_path_factory: pytest.TempPathFactory, one: list[str], two: list[str]
) -> None:
    digests = Digests(tmp_path_factory.getbasetemp() / "shared.key")
    assert (digests.of(*one) == digests.of(*two)) == (one == two)


def test_half_a_character_has_a_digest_too(file: Path) -> None:
    assert len(Digests(file).of("\ud800")) == 64


def test_a_key_that_others_can_read_is_refused(file: Path) -> None:
    Digests(file)
    file.chmod(0o640)
    with pytest.raises(StoreError, match="chmod 600"):
        Digests(file)


def test_a_key_that_was_cut_is_refused(file: Path) -> None:
    Digests(file)
    file.write_bytes(b"short")
    with pytest.raises(StoreError, match="5 bytes"):
        Digests(file)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be used"):
        Digests(tmp_path / "keys" / "store.key")

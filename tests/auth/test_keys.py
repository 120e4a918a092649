"""Signing keys: private files, rotation that nobody notices, and ids that lead nowhere else."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from omnix.auth.errors import KeyFileError, TokenError
from omnix.auth.keys import KeyRing

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(tmp_path: Path, clock: Clock) -> KeyRing:
    return KeyRing(tmp_path / "keys" / "tokens", overlap=timedelta(hours=1), now=clock)


def test_the_first_key_is_made_when_needed_and_only_its_owner_reads_it(
    ring: KeyRing, tmp_path: Path
) -> None:
    assert not (tmp_path / "keys").exists()
    key = ring.newest()
    [file] = (tmp_path / "keys" / "tokens").iterdir()
    assert file.name == f"{key.id}.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert ring.newest() is key


def test_after_a_rotation_the_old_key_verifies_until_the_overlap_ends(
    ring: KeyRing, clock: Clock
) -> None:
    old = ring.newest()
    clock.pass_(days=30)
    new = ring.rotate()
    assert ring.newest() == new
    assert ring.ids() == (old.id, new.id)
    clock.pass_(minutes=59)
    assert ring.known(old.id).id == old.id
    clock.pass_(minutes=1)
    with pytest.raises(TokenError):
        ring.known(old.id)
    assert ring.ids() == (new.id,)


def test_two_rotations_in_a_row_keep_both_old_keys(ring: KeyRing, clock: Clock) -> None:
    ids = [ring.newest().id]
    for _ in range(2):
        clock.pass_(minutes=1)
        ids.append(ring.rotate().id)
    assert [ring.known(each).id for each in ids] == ids


def test_a_faded_key_is_deleted_by_the_next_rotation(
    ring: KeyRing, clock: Clock, tmp_path: Path
) -> None:
    ring.newest()
    clock.pass_(hours=1)
    second = ring.rotate()
    clock.pass_(hours=2)
    third = ring.rotate()
    left = {file.stem for file in (tmp_path / "keys" / "tokens").iterdir()}
    assert left == {second.id, third.id}


def test_another_process_rotation_is_seen_at_once(tmp_path: Path, clock: Clock) -> None:
    mine, theirs = (KeyRing(tmp_path, now=clock) for _ in range(2))
    first = mine.newest()
    assert theirs.newest().id == first.id
    clock.pass_(seconds=1)
    second = theirs.rotate()
    assert mine.newest().id == second.id
    assert mine.known(first.id).id == first.id


def test_a_clock_set_back_does_not_hide_the_new_key(ring: KeyRing, clock: Clock) -> None:
    ring.newest()
    clock.pass_(days=-1)
    assert ring.rotate().id == ring.newest().id
    assert len(ring.ids()) == 2


def test_many_threads_make_a_key_each_at_worst_and_all_verify(tmp_path: Path) -> None:
    rings = [KeyRing(tmp_path) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda ring: ring.newest().id, rings))
    assert all(ring.known(key).id == key for ring in rings for key in made)
    assert len({ring.newest().id for ring in rings}) == 1


@pytest.mark.parametrize(
    "key_id", ["", ".", "..", "../../../dev/null", "/dev/null", "a\0b", "x" * 9999]
)
def test_an_id_is_looked_up_and_never_a_path(ring: KeyRing, key_id: str) -> None:
    ring.newest()
    with pytest.raises(TokenError):
        ring.known(key_id)


def test_other_files_in_the_folder_are_no_keys(ring: KeyRing, tmp_path: Path) -> None:
    folder = tmp_path / "keys" / "tokens"
    folder.mkdir(parents=True)
    for name in ("README", "evil.pem", ".20260101T000000000000Z-0123456789abcdef.pem.tmp"):
        (folder / name).write_text("no key")
    assert ring.ids() == ()
    assert ring.newest().id in ring.ids()


def test_a_key_that_others_can_read_is_refused(ring: KeyRing, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "tokens" / f"{ring.newest().id}.pem"
    file.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        KeyRing(file.parent).newest()


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_file_that_is_no_key_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "20260101T000000000000Z-0123456789abcdef.pem"
    file.touch(0o600)
    file.write_bytes(content)
    with pytest.raises(KeyFileError, match="holds no Ed25519 key"):
        KeyRing(tmp_path).newest()


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(KeyFileError, match="cannot be read"):
        KeyRing(tmp_path / "keys").newest()

"""Private files: whole, for their owner only, and never over what is there by mistake."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from omnix.core import private_files
from omnix.core.errors import SettingsError, StoreError


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _key(file: Path) -> bytes:
    return private_files.key_of(file, StoreError, unusable="Move it.", cut="Restore it.")


def test_a_new_file_is_its_owners_and_so_is_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "a.pem"
    private_files.write_new(file, b"secret")
    assert (file.read_bytes(), _mode(file), _mode(file.parent)) == (b"secret", 0o600, 0o700)
    assert list(file.parent.iterdir()) == [file]


def test_a_new_file_does_not_replace_another(tmp_path: Path) -> None:
    file = tmp_path / "a.pem"
    file.write_bytes(b"first")
    with pytest.raises(FileExistsError):
        private_files.write_new(file, b"second")
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"first", [file])


def test_what_others_could_read_they_cannot_once_it_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "omnix.toml"
    file.write_bytes(b"first")
    file.chmod(0o644)
    private_files.write_over(file, b"second")
    assert (file.read_bytes(), _mode(file)) == (b"second", 0o600)
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_written_over_stays_and_leaves_no_draft(tmp_path: Path) -> None:
    folder = tmp_path / "in-the-way"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        private_files.write_over(folder, b"content")
    assert list(tmp_path.iterdir()) == [folder]


def test_writing_over_does_not_bring_a_removed_folder_back(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        private_files.write_over(tmp_path / "gone" / "result.json", b"{}")
    assert not (tmp_path / "gone").exists()


def test_an_empty_file_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "export.parquet"
    private_files.make_empty(file)
    assert (file.read_bytes(), _mode(file), _mode(file.parent)) == (b"", 0o600, 0o700)
    with pytest.raises(FileExistsError):
        private_files.make_empty(file)


def test_a_key_is_made_once_by_many(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "store.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: _key(file), range(8)))
    assert keys == {file.read_bytes()}
    assert list(file.parent.iterdir()) == [file]


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "store.key"
    private_files.write_new(file, b"short")
    with pytest.raises(StoreError, match=r"holds 5 bytes; a key has 32\. Restore it"):
        _key(file)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_what_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "a.pem"
    file.write_bytes(b"secret")
    file.chmod(mode)
    with pytest.raises(SettingsError, match=f"mode {mode:o}, expected 600.*chmod 600"):
        private_files.read(file, SettingsError, step="")


def test_what_cannot_be_read_or_made_is_told_in_the_askers_words(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be used: No such file.*Look for it"):
        private_files.read(tmp_path / "gone", SettingsError, step="Look for it.")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match=r"cannot be used.*Move it"):
        _key(tmp_path / "file" / "store.key")

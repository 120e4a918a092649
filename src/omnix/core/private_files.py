"""Files that only their owner may read: keys, settings with passwords, copies of people's rows.

Each is made with mode 600, never made first and closed to others later. A whole file appears at
once or not at all, and it outlives a power cut.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from omnix.core.errors import OmnixError

KEY_BYTES = 32


def write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet; its folder is made with mode 700.

    Raises:
        FileExistsError: there is one of that name already; it stays as it is.
        OSError: it cannot be written.

    """
    _make_folder(file)
    with _draft_of(file, content) as draft:
        os.link(draft, file)


def write_over(file: Path, content: bytes) -> None:
    """Write a file in the place of the one that is there, if one is; its folder must be.

    Raises:
        OSError: it cannot be written; what was there is as it was.

    """
    with _draft_of(file, content) as draft:
        draft.replace(file)


def make_empty(file: Path) -> None:
    """Make an empty file for a writer that opens it by its name; its folder is made with mode 700.

    Raises:
        FileExistsError: there is one of that name already.
        OSError: it cannot be made.

    """
    _make_folder(file)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def read(file: Path, error: type[OmnixError], *, step: str) -> bytes:
    """The bytes of a key file.

    Raises:
        error: it cannot be read (`step` is then what to do), or others than its owner can read it.

    """
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        content = file.read_bytes()
    except OSError as found:
        raise _unusable(file, error, found, step) from None
    if mode & 0o077:
        raise error(
            f"Others than its owner can read the key file {file} (mode {mode:o}, expected 600).",
            f"Run `chmod 600 {file}`.",
        )
    return content


def key_of(file: Path, error: type[OmnixError], *, unusable: str, cut: str) -> bytes:
    """The 32 random bytes in `file`; made on first use. Of two makers the first wins.

    Raises:
        error: it cannot be read or made (`unusable` is then what to do), others than its owner can
            read it, or it holds another number of bytes (then `cut`).

    """
    try:
        if not file.exists():
            with suppress(FileExistsError):
                write_new(file, secrets.token_bytes(KEY_BYTES))
    except OSError as found:
        raise _unusable(file, error, found, unusable) from None
    key = read(file, error, step=unusable)
    if len(key) != KEY_BYTES:
        raise error(f"The key file {file} holds {len(key)} bytes; a key has {KEY_BYTES}.", cut)
    return key


def _unusable(file: Path, error: type[OmnixError], found: OSError, step: str) -> OmnixError:
    return error(f"The key file {file} cannot be used: {found.strerror}.", step)


def _make_folder(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextmanager
def _draft_of(file: Path, content: bytes) -> Iterator[Path]:
    """The content under another name beside `file`, which is gone in the end."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.draft")
    make = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(make, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)

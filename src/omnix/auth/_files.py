"""Files that only their owner may read."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from omnix.auth.errors import KeyFileError


def write_private(file: Path, content: bytes) -> None:
    """Write a whole new file, mode 600, made durable; its folder is made with mode 700.

    Raises:
        FileExistsError: there is one of that name already; it stays as it is.
        OSError: it cannot be written.

    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    finally:
        draft.unlink()


def write_private_once(file: Path, content: bytes) -> None:
    """Write `file` unless it is there; of two writers the first wins.

    Raises:
        KeyFileError: it cannot be written.

    """
    try:
        if not file.exists():
            with suppress(FileExistsError):
                write_private(file, content)
    except OSError as error:
        raise _unusable(file, error) from None


def read_private(file: Path) -> bytes:
    """The bytes of a key file.

    Raises:
        KeyFileError: it cannot be read, or others than its owner can.

    """
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        content = file.read_bytes()
    except OSError as error:
        raise _unusable(file, error) from None
    if mode & 0o077:
        raise KeyFileError(
            f"Others than its owner can read the key file {file} (mode {mode:o}, expected 600).",
            f"Run `chmod 600 {file}`.",
        )
    return content


def _unusable(file: Path, error: OSError) -> KeyFileError:
    return KeyFileError(
        f"The key file {file} cannot be used: {error.strerror}.",
        "Give the service's user the right to read and write the home's keys folder.",
    )

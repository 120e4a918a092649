"""Digests that only the owner of a key can make; the key lies beside the store, never in it.

HMAC-SHA-256 (RFC 2104). Who can write the store, but not read the key, can neither forge the audit
log's chain nor tell whose attempts a counter counts.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from omnix.core.errors import StoreError

KEY_BYTES = 32


class Digests:
    """Keyed digests of texts.

    `file`: the key; made on first use, readable by its owner only. Whoever loses it keeps the
    store, but can no longer prove that the audit log is whole.
    """

    def __init__(self, file: Path) -> None:
        self._key = _key_of(file)

    def of(self, *parts: str) -> str:
        """The digest of `parts`, each by itself, as 64 hexadecimal characters."""
        joined = b"".join(
            len(p).to_bytes(8, "big") + p
            for p in (x.encode("utf-8", "surrogatepass") for x in parts)
        )
        return hmac.new(self._key, joined, sha256).hexdigest()


def _key_of(file: Path) -> bytes:
    try:
        if not file.exists():
            _make(file)
        mode, key = stat.S_IMODE(file.stat().st_mode), file.read_bytes()
    except OSError as error:
        raise StoreError(
            f"The key file {file} cannot be used: {error.strerror}.",
            "Give yourself the right to read and write there.",
        ) from None
    if mode & 0o077:
        raise StoreError(
            f"Others than its owner can read the key file {file} (mode {mode:o}, expected 600).",
            f"Run `chmod 600 {file}`.",
        )
    if len(key) != KEY_BYTES:
        raise StoreError(
            f"The key file {file} holds {len(key)} bytes; a key has {KEY_BYTES}.",
            "Restore it from your backup.",
        )
    return key


def _make(file: Path) -> None:
    """A whole key appears at once; of two makers the first wins, and both then read its key."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(secrets.token_bytes(KEY_BYTES))
        out.flush()
        os.fsync(out.fileno())
    try:
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()

"""Secrets at rest: sealed with a key that lies beside the store, never in it.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; keyed digests with HMAC-SHA-256.
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
_NONCE_BYTES = 12


class Sealer:
    """Seals small secrets and makes digests that only the key's owner can make.

    `file`: the key; made on first use, readable by its owner only. Whoever loses it keeps the
    store, but two-factor secrets must be set up again.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        key = _key_of(file)
        self._sealing = _derived(key, b"seal")
        self._digesting = _derived(key, b"digest")

    def seal(self, secret: str, context: str) -> bytes:
        """`secret`, unreadable without the key, and bound to `context` (its row)."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._sealing).encrypt(nonce, secret.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """What `seal` was given.

        Raises:
            StoreError: the key is another one, or the bytes were moved or changed.

        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(self._sealing).decrypt(nonce, body, context.encode()).decode()
        except (InvalidTag, ValueError):
            raise StoreError(
                f"A secret in the store does not open with the key {self.file.name}.",
                "Restore keys/ from the backup that belongs to this store.",
            ) from None

    def digest(self, *parts: str) -> str:
        """A keyed digest of `parts`, as 64 hexadecimal characters."""
        joined = b"".join(len(p).to_bytes(8, "big") + p for p in (x.encode() for x in parts))
        return hmac.new(self._digesting, joined, sha256).hexdigest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    """One key per purpose (RFC 5869, expand only: the file holds uniformly random bytes)."""
    return hmac.new(key, b"omnix store " + purpose + b"\x01", sha256).digest()


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

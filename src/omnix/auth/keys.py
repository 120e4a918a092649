"""The keys that sign tokens: one Ed25519 key a file, the newest signs, older ones fade out.

A key's id is its file's name: the moment it was made and something random. Ids that come with a
token are only ever looked up among these; they are never part of a path.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise, zip_longest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from omnix.auth.errors import KEYS_FOLDER_STEP, KeyFileError, TokenError
from omnix.core import private_files
from omnix.core.clock import utc_now

_MOMENT = "%Y%m%dT%H%M%S%fZ"
_FILE = re.compile(r"(\d{8}T\d{12}Z-[0-9a-f]{16})\.pem")


@dataclass(frozen=True)
class Key:
    """One signing key; `made_at` in UTC."""

    id: str
    private: Ed25519PrivateKey
    public: Ed25519PublicKey
    made_at: datetime


class KeyRing:
    """The keys in one folder. Every use sees what another process has changed there.

    `overlap` is how long a key still verifies after its successor was made: at least as long as
    any token lives.
    """

    def __init__(
        self,
        folder: Path,
        *,
        overlap: timedelta = timedelta(hours=1),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._folder = folder
        self._overlap = overlap
        self._now = now
        # One value, so that threads that look at the same time never mix two states.
        self._state: tuple[tuple[str, ...], tuple[Key, ...]] = ((), ())

    def newest(self) -> Key:
        """The key that signs; the first is made when it is asked for.

        Raises:
            KeyFileError: the folder or a key cannot be used.

        """
        return (self._current() or (self.rotate(),))[-1]

    def known(self, key_id: str) -> Key:
        """The key of that id, if its tokens are still good.

        Raises:
            TokenError: there is no such key, or it has faded out.

        """
        for key in self._good():
            if key.id == key_id:
                return key
        raise TokenError("unknown key")

    def rotate(self) -> Key:
        """Make a new key that signs from now on; delete those that have faded out.

        Raises:
            KeyFileError: the folder cannot be written.

        """
        made_at = self._next_moment()
        name = f"{made_at.strftime(_MOMENT)}-{secrets.token_hex(8)}"
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        try:
            private_files.write_new(self._folder / f"{name}.pem", pem)
        except OSError as error:
            raise KeyFileError(
                f"The folder {self._folder} cannot take a new key: {error.strerror}.",
                "Give the service's user the right to write there.",
            ) from None
        self._forget_faded()
        return self._current()[-1]

    def _next_moment(self) -> datetime:
        """Now; but after the newest key's, so that a clock set back does not hide the new one."""
        now, keys = self._now().astimezone(UTC), self._current()
        return max(now, keys[-1].made_at + timedelta(microseconds=1)) if keys else now

    def ids(self) -> tuple[str, ...]:
        """The ids of the keys that still verify, oldest first."""
        return tuple(key.id for key in self._good())

    def _good(self) -> list[Key]:
        keys = self._current()
        return [key for key, successor in zip_longest(keys, keys[1:]) if not self._faded(successor)]

    def _faded(self, successor: Key | None) -> bool:
        return successor is not None and successor.made_at + self._overlap <= self._now()

    def _forget_faded(self) -> None:
        keys = self._current()
        for key, successor in pairwise(keys):
            if self._faded(successor):
                (self._folder / f"{key.id}.pem").unlink(missing_ok=True)

    def _current(self) -> tuple[Key, ...]:
        names = self._names()
        seen, keys = self._state
        if names != seen:
            keys = tuple(key for name in names if (key := _read(self._folder / name)))
            self._state = names, keys
        return keys

    def _names(self) -> tuple[str, ...]:
        try:
            return tuple(sorted(f.name for f in self._folder.iterdir() if _FILE.fullmatch(f.name)))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise KeyFileError(
                f"The folder of signing keys {self._folder} cannot be read: {error.strerror}.",
                "Give the service's user the right to read it.",
            ) from None


def _read(file: Path) -> Key | None:
    """The key in `file`; None where another process has deleted it since the folder was listed."""
    if not file.exists():
        return None
    try:
        pem = private_files.read(file, KeyFileError, step=KEYS_FOLDER_STEP)
        private = load_pem_private_key(pem, password=None)
    except ValueError:
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{file} holds no Ed25519 key.", "Delete it, or restore it.")
    moment = datetime.strptime(file.stem.partition("-")[0], _MOMENT).replace(tzinfo=UTC)
    return Key(file.stem, private, private.public_key(), moment)

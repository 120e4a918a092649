"""Secrets that must be read again (the second factor's) lie in the store only sealed: AES-256-GCM.

The key is a file in the home, not in the store: a stolen database alone reveals none of them.
"""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from omnix.auth.errors import KEYS_FOLDER_STEP, KeyFileError
from omnix.core import private_files

_NONCE = 12
_VERSION = "v1."


class Seal:
    """Seals texts for one purpose and one owner; opens them only for the same."""

    def __init__(self, file: Path) -> None:
        """Read the key in `file`; made on first use, readable by its owner only.

        Raises:
            KeyFileError: others can read it, it cannot be read, or it is no key.

        """
        key = private_files.key_of(
            file,
            KeyFileError,
            unusable=KEYS_FOLDER_STEP,
            cut="Restore it from your backup; without it people set up their second factor anew.",
        )
        self._cipher = AESGCM(key)

    def seal(self, text: str, owner: str) -> str:
        """`text`, sealed so that it opens only for `owner`."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, text.encode(), owner.encode())
        return _VERSION + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, owner: str) -> str:
        """The text that was sealed for `owner`.

        Raises:
            KeyFileError: it was sealed with another key or for another owner, or was changed.

        """
        try:
            content = base64.urlsafe_b64decode(sealed.removeprefix(_VERSION))
            text = self._cipher.decrypt(content[:_NONCE], content[_NONCE:], owner.encode())
        except (InvalidTag, ValueError):
            raise KeyFileError(
                "A sealed secret does not open with the key in this home.",
                "Restore the home's keys folder from the backup that the database came from.",
            ) from None
        return text.decode()

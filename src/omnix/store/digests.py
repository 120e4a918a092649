"""Digests that only the owner of a key can make; the key lies beside the store, never in it.

HMAC-SHA-256 (RFC 2104). Who can write the store, but not read the key, can neither forge the audit
log's chain nor tell whose attempts a counter counts.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path

from omnix.core import private_files
from omnix.core.errors import StoreError


class Digests:
    """Keyed digests of texts.

    `file`: the key; made on first use, readable by its owner only. Whoever loses it keeps the
    store, but can no longer prove that the audit log is whole.
    """

    def __init__(self, file: Path) -> None:
        self._key = private_files.key_of(
            file,
            StoreError,
            unusable="Give yourself the right to read and write there.",
            cut="Restore it from your backup.",
        )

    def of(self, *parts: str) -> str:
        """The digest of `parts`, each by itself, as 64 hexadecimal characters."""
        joined = b"".join(
            len(p).to_bytes(8, "big") + p
            for p in (x.encode("utf-8", "surrogatepass") for x in parts)
        )
        return hmac.new(self._key, joined, sha256).hexdigest()

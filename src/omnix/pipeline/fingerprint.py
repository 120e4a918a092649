"""Whether a table must be built again: only when inputs, code or parameters have changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files

#: Rooms whose code shapes every curated row: when it changes, curated tables are built again.
_CURATION_CODE = ("read.py", "typed.py", "rules.py", "curate.py", "facts.py", "quality.py")


def fingerprint(**parts: object) -> str:
    """A short digest of `parts`, the same for the same parts on any machine."""
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]


@cache
def curation_code() -> str:
    """A digest of the code that curates."""
    texts = [
        files("omnix.curation").joinpath(name).read_text(encoding="utf-8")
        for name in _CURATION_CODE
    ]
    return sha256("".join(texts).encode()).hexdigest()[:16]


def versions_text(versions: Mapping[str, int]) -> str:
    """Input versions as they are kept in a commit."""
    return json.dumps(dict(sorted(versions.items())))

"""A sentence with its code and values, so that a face can say it in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """`words`: the sentence in English; `values`: what stands in it, by name."""

    code: str
    words: str
    values: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As answers give it."""
        return {"code": self.code, "words": self.words, "values": dict(self.values)}

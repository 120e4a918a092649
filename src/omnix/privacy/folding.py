"""Text as a reader sees it: escapes undone and every script's digits as ASCII, places kept.

`%20`, `&nbsp;`, `&#45;`, `\\u00a0` and `\\n` become the one character they stand for, full-width
and Arabic-Indic digits become 0–9. Each folded character remembers the span it came from, so that
what is found in the folded text can be replaced in the original.
"""

from __future__ import annotations

import html
import re
import sys
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

ESCAPE = re.compile(
    # `%B4111…^` opens a magnetic stripe and is no escape.
    r"(?:%(?!B[0-9]{13,19}\^)[0-9A-Fa-f]{2})+|&\#[xX]?[0-9A-Fa-f]{1,6};|&[A-Za-z]{2,8};|\\u[0-9A-Fa-f]{4}|\\[nrt]"
)
_LITERAL = {r"\n": "\n", r"\r": "\r", r"\t": "\t"}


class Folded(NamedTuple):
    """`text` with `starts[i]`, `ends[i]`: the original span of its character i (None: the same)."""

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of folded characters `start` to `end` (`end` not included)."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


@cache
def _digits() -> dict[int, str]:
    every = (chr(code) for code in range(128, sys.maxunicode + 1))
    return {ord(sign): str(int(sign)) for sign in every if sign.isdecimal()}


def _plain(escape: str) -> str:
    if escape.startswith("%"):
        return unquote(escape, errors="replace")
    if escape.startswith("&"):
        return html.unescape(escape)
    return _LITERAL.get(escape) or chr(int(escape[2:], 16))


def fold(text: str) -> Folded:
    """`text` as a reader sees it."""
    if not text.isascii():
        text = text.translate(_digits())
    escapes = list(ESCAPE.finditer(text)) if any(mark in text for mark in "%&\\") else []
    if not escapes:
        return Folded(text)
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for escape in escapes:
        between = range(done, escape.start())
        shown = _plain(escape.group()).translate(_digits())
        signs += [text[done : escape.start()], shown]
        starts += [*between, *[escape.start()] * len(shown)]
        ends += [*(i + 1 for i in between), *[escape.end()] * len(shown)]
        done = escape.end()
    signs.append(text[done:])
    starts += range(done, len(text))
    ends += range(done + 1, len(text) + 1)
    return Folded("".join(signs), starts, ends)

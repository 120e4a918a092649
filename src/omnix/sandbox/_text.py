"""The text of a query before anybody parses it: its size, its characters, its words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from omnix.core.errors import nearest
from omnix.sandbox.errors import RefusedError

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

#: Bytes of UTF-8, tokens and brackets within brackets of one query.
MAX_BYTES, MAX_TOKENS, MAX_DEPTH = 100_000, 20_000, 60


@cache
def functions() -> frozenset[str]:
    """The lower-case names that a query may call."""
    lines = files("omnix.sandbox").joinpath("functions.txt").read_text("utf-8").splitlines()
    return frozenset(line.lower() for line in lines if line and not line.startswith("# "))


def at(sql: str, position: int | None) -> str:
    """How an error begins: the line and column of a character of the text."""
    if position is None or not 0 <= position <= len(sql):
        return ""
    before = sql[:position]
    column = position - (before.rfind("\n") + 1) + 1
    return f"Line {before.count(chr(10)) + 1}, column {column}: "


def check_text(sql: str) -> list[Token]:
    """The query's tokens, without the semicolon at its end.

    Raises:
        RefusedError: it is too long or too deep, or holds characters that read as others, more than
            one statement or a parameter.

    """
    size = len(sql.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise RefusedError(
            f"The query has {size:,} bytes; {MAX_BYTES:,} are allowed.", "Make it shorter."
        )
    tokens = _tokens(sql)
    if len(tokens) > MAX_TOKENS:
        raise RefusedError(
            f"The query has {len(tokens):,} words and signs; {MAX_TOKENS:,} are allowed.",
            "Make it shorter.",
        )
    _check_characters(sql, tokens)
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    if not tokens:
        raise RefusedError("The query is empty.", "Write one SELECT.")
    _check_tokens(sql, tokens)
    return tokens


def _tokens(sql: str) -> list[Token]:
    from sqlglot.dialects import DuckDB
    from sqlglot.errors import TokenError

    try:
        return list(DuckDB().tokenize(sql))
    except TokenError:
        raise RefusedError(
            "The query cannot be read: a quote or comment is not closed.", "Close it."
        ) from None


def _check_characters(sql: str, tokens: Sequence[Token]) -> None:
    """Outside quotes only what looks like what it is: no control signs, odd spaces or marks."""
    odd = [n for n, sign in enumerate(sql) if sign not in " \t\r\n" and _is_odd(sign)]
    for place in odd:
        sign = sql[place]
        if sign == "\0" or unicodedata.category(sign) == "Cs" or not _quoted(place, tokens):
            name = unicodedata.name(sign, "a control character").lower()
            raise RefusedError(
                f"{at(sql, place)}the sign U+{ord(sign):04X} ({name}) is not allowed here.",
                "Replace it with a plain space, or put it in quotes.",
            )


def _is_odd(sign: str) -> bool:
    return (sign < " " or sign > "~") and unicodedata.category(sign)[0] in "CZ"


def _quoted(place: int, tokens: Sequence[Token]) -> bool:
    from sqlglot.tokenizer_core import TokenType

    kinds = {TokenType.STRING, TokenType.IDENTIFIER}
    return any(t.start <= place <= t.end for t in tokens if t.token_type in kinds)


def _check_tokens(sql: str, tokens: Sequence[Token]) -> None:
    from sqlglot.tokenizer_core import TokenType

    depth = 0
    for token in tokens:
        kind = token.token_type
        if kind is TokenType.SEMICOLON:
            raise RefusedError(
                f"{at(sql, token.start)}there is more than one statement.",
                "Send one SELECT at a time.",
            )
        if kind in {TokenType.PARAMETER, TokenType.PLACEHOLDER}:
            raise RefusedError(
                f"{at(sql, token.start)}parameters are not bound here.", "Write the value itself."
            )
        if kind in {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE}:
            depth += 1
        elif kind in {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE}:
            depth -= 1
        if depth > MAX_DEPTH:
            raise RefusedError(
                f"{at(sql, token.start)}brackets are nested more than {MAX_DEPTH} deep.",
                "Split the query with `with … as (…)`.",
            )


def not_allowed(sql: str, position: int | None, name: str) -> RefusedError:
    """A function that is on no list."""
    return RefusedError(
        f"{at(sql, position)}the function {name[:60]}() is not among those a query may call.",
        f"{nearest(name[:60], functions())}Leave it out.",
    )

"""What sqlglot understands of a query: a second reader who must agree with the engine's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from omnix.sandbox._text import at, functions, not_allowed
from omnix.sandbox.errors import RefusedError

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.tokenizer_core import Token


@cache
def node_types() -> frozenset[str]:
    """The names of sqlglot's classes that a query may hold."""
    lines = files("omnix.sandbox").joinpath("nodes.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def check_tree(sql: str, tokens: Sequence[Token]) -> tuple[frozenset[str], frozenset[str]]:
    """Lower-case names: of everything that is read from, and of the common table expressions.

    Raises:
        RefusedError: it is no single SELECT, or something in it is on no list.

    """
    from sqlglot import exp

    allowed, callable_names = node_types(), functions()
    read: set[str] = set()
    named: set[str] = set()
    for node in _parsed(sql, tokens).walk():
        kind = type(node).__name__
        if kind not in allowed:
            raise RefusedError(
                f"{_place(sql, node)}{kind.lower()} is not allowed.",
                "A query is one SELECT (WITH is allowed) that only reads.",
            )
        if isinstance(node, exp.Table):
            if node.name and not isinstance(node.this, exp.Func):
                read.add(node.name.lower())
        elif isinstance(node, exp.CTE):
            named.add(node.alias.lower())
        elif isinstance(node, exp.Anonymous) and node.name.lower() not in callable_names:
            raise not_allowed(sql, node.meta_get("start"), node.name.lower())
    return frozenset(read), frozenset(named)


def _parsed(sql: str, tokens: Sequence[Token]) -> exp.Expr:
    from sqlglot import exp
    from sqlglot.dialects import DuckDB
    from sqlglot.errors import ParseError

    try:
        trees = [tree for tree in DuckDB().parser().parse(list(tokens), sql) if tree]
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        where = f"Line {first['line']}: " if first.get("line") else ""
        said = str(first.get("description") or "it is no SQL")[:200].rstrip(".")
        raise RefusedError(f"{where}this cannot be read: {said}.", "Write it plainer.") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query | exp.Values):
        raise RefusedError(
            "This is not one SELECT.", "A query is one SELECT (WITH is allowed) that only reads."
        )
    return trees[0]


def _place(sql: str, node: exp.Expr) -> str:
    for each in node.walk():
        if (start := each.meta_get("start")) is not None:
            return at(sql, start)
    return ""

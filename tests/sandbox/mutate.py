"""Deterministic disguises of a query: each says the same to some reader of SQL, or nearly so."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
#: Letters that look like Latin ones (Unicode confusables), and spaces that are none.
_LOOKALIKES = str.maketrans("aeopcxys", "аеорсхуѕ")
_SPACES = ["\u00a0", "\u2003", "\u200b", "\u3000", "\ufeff", "\x0b", "\x0c"]


def corpus(name: str = "hostile.sql", **paths: str) -> list[tuple[str, str]]:
    """Family and text of every query of a file, with the paths put in."""
    found = []
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.startswith("--") or not line.strip():
            continue
        family, _, sql = line.rpartition("\t") if "\t" in line else ("D", "", line)
        for key, value in paths.items():
            sql = sql.replace("{" + key + "}", value)
        found.append((family, sql))
    return found


def disguises(sql: str, seed: int) -> Iterator[str]:
    """The query itself and its disguises."""
    chance = random.Random(seed)
    yield sql
    for change in _CHANGES:
        yield change(sql, chance)


def _any_case(sql: str, chance: random.Random) -> str:
    return "".join(c.upper() if chance.random() < 0.5 else c.lower() for c in sql)


def _comments(sql: str, chance: random.Random) -> str:
    return sql.replace(" ", " /* " + chance.choice(["x", "/* y */", "'", '"', "--"]) + " */ ")


def _nested(sql: str, _: random.Random) -> str:
    return f"/* /* */ select 1; */ {sql} /* */"


def _lines(sql: str, _: random.Random) -> str:
    return sql.replace(" ", "--;\n")


def _dollar(sql: str, _: random.Random) -> str:
    return re.sub(r"'([^']*)'", r"$q$\1$q$", sql)


def _escaped(sql: str, _: random.Random) -> str:
    return re.sub(
        r"'([^']*)'",
        lambda m: "e'" + "".join(f"\\x{ord(c):02x}" if ord(c) < 128 else c for c in m[1]) + "'",
        sql,
    )


def _joined(sql: str, _: random.Random) -> str:
    return re.sub(r"'([^']{2,})'", lambda m: f"'{m[1][:1]}' || '{m[1][1:]}'", sql)


def _lookalike(sql: str, _: random.Random) -> str:
    return sql.translate(_LOOKALIKES)


def _mark(sql: str, _: random.Random) -> str:
    return "\ufeff" + sql


def _odd_space(sql: str, chance: random.Random) -> str:
    return sql.replace(" ", chance.choice(_SPACES))


def _null(sql: str, _: random.Random) -> str:
    return sql.replace(" ", "\0 ", 1)


def _cte(sql: str, _: random.Random) -> str:
    return f"with w as ({sql}) select * from w"


def _subquery(sql: str, _: random.Random) -> str:
    return f"select * from ({sql}) w"


def _lateral(sql: str, _: random.Random) -> str:
    return f"select * from range(1) r, lateral ({sql}) w"


def _scalar(sql: str, _: random.Random) -> str:
    return f"select ({sql})"


def _exists(sql: str, _: random.Random) -> str:
    return f"select 1 where exists ({sql})"


def _union(sql: str, _: random.Random) -> str:
    return f"select null union all by name ({sql})"


def _stacked(sql: str, _: random.Random) -> str:
    return f"select 1; {sql}"


def _stacked_after(sql: str, _: random.Random) -> str:
    return f"{sql}; select 1"


def _macro(sql: str, _: random.Random) -> str:
    return f"create temp macro m() as table {sql}; from m()"


def _explained(sql: str, _: random.Random) -> str:
    return f"explain analyze {sql}"


def _quoted(sql: str, _: random.Random) -> str:
    return re.sub(r"\b(\w+)\(", r'"\1"(', sql)


def _qualified(sql: str, _: random.Random) -> str:
    return re.sub(r"\b([a-z_]+)\(", r"system.main.\1(", sql)


def _brackets(sql: str, _: random.Random) -> str:
    return "(" * 20 + sql + ")" * 20


_CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    _any_case, _comments, _nested, _lines, _dollar, _escaped, _joined, _lookalike, _mark, _odd_space,
    _null, _cte, _subquery, _lateral, _scalar, _exists, _union, _stacked, _stacked_after, _macro,
    _explained, _quoted, _qualified, _brackets,
)  # fmt: skip

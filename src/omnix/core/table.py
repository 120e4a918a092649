"""One table of the lake: its contract and the function that builds it, side by side."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from omnix.core.errors import ContractError

if TYPE_CHECKING:
    import duckdb

Dtype = Literal["string", "int32", "int64", "float64", "bool", "timestamp", "date"]
Layer = Literal["raw", "curated", "analytics"]

#: What a contract's types are called in DuckDB. A timestamp has no zone there: it is always UTC.
DUCKDB_TYPES: Mapping[str, str] = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
}


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, its meaning with the unit, and what it tells of a person.

    `person` is "id" for a surrogate that leads to one person, "detail" for what describes them.
    """

    dtype: Dtype
    about: str
    nullable: bool = False
    person: Literal["id", "detail"] | None = None

    def __post_init__(self) -> None:
        if self.dtype not in get_args(Dtype):
            raise ContractError(
                f"A column has the type {self.dtype!r}.",
                f"Use one of {', '.join(get_args(Dtype))}.",
            )


@dataclass(frozen=True)
class Table:
    """A declared table. `inputs` are the names of its build function's parameters.

    keep_days: days of the as-of date for which what was built once is good enough, whatever came in.
    code: packages and modules beyond its own whose change makes it out of date.
    """

    name: str
    layer: Layer
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    checks: Mapping[str, str]
    build: Callable[..., Any]
    module: str = field(default="", compare=False)
    keep_days: int = field(default=0, kw_only=True)
    code: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def about(self) -> str:
        """What one row is; the build function's docstring."""
        return inspect.getdoc(self.build) or ""

    @property
    def system(self) -> str:
        """The system it belongs to: the package under `omnix.systems`, else "curation"."""
        parts = self.module.split(".")
        return parts[2] if len(parts) > 3 and parts[1] == "systems" else "curation"

    @property
    def inputs(self) -> tuple[str, ...]:
        """The tables this one reads."""
        return tuple(
            name
            for name, parameter in inspect.signature(self.build).parameters.items()
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        )

    @property
    def takes_as_of(self) -> bool:
        """Whether the build depends on the as-of date."""
        return "as_of" in inspect.signature(self.build).parameters

    @property
    def asks(self) -> frozenset[str]:
        """What the build wants beside tables and the cut: "budget", "previous", "models"."""
        parameters = inspect.signature(self.build).parameters.values()
        return frozenset(p.name for p in parameters if p.kind is p.KEYWORD_ONLY) - {"as_of"}

    @property
    def path(self) -> str:
        """Where it lies in the lake."""
        return f"{self.layer}/{self.name}"

    @property
    def fingerprint(self) -> str:
        """Changes whenever the contract or the code of the build changes."""
        code = {
            "key": self.key,
            "columns": {name: column.dtype for name, column in self.columns.items()},
            "checks": dict(self.checks),
            "source": inspect.getsource(self.build),
        }
        if self.code:
            code["code"] = source_of(self.code)
        return sha256(json.dumps(code, sort_keys=True).encode()).hexdigest()[:16]

    def sql(self) -> str | None:
        """The SELECT that builds the table, with `$as_of` unbound; None when it is not SQL."""
        names: dict[str, Any] = dict.fromkeys(self.inputs)
        if self.takes_as_of:
            names["as_of"] = None
        try:
            made = self.build(**names)
        except (TypeError, AttributeError):  # a build that works on real relations
            return None
        return inspect.cleandoc(made) if isinstance(made, str) else None

    def violations(self, con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
        """Every way in which `relation` (a table, view or subquery of `con`) breaks this contract.

        In words; an empty list means that it holds. A check that evaluates to null is broken.
        """
        wrong = self._wrong_columns(con, relation)
        return wrong or list(self._broken_rules(con, relation))

    def _wrong_columns(self, con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
        described = con.execute(f"describe select * from {relation}").fetchall()
        actual = {row[0]: row[1] for row in described}
        wanted = {name: DUCKDB_TYPES[column.dtype] for name, column in self.columns.items()}
        return [
            f"{self.name}.{name}: want {wanted.get(name, 'no such column')}, "
            f"have {actual.get(name, 'no such column')}"
            for name in [*wanted, *(name for name in actual if name not in wanted)]
            if wanted.get(name) != actual.get(name)
        ]

    def _broken_rules(self, con: duckdb.DuckDBPyConnection, relation: str) -> Iterable[str]:
        needed = [name for name, column in self.columns.items() if not column.nullable]
        measures = [f"count(*) - count({quoted(name)})" for name in needed]
        measures += [
            f"count(*) filter (not coalesce(({rule}), false))" for rule in self.checks.values()
        ]
        measures.append(f"count(*) - count(distinct ({', '.join(map(quoted, self.key))}))")
        (counts,) = con.execute(f"select {', '.join(measures)} from {relation}").fetchall()
        words = [f"{self.name}.{name}: {{}} nulls, none allowed" for name in needed]
        words += [f"{self.name}: {{}} rows break the rule {rule!r}" for rule in self.checks]
        words.append(f"{self.name}: {{}} rows repeat the key {self.key}")
        for count, sentence in zip(counts, words, strict=True):
            if count:
                yield sentence.replace("{}", str(count))


def table(
    *,
    key: tuple[str, ...],
    columns: Mapping[str, Column],
    checks: Mapping[str, str] | None = None,
    layer: Layer = "analytics",
    keep_days: int = 0,
    code: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Table]:
    """Turn a build function into the `Table` named after it.

    `checks` maps a rule in words to a SQL expression that must be true of every row; `keep_days` and
    `code` are as in `Table`.

    Raises:
        ContractError: the key is no column, or the docstring does not say what one row is.

    """

    def declare(build: Callable[..., Any]) -> Table:
        name = build.__name__
        if missing := [part for part in key if part not in columns]:
            raise ContractError(f"{name}: the key {missing} is no column.", "Declare the column.")
        if not (inspect.getdoc(build) or "").startswith("One row per "):
            raise ContractError(
                f"{name}: nobody knows what one row is.",
                'Begin its docstring with "One row per …".',
            )
        return Table(
            name, layer, key, dict(columns), dict(checks or {}), build, build.__module__,
            keep_days=keep_days, code=code,
        )  # fmt: skip

    return declare


@cache
def source_of(names: tuple[str, ...]) -> str:
    """A digest of the source text of these packages and modules."""
    digest = sha256()
    for name in names:
        found = find_spec(name)
        if found is None or found.origin is None:
            raise ContractError(f"There is no code {name!r}.", "Name a module or a package.")
        origin = Path(found.origin)
        inside = sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]
        for path in inside:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def quoted(name: str) -> str:
    """`name` as a SQL identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as a SQL string literal, for the few places that cannot bind parameters."""
    return "'" + text.replace("'", "''") + "'"

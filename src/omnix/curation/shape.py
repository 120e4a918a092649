"""How a curated table is declared: what it reads from a shop, its rules, what it refers to."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from omnix.core.errors import ContractError
from omnix.core.table import Column, Dtype, Table

Kind = Literal["text", "money", "number", "whole", "flag", "moment", "day"]
Severity = Literal["error", "warning"]
Part = Literal["validity", "consistency"]

_DTYPES: Mapping[Kind, Dtype] = {
    "text": "string",
    "money": "int64",
    "number": "float64",
    "whole": "int64",
    "flag": "bool",
    "moment": "timestamp",
    "day": "date",
}


@dataclass(frozen=True)
class Field:
    """One column that a shop may give.

    kind:     how its cells are read ("money" turns major units into cents).
    about:    its meaning, for the contract.
    source:   the name under which a mapping gives it; the column's own name unless said otherwise.
    required: a row without it is broken.
    person:   as in `Column`.
    default:  SQL taken where the cell is empty.
    normal:   SQL around the text, `{}` standing for it: "lower({})".
    """

    kind: Kind
    about: str
    source: str = ""
    required: bool = False
    person: Literal["id", "detail"] | None = None
    default: str | None = None
    normal: str = "{}"

    def column(self) -> Column:
        """The contract that the curated column keeps."""
        filled = self.required or self.default is not None
        return Column(_DTYPES[self.kind], self.about, nullable=not filled, person=self.person)


@dataclass(frozen=True)
class Derived:
    """A column computed from the others of its row."""

    dtype: Dtype
    about: str
    sql: str
    nullable: bool = False
    person: Literal["id", "detail"] | None = None

    def column(self) -> Column:
        """The contract that the curated column keeps."""
        return Column(self.dtype, self.about, nullable=self.nullable, person=self.person)


@dataclass(frozen=True)
class Rule:
    """What must be true of every row, in words and as SQL over the curated columns.

    A row that breaks an "error" goes to quarantine; a "warning" is noted and the row stays.
    `part` is the part of the quality score that it counts in.
    """

    words: str
    sql: str
    severity: Severity = "error"
    part: Part = "validity"


@dataclass(frozen=True)
class Reference:
    """`column` holds keys of the curated table `table`; empty cells refer to nothing."""

    column: str
    table: str
    severity: Severity = "error"

    @property
    def words(self) -> str:
        """The rule in words."""
        return f"{self.column} is in {self.table}"


@dataclass(frozen=True)
class CrossRule:
    """A rule over several tables: `sql` selects the keys of the rows of `table` that break it.

    It reads the declared table and its parents by name. Always a warning: which of the rows is
    wrong, nobody can tell.
    """

    words: str
    table: str
    sql: str


@dataclass(frozen=True)
class Curated(Table):
    """A curated table: a contract plus how rows get in."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    references: Sequence[Reference] = ()
    cross_rules: Sequence[CrossRule] = ()
    newest: str | None = None
    money: str | None = None

    @property
    def sources(self) -> dict[str, str]:
        """The mapped name of each field's column."""
        return {name: each.source or name for name, each in self.fields.items()}

    @property
    def fingerprint(self) -> str:
        """Changes whenever anything in the declaration changes."""
        text = json.dumps(
            [self.key, self.newest, self.money, *map(repr, (self.fields, self.derived))]
            + [repr(each) for each in (*self.rules, *self.references, *self.cross_rules)]
        )
        return sha256(text.encode()).hexdigest()[:16]

    def sql(self) -> str | None:
        """None: the rows come from whatever mapping the shop has."""
        return None


def curated(
    *,
    key: tuple[str, ...],
    fields: Mapping[str, Field],
    derived: Mapping[str, Derived] | None = None,
    rules: Sequence[Rule] = (),
    references: Sequence[Reference] = (),
    cross_rules: Sequence[CrossRule] = (),
    newest: str | None = "updated_at",
    money: str | None = None,
) -> Callable[[Callable[..., Any]], Curated]:
    """Turn a function, whose parameters are the curated tables it refers to, into a `Curated`.

    Args:
        key: what tells two rows apart; of rows with one key the newest valid one wins.
        newest: the column by which "newest" is told (then the raw row's number).
        money: the cents column whose sum the books balance.

    """

    def declare(build: Callable[..., Any]) -> Curated:
        about = inspect.getdoc(build) or ""
        if not about.startswith("One row per "):
            raise ContractError(
                f"{build.__name__}: nobody knows what one row is.",
                'Begin its docstring with "One row per …".',
            )
        columns = {name: each.column() for name, each in fields.items()}
        columns |= {name: each.column() for name, each in (derived or {}).items()}
        for name in (*key, *([newest] if newest else []), *([money] if money else [])):
            if name not in columns:
                raise ContractError(f"{build.__name__}: {name!r} is no column.", "Declare it.")
        return Curated(
            build.__name__,
            "curated",
            key,
            columns,
            {},
            build,
            build.__module__,
            fields,
            derived or {},
            tuple(rules),
            tuple(references),
            tuple(cross_rules),
            newest,
            money,
        )

    return declare


def row_times() -> dict[str, Field]:
    """`created_at` and `updated_at`, which every table of a shop may have."""
    return {
        "created_at": Field("moment", "When the shop made the row, UTC."),
        "updated_at": Field("moment", "When the shop last changed the row, UTC."),
    }

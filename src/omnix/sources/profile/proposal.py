"""A proposed mapping: SQL files, `mapping.toml`, and a report in the shop's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from omnix.core.table import quoted
from omnix.sources.profile.meaning import MISSING
from omnix.sources.profile.words import COLUMNS


@dataclass(frozen=True)
class Part:
    """One agreed column: the SQL that makes it, from which of the shop's columns, how sure and why."""

    agreed: str
    sql: str
    columns: tuple[str, ...]
    confidence: float
    reason: str


@dataclass(frozen=True)
class Mapped:
    """One agreed table: what it is read from and how each of its columns is made.

    `row` and `excluded` are the SQL of the hidden columns `_row` and `_excluded`; `tail` follows
    the from clause.
    """

    agreed: str
    raw: str
    parts: tuple[Part, ...]
    confidence: float
    row: str = "_row"
    excluded: str | None = None
    tail: str = ""
    remark: str = ""

    @property
    def sql(self) -> str:
        """The SELECT, one column a line, with the confidence and the reason beside it."""
        lines = [(f"{part.sql} as {part.agreed}", part) for part in self.parts]
        width = min(max(len(sql) for sql, _ in lines), 60)
        body = [
            f"  {sql + ',':<{width + 1}}  -- {part.confidence:.0%}: {_one_line(part.reason)}"
            for sql, part in lines
        ]
        hidden = [f"  {self.excluded} as _excluded,"] if self.excluded else []
        hidden.append(f"  {self.row}" if self.row == "_row" else f"  {self.row} as _row")
        head = [f"-- {self.agreed}: from {_one_line(self.raw)}, {self.confidence:.0%} sure."]
        head += [f"-- {_one_line(self.remark)}"] if self.remark else []
        tail = self.tail.splitlines()
        return "\n".join([*head, "select", *body, *hidden, f"from {plain(self.raw)}", *tail]) + "\n"


@dataclass(frozen=True)
class Unmapped:
    """A column of the shop that has no place in the agreed shape."""

    table: str
    column: str
    holds: str


@dataclass(frozen=True)
class RawTable:
    """Where a raw table's rows go, and its money as SQL over its columns."""

    home: tuple[str, ...]
    money: str | None = None


@dataclass(frozen=True)
class Proposal:
    """What omnix would read an unknown shop as. Nothing of it is final: the files are the user's."""

    tables: Mapping[str, Mapped]
    raw: Mapping[str, RawTable]
    unmapped: tuple[Unmapped, ...] = ()
    unused: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    currency: str | None = None

    def write(self, folder: Path) -> None:
        """Write `<agreed table>.sql`, `mapping.toml` and `REPORT.md` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for agreed, mapped in self.tables.items():
            (folder / f"{agreed}.sql").write_text(mapped.sql, encoding="utf-8")
        (folder / "mapping.toml").write_text(self.toml(), encoding="utf-8")
        text = "\n".join(["# How omnix reads this shop", "", *self.report(), ""])
        (folder / "REPORT.md").write_text(text, encoding="utf-8")

    def toml(self) -> str:
        """`mapping.toml`: where each raw table's rows go, and what its money is."""
        lines = ["# Which agreed tables take the rows of each raw table, and what its money is."]
        if self.currency:
            lines.append(f"currency = {json.dumps(self.currency)}")
        for name, raw in self.raw.items():
            key = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)
            lines += ["", f"[raw.{key}]", f"home = {json.dumps(list(raw.home))}"]
            if raw.money:
                lines.append(f"money = {json.dumps(raw.money, ensure_ascii=False)}")
        return "\n".join(lines) + "\n"

    def report(self) -> list[str]:
        """What was mapped, what was not, and what omnix therefore cannot answer. Markdown lines."""
        return [
            *self._mapped_lines(),
            *self._unmapped_lines(),
            *self._missing_lines(),
            *(["## To check", "", *(f"- {note}" for note in self.notes)] if self.notes else []),
        ]

    def _mapped_lines(self) -> list[str]:
        if not self.tables:
            return [
                "## Nothing could be mapped",
                "",
                "No table looks like orders, products or customers.",
                "",
            ]
        lines = ["## Mapped", ""]
        for agreed, mapped in self.tables.items():
            lines.append(f"- **{mapped.raw} → {agreed}** ({mapped.confidence:.0%} sure)")
            for part in mapped.parts:
                source = (
                    ", ".join(f"{mapped.raw}.{column}" for column in part.columns) or "computed"
                )
                lines.append(
                    f"  - {source} → {agreed}.{part.agreed} ({part.confidence:.0%}: {part.reason})"
                )
        return [*lines, ""]

    def _unmapped_lines(self) -> list[str]:
        lines = [f"- table {name}: {why}" for name, why in self.unused.items()]
        lines += [f"- {each.table}.{each.column} ({each.holds})" for each in self.unmapped]
        return ["## Not mapped", "", *lines, ""] if lines else []

    def _missing_lines(self) -> list[str]:
        lines = [
            f"- no {name}: omnix cannot tell {MISSING[name]}"
            for name in COLUMNS
            if name not in self.tables
        ]
        for place, what in MISSING.items():
            table, _, column = place.partition(".")
            mapped = self.tables.get(table)
            if column and mapped and column not in {part.agreed for part in mapped.parts}:
                if place == "orders.currency" and self.currency:
                    continue
                lines.append(f"- {mapped.raw} has no {column}: omnix cannot tell {what}")
        return ["## Not in your data", "", *lines, ""] if lines else []


def plain(name: str) -> str:
    """`name` as SQL, quoted only where it must be."""
    reserved = {
        "order",
        "group",
        "table",
        "select",
        "user",
        "column",
        "limit",
        "offset",
        "all",
        "end",
    }
    simple = re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in reserved
    return name if simple else quoted(name)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)

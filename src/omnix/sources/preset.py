"""Mappings from a shop's own tables to the agreed shape: a folder with one SELECT per table."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from omnix.core.errors import MappingError, nearest
from omnix.core.table import quoted
from omnix.curation import agreed_columns

FILE = "mapping.toml"
_RAW_SETTINGS = {"home", "money", "key", "watermark"}

#: What the books compare in a table that has the agreed names: the first whose columns are there.
_MONEY: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "orders": (("total_amount", ("total_amount",)),),
    "order_items": (
        ("total_amount", ("total_amount",)),
        ("quantity * unit_price", ("quantity", "unit_price")),
    ),
    "payments": (("amount", ("amount",)),),
    "refunds": (("amount", ("amount",)),),
}


@dataclass(frozen=True)
class RawTable:
    """What a mapping says of one raw table.

    requires: columns that must be there. home: the mapped tables of which exactly one takes each
    raw row (passing its `_row` on). money: SQL over the raw columns; the books follow its sum.
    """

    name: str
    requires: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    money: str | None = None
    key: tuple[str, ...] = ()
    watermark: str | None = None


@dataclass(frozen=True)
class Preset:
    """A mapping: for each agreed table, when the shop has it, the SELECT that makes it."""

    name: str
    about: str
    timezone: str
    currency: str
    folder: Path
    tables: Mapping[str, str]
    raw: Mapping[str, RawTable] = field(default_factory=dict)

    def reads(self, agreed: str) -> tuple[str, ...]:
        """The raw tables that the SELECT of `agreed` reads, by name."""
        return _tables_in(self.tables[agreed], f"{agreed}.sql")

    def is_plain(self, agreed: str) -> bool:
        """Whether the SELECT only picks and renames columns of one table, row by row."""
        return _is_plain(self.tables[agreed])

    def missing(self, offered: Mapping[str, Collection[str]]) -> list[str]:
        """What the mapping needs and the source lacks, in words; names compare without case."""
        there = {name.lower(): {column.lower() for column in columns} for name, columns in offered.items()}
        return [words for raw in self.raw.values() for words in _lacking(raw, there, offered)]


def _lacking(raw: RawTable, there: Mapping[str, set[str]], offered: Mapping[str, Collection[str]]) -> list[str]:
    columns = there.get(raw.name.lower())
    if columns is None:
        hint = nearest(raw.name, offered)
        return [f"The source has no table {raw.name!r}. {hint}It has: {', '.join(sorted(offered)) or 'none'}."]
    own = next(cells for name, cells in offered.items() if name.lower() == raw.name.lower())
    return [
        f"{raw.name} has no column {name!r}. {nearest(name, own)}It has: {', '.join(own)}."
        for name in raw.requires
        if name.lower() not in columns
    ]


def load_preset(name_or_folder: str | Path) -> Preset:
    """The shipped mapping of that name, or the one in that folder.

    Raises:
        MappingError: there is none, or a file of it is wrong; the message names file and line.

    """
    shipped = shipped_presets()
    if str(name_or_folder) in shipped:
        return shipped[str(name_or_folder)]
    folder = Path(name_or_folder)
    if not folder.is_dir():
        raise MappingError(
            f"There is no preset {str(name_or_folder)!r} and no folder of that name.",
            f"{nearest(str(name_or_folder), shipped)}Shipped: {', '.join(shipped)}.",
        )
    return _load(folder)


@cache
def shipped_presets() -> dict[str, Preset]:
    """Every mapping that comes with omnix, by name."""
    root = Path(str(files("omnix.sources"))) / "presets"
    return {each.name: _load(each) for each in sorted(root.iterdir()) if (each / FILE).exists()}


def detect_preset(offered: Mapping[str, Collection[str]]) -> Preset | None:
    """The shipped mapping whose every need the source meets; None when there is none."""
    return next((each for each in shipped_presets().values() if each.raw and not each.missing(offered)), None)


def agreed_shape(offered: Mapping[str, Collection[str]]) -> Preset:
    """The mapping of a source whose tables and columns bear the agreed names, in any case."""
    known = agreed_columns()
    tables, raw = {}, {}
    for name, columns in sorted(offered.items()):
        agreed = name.lower()
        if agreed in known and (sql := _identity(name, agreed, columns)):
            tables[agreed] = sql
            raw[name] = RawTable(name, home=(agreed,), money=_money(agreed, columns))
    return Preset("agreed_shape", "Tables and columns have omnix's own names.", "", "", Path(), tables, raw)


def _identity(name: str, agreed: str, columns: Collection[str]) -> str:
    own = {column.lower(): column for column in columns}
    picked = [f"{quoted(own[c])} as {c}" for c in agreed_columns()[agreed] if c in own and c not in _CARD]
    if not picked:
        return ""
    if agreed == "payments":
        picked += _card_columns(own)
    return f"select {', '.join(picked)}, _row from {quoted(name)}"


_CARD = ("card_bin", "card_last_four", "card_token")


def _card_columns(own: Mapping[str, str]) -> list[str]:
    """BIN, last four and token as the shop gives them, else from what the door left of the number."""
    left = {"card_bin": "left({}, 6)", "card_last_four": "right({}, 4)"}
    picked = []
    for column in _CARD:
        sources = [quoted(own[column])] if column in own else []
        if "card_number" in own and column in left:
            number = quoted(own["card_number"])
            masked = f"regexp_full_match(cast({number} as varchar), '\\d{{6}}\\*+\\d{{4}}')"
            sources.append(f"case when {masked} then {left[column].format(number)} end")
        if "card_number_token" in own and column == "card_token":
            sources.append(quoted(own["card_number_token"]))
        if sources:
            whole = sources[0] if len(sources) == 1 else f"coalesce({', '.join(sources)})"
            picked.append(f"{whole} as {column}")
    return picked


def _money(agreed: str, columns: Collection[str]) -> str | None:
    own = {column.lower() for column in columns}
    return next((sql for sql, needed in _MONEY.get(agreed, ()) if own.issuperset(needed)), None)


def _load(folder: Path) -> Preset:
    settings = _settings(folder / FILE)
    tables = {path.stem: _select(path) for path in sorted(folder.glob("*.sql"))}
    requires: Mapping[str, list[str]] = settings.get("requires", {})
    own: Mapping[str, Mapping[str, Any]] = settings.get("raw", {})
    raw = {name: _raw_table(name, requires.get(name, []), own.get(name, {}), folder) for name in {**requires, **own}}
    for each in raw.values():
        if homeless := [home for home in each.home if home not in tables]:
            raise MappingError(f"{folder / FILE}: {each.name} has its home in {homeless[0]!r}, which has no SQL file.", f"Write {homeless[0]}.sql or mend `home`.")
    return Preset(
        settings.get("name", folder.name), settings.get("about", ""), settings.get("timezone", ""),
        settings.get("currency", ""), folder, tables, raw,
    )  # fmt: skip


def _settings(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} is no TOML: {error}.", "Correct the line.") from None


def _raw_table(name: str, requires: Collection[str], own: Mapping[str, Any], folder: Path) -> RawTable:
    if unknown := sorted(set(own) - _RAW_SETTINGS):
        raise MappingError(f"{folder / FILE}: [raw.{name}] has {unknown[0]!r}, which means nothing.", f"{nearest(unknown[0], _RAW_SETTINGS)}It may have: {', '.join(sorted(_RAW_SETTINGS))}.")
    return RawTable(
        name, tuple(requires), tuple(own.get("home", ())), own.get("money") or None,
        tuple(own.get("key", ())), own.get("watermark") or None,
    )  # fmt: skip


def _select(path: Path) -> str:
    if path.stem not in agreed_columns():
        raise MappingError(f"{path}: {path.stem!r} is no agreed table.", f"{nearest(path.stem, agreed_columns())}They are: {', '.join(agreed_columns())}.")
    sql = path.read_text(encoding="utf-8").strip().rstrip(";")
    _tables_in(sql, str(path))
    return sql


@cache
def _tables_in(sql: str, where: str) -> tuple[str, ...]:
    """The tables that one SELECT reads, its own common table expressions aside."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError

    try:
        found = [each for each in sqlglot.parse(sql, read="duckdb") if each is not None]
    except ParseError as error:
        told = error.errors[0] if error.errors else {}
        raise MappingError(f"{where}, line {told.get('line', '?')}: {told.get('description', error)}.", "Write one SELECT in DuckDB's SQL.") from None
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise MappingError(f"{where} holds {len(found)} statements or no SELECT.", "Write one SELECT in DuckDB's SQL.")
    own = {cte.alias for cte in found[0].find_all(exp.CTE)}
    return tuple(sorted({table.name for table in found[0].find_all(exp.Table) if table.name and table.name not in own}))


@cache
def _is_plain(sql: str) -> bool:
    import sqlglot
    from sqlglot import exp

    query = sqlglot.parse_one(sql, read="duckdb")
    clauses = {name for name, value in query.args.items() if value} - {"expressions", "from_", "from", "kind"}
    return not clauses and all(isinstance(each.unalias(), exp.Column) for each in query.expressions)

"""Mappings from a shop's own tables to the agreed shape: a folder with one SELECT per table."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from omnix.core.errors import MappingError, nearest
from omnix.core.table import quoted
from omnix.curation import agreed_columns, curated_tables
from omnix.sources.preset_sql import is_plain, tables_in

FILE = "mapping.toml"

#: What `mapping.toml` may say, and of which type, first of the mapping and then of a raw table.
_SETTINGS: Mapping[str, type] = {
    "name": str,
    "about": str,
    "timezone": str,
    "currency": str,
    "requires": dict,
    "raw": dict,
}
_RAW_SETTINGS: Mapping[str, type] = {"home": list, "money": str, "key": list, "watermark": str}
_TYPES: Mapping[type, str] = {str: "text", list: "a list of names", dict: "a section"}

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
        return tables_in(self.tables[agreed], f"{agreed}.sql")

    def is_plain(self, agreed: str) -> bool:
        """Whether the SELECT only picks and renames columns of one table, row by row."""
        return is_plain(self.tables[agreed])

    def missing(self, offered: Mapping[str, Collection[str]]) -> list[str]:
        """What the mapping needs and the source lacks, in words.

        Tables go by their exact names, as ingest looks them up; columns compare without case, as
        SQL does.
        """
        return [words for raw in self.raw.values() for words in _lacking(raw, offered)]


def _lacking(raw: RawTable, offered: Mapping[str, Collection[str]]) -> Iterator[str]:
    own = offered.get(raw.name)
    if own is None:
        hint = _nearest_table(raw.name, offered)
        there = ", ".join(sorted(offered)) or "none"
        yield f"The source has no table {raw.name!r}. {hint}It has: {there}."
        return
    there_lower = {column.lower() for column in own}
    for name in raw.requires:
        if name.lower() not in there_lower:
            hint = nearest(name, own)
            yield f"{raw.name} has no column {name!r}. {hint}It has: {', '.join(own)}."


def _nearest_table(name: str, offered: Collection[str]) -> str:
    same = next((each for each in offered if each.lower() == name.lower()), None)
    return f"Did you mean {same!r}? Rename it. " if same else nearest(name, offered)


def load_preset(name_or_folder: str | Path) -> Preset:
    """The shipped mapping of that name, or the one in that folder.

    Raises:
        MappingError: there is none, or a file of it is wrong; the message names file and line.

    """
    shipped = shipped_presets()
    if isinstance(name_or_folder, str) and name_or_folder in shipped:
        return shipped[name_or_folder]
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
    fitting = (each for each in shipped_presets().values() if not each.missing(offered))
    return next(fitting, None)


def agreed_shape(offered: Mapping[str, Collection[str]]) -> Preset:
    """The mapping of a source whose tables and columns bear the agreed names, in any case.

    A table that has an agreed name but columns of its own is left out: it needs a mapping.
    """
    tables, raw = {}, {}
    for name, columns in sorted(offered.items()):
        agreed = name.lower()
        if agreed in agreed_columns() and agreed not in tables and _has_shape(agreed, columns):
            tables[agreed] = _identity(name, agreed, columns)
            raw[name] = RawTable(name, home=(agreed,), money=_money(agreed, columns))
    about = "Tables and columns have omnix's own names."
    return Preset("agreed_shape", about, "", "", Path(), tables, raw)


def _has_shape(agreed: str, columns: Collection[str]) -> bool:
    """Whether a table of that name is what it seems.

    Either every column that a row cannot do without is there; or nearly all columns bear agreed
    names, and then the one that does not was renamed by mistake, which curation tells.
    """
    own = {column.lower() for column in columns}
    fields = curated_tables()[agreed].fields
    needed = {f.source or n for n, f in fields.items() if f.required and f.default is None}
    known = own & {*agreed_columns()[agreed], *_DOOR}
    return bool(own) and (needed <= own or len(known) >= 0.75 * len(own))


def _identity(name: str, agreed: str, columns: Collection[str]) -> str:
    own = {column.lower(): column for column in columns}
    cards = _card_columns(own) if agreed == "payments" else {}
    plain = {c: quoted(own[c]) for c in agreed_columns()[agreed] if c in own}
    picked = [f"{sql} as {column}" for column, sql in {**plain, **cards}.items()]
    return f"select {', '.join(picked)}, _row from {quoted(name)}"


#: What the door leaves of a column with card numbers.
_DOOR = ("card_number", "card_number_token")


def _card_columns(own: Mapping[str, str]) -> dict[str, str]:
    """BIN, last four and token as the shop gives them, else from what the door left."""
    left: dict[str, str] = {}
    if "card_number" in own:
        number = f"cast({quoted(own['card_number'])} as varchar)"
        masked = f"regexp_full_match({number}, '\\d{{6}}\\*+\\d{{4}}')"
        left["card_bin"] = f"case when {masked} then left({number}, 6) end"
        left["card_last_four"] = f"case when {masked} then right({number}, 4) end"
    if "card_number_token" in own:
        left["card_token"] = quoted(own["card_number_token"])
    return {c: f"coalesce({quoted(own[c])}, {sql})" if c in own else sql for c, sql in left.items()}


def _money(agreed: str, columns: Collection[str]) -> str | None:
    own = {column.lower() for column in columns}
    given = _MONEY.get(agreed, ())
    return next((sql for sql, needed in given if own.issuperset(needed)), None)


def _load(folder: Path) -> Preset:
    path = folder / FILE
    settings = _settings(path)
    tables = {file.stem: _select(file) for file in sorted(folder.glob("*.sql"))}
    if not tables:
        raise MappingError(
            f"{folder} holds no mapping: there is no .sql file in it.",
            "Write one SELECT per agreed table, such as orders.sql.",
        )
    requires, own = settings.get("requires", {}), settings.get("raw", {})
    raw = {n: _raw_table(path, n, requires.get(n, []), own.get(n, {})) for n in {**requires, **own}}
    for each in raw.values():
        _check_home(path, each, tables)
    return Preset(
        settings.get("name", folder.name), settings.get("about", ""), settings.get("timezone", ""),
        settings.get("currency", ""), folder, tables, raw,
    )  # fmt: skip


def _settings(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} cannot be read: {error}.", "Correct it; it is TOML.") from None
    _check_known(f"{path}", settings, _SETTINGS)
    _check_zone(path, settings.get("timezone", ""))
    _check_currency(path, settings.get("currency", ""))
    return settings


def _check_known(where: str, given: Any, known: Mapping[str, type]) -> None:
    """Every word means something and has the type that it needs."""
    if not isinstance(given, dict):
        raise MappingError(f"{where} is {given!r}.", f"It is a section: {', '.join(known)}.")
    for name, value in given.items():
        if name not in known:
            raise MappingError(
                f"{where} has {name!r}, which means nothing.",
                f"{nearest(name, known)}It may have: {', '.join(known)}.",
            )
        _check_type(f"{where}: {name}", value, known[name])


def _check_type(where: str, value: Any, wanted: type) -> None:
    names = wanted is not list or (
        isinstance(value, list) and all(isinstance(each, str) for each in value)
    )
    if not isinstance(value, wanted) or not names:
        raise MappingError(f"{where} is {value!r}.", f"Write {_TYPES[wanted]}.")


def _check_zone(path: Path, zone: str) -> None:
    import pytz

    if zone and zone not in pytz.all_timezones_set:
        raise MappingError(
            f"{path}: the time zone {zone!r} does not exist.",
            f"{nearest(zone, pytz.all_timezones)}Write one such as Europe/London, or UTC.",
        )


def _check_currency(path: Path, currency: str) -> None:
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise MappingError(
            f"{path}: {currency!r} is no currency.", "Write its ISO 4217 code, such as EUR."
        )


def _raw_table(path: Path, name: str, requires: Any, own: Any) -> RawTable:
    _check_type(f"{path}: [requires] {name}", requires, list)
    _check_known(f"{path}: [raw.{name}]", own, _RAW_SETTINGS)
    return RawTable(
        name, tuple(requires), tuple(own.get("home", ())), own.get("money") or None,
        tuple(own.get("key", ())), own.get("watermark") or None,
    )  # fmt: skip


def _check_home(path: Path, raw: RawTable, tables: Mapping[str, str]) -> None:
    for home in raw.home:
        if home not in tables:
            raise MappingError(
                f"{path}: {raw.name} has its home in {home!r}, which has no SQL file.",
                f"{nearest(home, tables)}Write {home}.sql or correct `home`.",
            )


def _select(path: Path) -> str:
    if path.stem not in agreed_columns():
        raise MappingError(
            f"{path}: {path.stem!r} is no agreed table.",
            f"{nearest(path.stem, agreed_columns())}They are: {', '.join(agreed_columns())}.",
        )
    try:
        sql = path.read_text(encoding="utf-8").strip().rstrip(";")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} cannot be read: {error}.", "Save it as UTF-8 text.") from None
    tables_in(sql, str(path))
    return sql

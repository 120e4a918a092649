"""How a cell is read: SQL that turns what a shop wrote into a typed value, or null.

A column's cells are read alike: whether its dates put the day first, whether its comma is a
decimal point, is decided once for the column from what all its cells show (`Style`), because a
single cell ("03/04/2024", "1,234") cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from omnix.core.table import literal, quoted
from omnix.curation.shape import Kind

_BLANK = ", ".join(map(literal, ("", "null", "none", "nan", "n/a", "\\n")))  # "\\N" is MySQL's null
_ISO_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y%m%d%H%M%S", "%Y%m%d")
_TIMES = (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "")
_MONTH_NAMES = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y")
_EPOCH = {"seconds": 1_000_000, "milliseconds": 1_000, "microseconds": 1}


@dataclass(frozen=True)
class Style:
    """What a column's cells show of the hand that wrote them.

    decimal_comma: "1.234,56" rather than "1,234.56".
    day_first:     "31/12/2024" rather than "12/31/2024"; None when nothing shows it.
    """

    decimal_comma: bool = False
    day_first: bool | None = None


def is_text(duckdb_type: str) -> bool:
    """Whether a column of this type holds text that has to be read."""
    return duckdb_type in {"VARCHAR", "JSON", "BLOB", '"NULL"'} or duckdb_type.startswith("ENUM")


def evidence_of(
    con: duckdb.DuckDBPyConnection, relation: str, column: str, kind: Kind
) -> tuple[int, ...]:
    """How many cells of a text column show one hand or another; counts of parts add up."""
    cell = f"trim({quoted(column)})"
    if kind in {"money", "number", "whole"}:
        signs = [
            rf"regexp_matches({cell}, ',\d{{1,2}}(\D*)$') or regexp_matches({cell}, '\.\d{{3}}[.,]')",
            rf"regexp_matches({cell}, '\.\d{{1,2}}(\D*)$') or regexp_matches({cell}, ',\d{{3}}[.,]')",
        ]
    elif kind in {"moment", "day"}:
        signs = [
            rf"regexp_matches({cell}, '^(1[3-9]|2\d|3[01])[./-](0?[1-9]|1[0-2])[./-]\d{{2,4}}')",
            rf"regexp_matches({cell}, '^(0?[1-9]|1[0-2])[./-](1[3-9]|2\d|3[01])[./-]\d{{2,4}}')",
            rf"regexp_matches({cell}, '^\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}')",
        ]
    else:
        return ()
    counts = ", ".join(f"count(*) filter ({sign})" for sign in signs)
    return con.execute(f"select {counts} from {relation}").fetchone() or ()


def style_from(kind: Kind, evidence: tuple[int, ...]) -> Style:
    """What the evidence of a column says of the hand that wrote it."""
    if kind in {"money", "number", "whole"} and evidence:
        comma, point = evidence
        return Style(decimal_comma=comma > point)
    if kind in {"moment", "day"} and evidence:
        day, month, dotted = evidence
        if day and month:  # two hands: what either could have written stays unread
            return Style()
        if day or dotted:  # nobody writes the month first with dots
            return Style(day_first=True)
        return Style(day_first=False if month else None)
    return Style()


def style_of(con: duckdb.DuckDBPyConnection, relation: str, column: str, kind: Kind) -> Style:
    """Look at all cells of a text column and tell how it was written."""
    return style_from(kind, evidence_of(con, relation, column, kind))


def read(kind: Kind, cell: str, duckdb_type: str, style: Style, timezone: str = "UTC") -> str:
    """SQL that reads `cell` (SQL of `duckdb_type`) as `kind`; null where it cannot be read."""
    readers = {
        "text": _text,
        "money": _money,
        "number": _number,
        "whole": _whole,
        "flag": _flag,
        "moment": _moment,
        "day": _day,
    }
    return readers[kind](cell, duckdb_type, style, timezone)


def filled(cell: str, duckdb_type: str) -> str:
    """SQL that is true where a cell holds something that should be readable."""
    if not is_text(duckdb_type):
        return f"({cell}) is not null"
    return f"({cell} is not null and lower(trim({cell})) not in ({_BLANK}))"


def _text(cell: str, duckdb_type: str, _style: Style, _zone: str) -> str:
    if is_text(duckdb_type):
        return f"nullif(nullif(trim({cell}), ''), '\\N')"
    if duckdb_type in {"DOUBLE", "FLOAT"}:  # an id that went through a spreadsheet: 13085.0
        return f"case when {cell} = floor({cell}) and abs({cell}) < 1e15 then cast(cast({cell} as bigint) as varchar) else cast({cell} as varchar) end"
    return f"cast({cell} as varchar)"


def _plain_number(cell: str, style: Style) -> str:
    """Text that a cast can read: no currency, no thousands separators, a minus in front.

    One mark with one or two digits behind it is a decimal mark, whichever it is; only "1,234" and
    "1.234" need the column's style.
    """
    bare = f"regexp_replace(replace({cell}, '−', '-'), '[^0-9.,()+-]', '', 'g')"
    point = f"replace({bare}, ',', '')"
    comma = f"replace(replace({bare}, '.', ''), ',', '.')"
    if style.decimal_comma:
        chosen = f"case when regexp_matches({bare}, '^[^,]*\\.\\d{{1,2}}\\)?$') then {point} else {comma} end"
    else:
        chosen = f"case when regexp_matches({bare}, '^[^,]*,\\d{{1,2}}\\)?$') then {comma} else {point} end"
    return f"regexp_replace({chosen}, '^\\((.*)\\)$', '-\\1')"


def read_decimal(cell: str, duckdb_type: str, style: Style) -> str:
    """SQL of the decimal number that `cell` holds; the cell itself when it is no text."""
    if not is_text(duckdb_type):
        return cell
    # The plain cast comes first: it is right for nearly all cells and costs a tenth.
    plain = f"try_cast({cell} as decimal(24,6))"
    amount = literal(
        r"^[^\d\w]*([A-Za-z]{1,3}[^\d\w]*)?[\d.,'\s\x{a0}\x{202f}]*\d[.,]?[)-]?\s*([A-Za-z]{1,3}|[^\d\w]{0,3})\s*$"
    )
    odd = (
        f"case when regexp_matches({cell}, {amount})"
        f" then try_cast({_plain_number(cell, style)} as decimal(24,6)) end"
    )
    if style.decimal_comma:  # "1.234" is a thousand and more here
        return f"case when contains({cell}, '.') then {odd} else coalesce({plain}, {odd}) end"
    return f"coalesce({plain}, {odd})"


def _money(cell: str, duckdb_type: str, style: Style, _zone: str) -> str:
    value = read_decimal(cell, duckdb_type, style)
    return f"try_cast(round(({value}) * 100) as bigint)"


def _number(cell: str, duckdb_type: str, style: Style, _zone: str) -> str:
    value = f"try_cast({read_decimal(cell, duckdb_type, style)} as double)"
    return f"case when isfinite({value}) then {value} end"


def _whole(cell: str, duckdb_type: str, style: Style, _zone: str) -> str:
    if duckdb_type in {
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
    }:
        return f"cast({cell} as bigint)"
    value = read_decimal(cell, duckdb_type, style)
    return f"case when ({value}) = floor({value}) then try_cast({value} as bigint) end"


def _flag(cell: str, duckdb_type: str, _style: Style, _zone: str) -> str:
    if duckdb_type == "BOOLEAN":
        return cell
    if not is_text(duckdb_type):
        return f"case {cell} when 1 then true when 0 then false end"
    return (
        f"case when lower(trim({cell})) in ('true','t','yes','y','1','on','ja','oui','si','sim','active') then true"
        f" when lower(trim({cell})) in ('false','f','no','n','0','off','nein','non','não','inactive') then false end"
    )


def _moment(cell: str, duckdb_type: str, style: Style, zone: str) -> str:
    if duckdb_type == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({cell}))"
    if duckdb_type.startswith("TIMESTAMP"):
        return _utc(f"cast({cell} as timestamp)", zone)
    if duckdb_type == "DATE":
        return f"cast({cell} as timestamp)"
    if not is_text(duckdb_type):
        return _epoch(cell)
    offset = f"case when regexp_matches({cell}, '\\d[T ]\\d.*(Z|[+-]\\d\\d:?\\d\\d)$') then make_timestamp(epoch_us(try_cast({cell} as timestamptz))) end"
    iso = (
        f"case when regexp_matches({cell}, '^\\s*\\d{{4}}-') then try_cast({cell} as timestamp) end"
    )
    naive = f"coalesce({iso}, {_by_format(cell, style)})"
    return f"coalesce({offset}, {_utc(naive, zone)})"


def _by_format(cell: str, style: Style) -> str:
    formats = list(_ISO_FORMATS) + [f"{each}{time}" for each in _MONTH_NAMES for time in _TIMES]
    if style.day_first is not None:
        order = ("%d", "%m") if style.day_first else ("%m", "%d")
        for mark in "./-":
            for year in ("%Y", "%y"):
                formats += [f"{mark.join(order)}{mark}{year}{time}" for time in _TIMES]
    # DuckDB reads the words infinity and epoch in any format, as 1900
    return f"case when regexp_matches({cell}, '\\d') then try_strptime(trim({cell}), [{', '.join(map(literal, formats))}]) end"


def _utc(moment: str, zone: str) -> str:
    if zone == "UTC":
        return moment
    return f"make_timestamp(epoch_us(timezone({literal(zone)}, {moment})))"


def _epoch(cell: str) -> str:
    """Whole numbers since 1970: seconds, milliseconds or microseconds by their size."""
    return (
        f"make_timestamp(cast(case when abs({cell}) < 1e11 then {cell} * {_EPOCH['seconds']}"
        f" when abs({cell}) < 1e14 then {cell} * {_EPOCH['milliseconds']} else {cell} end as bigint))"
    )


def _day(cell: str, duckdb_type: str, style: Style, zone: str) -> str:
    if duckdb_type == "DATE":
        return cell
    return f"cast({_moment(cell, duckdb_type, style, 'UTC' if is_text(duckdb_type) else zone)} as date)"

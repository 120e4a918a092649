"""SQL for what has to be computed in a mapping: numbers and moments out of text, states in our words."""

from __future__ import annotations

from omnix.core.table import literal, quoted
from omnix.sources.profile.cells import ColumnProfile
from omnix.sources.profile.meaning import STATES


def number(column: ColumnProfile) -> str:
    """A cell as a number; null where it is none."""
    cell = quoted(column.name)
    if not column.is_text:
        return cell
    if column.shares.get("whole", 0) == 1 or _plain(column):
        return f"try_cast({cell} as decimal(18, 4))"
    if column.currency or any(mark in shape for shape in column.patterns for mark in "€£$Aa"):
        cell = f"regexp_replace({cell}, '[^0-9,.-]', '', 'g')"
    if column.shares.get("comma", 0) > 0.02 and not _thousands(column):
        return f"try_cast(replace(replace({cell}, '.', ''), ',', '.') as decimal(18, 4))"
    return f"try_cast(replace({cell}, ',', '') as decimal(18, 4))"


def _plain(column: ColumnProfile) -> bool:
    return not column.currency and all(set(shape) <= set("9.-") for shape in column.patterns)


def _thousands(column: ColumnProfile) -> bool:
    return any("," in shape and "." in shape[shape.index(",") :] for shape in column.patterns)


def moment(column: ColumnProfile) -> str:
    """A cell as a timestamp; null where it is none."""
    cell = quoted(column.name)
    if not column.is_text:
        return f"to_timestamp({cell})" if column.looks == "number" else cell
    formats = [f"{day}{time}" for day in _days(column) for time in _TIMES]
    if not formats:
        return f"try_cast({cell} as timestamp)"
    return f"coalesce(try_strptime({cell}, [{', '.join(map(literal, formats))}]), try_cast({cell} as timestamp))"


_TIMES = ("", " %H:%M", " %H:%M:%S")


def _days(column: ColumnProfile) -> list[str]:
    shapes = column.patterns
    if all(
        shape.startswith(("9-9-9",)) and column.shares.get("iso_day", 0) == 0 for shape in shapes
    ):
        return ["%d-%m-%Y"] if _ends_with_year(column) else []
    days = []
    if any(shape.startswith("9.9.9") for shape in shapes):
        days.append("%d.%m.%Y")
    if any(shape.startswith("9/9/9") for shape in shapes):
        days.append("%m/%d/%Y" if column.shares.get("month_first", 0) > 0 else "%d/%m/%Y")
        days.append("%Y/%m/%d")
    if column.shares.get("iso_day", 0) > 0.5:
        days.append("%Y%m%d")
    return days


def _ends_with_year(column: ColumnProfile) -> bool:
    return column.shares.get("year_last", 0) > 0.5


def state(column: ColumnProfile, agreed: str) -> tuple[str, list[str]]:
    """A cell as one of the agreed words, and the shop's words that have no translation."""
    words = STATES.get(agreed)
    cell = quoted(column.name)
    if not words or not column.values:
        return cell, []
    known = {value: _agreed(value, agreed) for value in column.values}
    unknown = [value for value, word in known.items() if word is None]
    told = {value: word for value, word in known.items() if word and word != value.lower()}
    if not told:
        return cell, unknown
    cases = " ".join(f"when {literal(value)} then {literal(word)}" for value, word in told.items())
    return f"case trim({cell}) {cases} else {cell} end", unknown


def _agreed(value: str, agreed: str) -> str | None:
    plain = value.lower().replace("é", "e").replace("ü", "ue").replace("ä", "ae").replace("ö", "oe")
    if plain in STATES[agreed]:
        return plain
    for word, beginnings in STATES[agreed].items():
        if any(plain.startswith(beginning) for beginning in beginnings.split()):
            return word
    return next(
        (
            word
            for word, beginnings in STATES[agreed].items()
            for beginning in beginnings.split()
            if len(beginning) > 4 and beginning in plain
        ),
        None,
    )

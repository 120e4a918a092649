"""A CSV of competitors' prices, read and checked; what is wrong with it as a whole is said in words.

A single odd cell is left as it came: curation sets its row aside and tells why.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from omnix.core.errors import OmnixError, nearest

NEEDED = ("product_id", "competitor_name", "competitor_price", "observed_at")
COLUMNS = (*NEEDED, "currency")
#: Larger files are refused: a feed of that size is the shop's own table.
MOST_BYTES, MOST_ROWS = 20_000_000, 200_000
_LONGEST = 1_000

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})((?:[T ].*)?)")
_PARTS = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})((?:[T ].*)?)")
_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})*,\d{1,2}|\d+,\d{1,2}")
_POINT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")

Row = dict[str, str]


class FeedError(OmnixError):
    """A file of competitors' prices cannot be taken in; nothing of it was kept."""

    status = 422

    def __init__(self, what: str, step: str, field: str = "file") -> None:
        super().__init__(what, step)
        self.errors = [{"field": field, "message": what}]


@dataclass(frozen=True)
class Known:
    """What the shop has: its products, the currencies of its prices, and today."""

    products: Collection[str]
    currencies: Collection[str]
    today: date


def read_feed(content: bytes, known: Known, *, day_first: bool | None = None) -> list[Row]:
    """The rows of the file, dates as ISO 8601 and prices with a decimal point.

    `day_first`: how dates such as 01/05/2017 are meant, where the file itself does not show it.

    Raises:
        FeedError: too large, no UTF-8, no CSV, other columns, a currency in which the shop has no
            price, dates that can be read in two ways or lie ahead, hardly any known product.

    """
    rows = _rows(content)
    _check_currency(rows, known.currencies)
    first = _order(rows) if day_first is None else day_first
    for row in rows:
        row["observed_at"] = _moment(row["observed_at"], first)
        row["competitor_price"] = _price(row["competitor_price"])
        row["currency"] = row["currency"].upper()
    _check_dates(rows, known.today)
    _check_products(rows, known.products)
    return rows


def _rows(content: bytes) -> list[Row]:
    if len(content) > MOST_BYTES:
        raise FeedError(
            f"The file has {len(content):,} bytes; {MOST_BYTES:,} are taken at most.",
            "Send it in parts, or let the shop's own table competitor_prices carry the feed.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedError(
            f"The file is no UTF-8 text: byte {error.start + 1} cannot be read.",
            "Save it as CSV in UTF-8.",
        ) from None
    if "\0" in text:
        raise FeedError("The file is no text: it holds the byte 0.", "Save it as CSV in UTF-8.")
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        names = _names(next(lines, []))
        full = ((n, cells) for n, cells in enumerate(lines, 2) if any(map(str.strip, cells)))
        body = list(islice(full, MOST_ROWS + 1))  # millions of blank lines take no memory
    except csv.Error as error:
        raise FeedError(f"The file is no CSV: {error}.", "Save it as CSV anew.") from None
    return _cells(names, body)


def _cells(names: Sequence[str], body: Sequence[tuple[int, list[str]]]) -> list[Row]:
    if not body:
        raise FeedError("The file has no rows below its header.", "Add one for each price seen.")
    if len(body) > MOST_ROWS:
        raise FeedError(
            f"The file has more than {MOST_ROWS:,} rows; {MOST_ROWS:,} are taken at most.",
            "Send it in parts, or let the shop's own table competitor_prices carry the feed.",
        )
    for number, cells in body:
        if len(cells) != len(names):
            raise FeedError(
                f"Line {number} has {len(cells)} cells, the header {len(names)}.",
                "Put cells that hold a comma into quotes.",
            )
        if max(map(len, cells)) > _LONGEST:
            raise FeedError(
                f"Line {number} has a cell of more than {_LONGEST:,} characters.",
                "Close its quotes.",
            )
    return [
        {**dict.fromkeys(COLUMNS, ""), **dict(zip(names, map(str.strip, cells), strict=True))}
        for _, cells in body
    ]


def _names(header: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    wanted = f"It has: {', '.join(names)[:300] or 'none'}. Needed: {', '.join(NEEDED)}; currency may stand there too."
    for name in NEEDED:
        if name not in names:
            hint = nearest(name, [each for each in names if each not in COLUMNS])
            raise FeedError(f"The file has no column {name!r}.", f"{hint}{wanted}", name)
    if extra := [name for name in names if name not in COLUMNS]:
        raise FeedError(f"The file has a column {extra[0][:60]!r} that means nothing.", wanted)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FeedError(f"The file has the column {twice!r} twice.", wanted, twice)
    return names


def _check_currency(rows: Sequence[Row], currencies: Collection[str]) -> None:
    for number, row in enumerate(rows, 1):
        code = row["currency"].upper()
        if code and code not in currencies:
            raise FeedError(
                f"Row {number} is in {row['currency'][:20]!r}; the shop has prices in {', '.join(sorted(currencies)) or 'none'}.",
                "Convert the feed: prices of two currencies cannot be compared.",
                "currency",
            )


def _order(rows: Sequence[Row]) -> bool | None:
    """Whether the day comes first in dates such as 13/05/2017; None where there are none.

    Raises:
        FeedError: the file shows it both ways, or not at all.

    """
    seen: dict[bool, tuple[int, str]] = {}
    unsure: tuple[int, str] | None = None
    for number, row in enumerate(rows, 1):
        if not (found := _PARTS.fullmatch(row["observed_at"])):
            continue
        one, mark, two = int(found[1]), found[2], int(found[3])
        if one > 12 or two > 12 or mark == ".":  # nobody writes the month first with dots
            seen.setdefault(one > 12 or (mark == "." and two <= 12), (number, row["observed_at"]))
        else:
            unsure = unsure or (number, row["observed_at"])
    step = "Write dates as 2017-05-31."
    if len(seen) == 2:
        (a, first), (b, second) = seen[True], seen[False]
        raise FeedError(
            f"Dates are written in two ways: {first} (row {a}) and {second} (row {b}).",
            step,
            "observed_at",
        )
    if not seen and unsure:
        raise FeedError(
            f"Nobody can tell the day from the month in {unsure[1]} (row {unsure[0]}).",
            f"{step} Or say whether the day comes first.",
            "observed_at",
        )
    return next(iter(seen), None)


def _moment(cell: str, day_first: bool | None) -> str:
    """The date as ISO 8601; what cannot be read stays as it is."""
    if found := _YEAR_FIRST.fullmatch(cell):
        year, month, day, time = found.groups()
    elif day_first is not None and (found := _PARTS.fullmatch(cell)):
        one, _, two, year, time = found.groups()
        day, month = (one, two) if day_first else (two, one)
        year = year if len(year) == 4 else f"20{year}"
    else:
        return cell
    try:
        when = date(int(year), int(month), int(day))
    except ValueError:
        return cell
    return f"{when.isoformat()}{time}"


def _price(cell: str) -> str:
    """The price with a decimal point; what is no plain number stays as it is."""
    if _COMMA.fullmatch(cell):
        return cell.replace(".", "").replace(",", ".")
    return cell.replace(",", "") if _POINT.fullmatch(cell) else cell


def _check_dates(rows: Sequence[Row], today: date) -> None:
    latest = (today + timedelta(days=1)).isoformat()
    for number, row in enumerate(rows, 1):
        if _ISO.fullmatch(row["observed_at"]) and row["observed_at"][:10] > latest:
            raise FeedError(
                f"Row {number} was observed at {row['observed_at'][:40]}, which is still to come.",
                "Correct the date; day and month may be exchanged.",
                "observed_at",
            )


def _check_products(rows: Sequence[Row], products: Collection[str]) -> None:
    """A file of which more than half is of no use is another shop's, or has other numbers."""
    strange = [row["product_id"] for row in rows if row["product_id"] not in products]
    if 2 * len(strange) > len(rows):
        raise FeedError(
            f"{len(strange):,} of {len(rows):,} rows name products that the shop does not have, such as {strange[0][:60]!r}.",
            f"{nearest(strange[0], _some(products))}product_id is the shop's own number, as in the table products.",
            "product_id",
        )


def _some(products: Collection[str]) -> list[str]:
    return sorted(products)[:2_000]


def told(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The rows as columns."""
    return {name: [row[name] or None for row in rows] for name in COLUMNS}

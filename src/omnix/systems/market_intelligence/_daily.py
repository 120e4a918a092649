"""Days of `sales_series` without gaps, for what looks at whole series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from omnix.core.arrow import schema
from omnix.systems.market_intelligence.tasks import METRICS

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from omnix.core.table import Column

    Floats = NDArray[np.float64]

#: How many items of a level are looked at: those of most net sales in the last 364 days.
MOST: Mapping[str, int] = {
    "shop": 1, "country": 50, "store": 50, "category": 200, "product": 50,
}  # fmt: skip
_LAST_WEEKS = timedelta(days=364)


@dataclass(frozen=True)
class Series:
    """One item from the day of its first row to the day before the cut, a value for each day."""

    level: str
    item: str
    name: str | None
    parent: str | None
    currency: str
    first: date
    values: Mapping[str, Floats]
    promoted: Floats

    def __len__(self) -> int:
        return len(self.promoted)

    def day(self, place: int) -> date:
        """The day of a value."""
        return self.first + timedelta(days=place)

    @property
    def label(self) -> dict[str, Any]:
        """What every row on it begins with."""
        return {
            "level": self.level, "item": self.item, "item_name": self.name, "parent": self.parent,
            "currency": self.currency,
        }  # fmt: skip

    @cached_property
    def marks(self) -> Floats:
        """Days × causes that explain themselves: promotions, the weeks to Christmas, Christmas."""
        import numpy as np

        days = [self.day(place) for place in range(len(self))]
        return np.column_stack(
            [self.promoted, [_run_up(day) for day in days], [_christmas(day) for day in days]]
        )


def _run_up(day: date) -> float:
    """0 four weeks before 21 December, 1 on it."""
    left = (date(day.year, 12, 21) - day).days
    return 1 - left / 28 if 0 <= left < 28 else 0.0


def _christmas(day: date) -> float:
    return float(day.month == 12 and 22 <= day.day <= 26)


def all_series(sales: duckdb.DuckDBPyRelation, as_of: datetime) -> Iterator[Series]:
    """The largest items of each level (`MOST`), in the order of level and item."""
    cut = as_of.date()
    most = " ".join(f"when '{level}' then {count}" for level, count in MOST.items())
    found = sales.query(
        "series",
        f"""
        with ranked as (
            select level, item,
                row_number() over (
                    partition by level
                    order by sum(net_cents) filter (sold_on >= date '{cut - _LAST_WEEKS}') desc nulls last, sum(net_cents) desc, item
                ) as place
            from series
            where sold_on < date '{cut}' and item <> '(none)'
            group by level, item
        )
        select s.level, s.item, s.item_name, s.parent, s.currency, s.sold_on - date '1970-01-01' as day,
            s.net_cents, s.orders, s.units, s.customers, s.promoted
        from series s join ranked r on s.level = r.level and s.item = r.item
        where s.sold_on < date '{cut}' and r.place <= case s.level {most} end
        order by s.level, s.item, s.sold_on
        """,
    )
    rows = found.fetchnumpy() if found is not None else {"day": []}
    yield from _cut_up(rows, (cut - date(1970, 1, 1)).days)


def _cut_up(rows: Mapping[str, Any], cut: int) -> Iterator[Series]:
    """One `Series` for each stretch of equal level and item; `cut` in days since 1970."""
    import numpy as np

    count = len(rows["day"])
    names = list(zip(rows["level"], rows["item"], strict=True))
    if not count:
        return
    starts = [n for n in range(count) if n == 0 or names[n] != names[n - 1]]
    for start, end in zip(starts, [*starts[1:], count], strict=True):
        first = int(rows["day"][start])
        at = np.asarray(rows["day"][start:end], dtype=np.int64) - first
        values = {}
        for metric, column in METRICS.items():
            values[metric] = np.zeros(cut - first)
            values[metric][at] = rows[column][start:end]
        promoted = np.zeros(cut - first)
        promoted[at] = rows["promoted"][start:end]
        level, item, name, parent, currency = (
            _text(rows[each][start]) for each in ("level", "item", "item_name", "parent", "currency")
        )  # fmt: skip
        yield Series(
            level or "", item or "", name, parent, currency or "",
            date(1970, 1, 1) + timedelta(days=first), values, promoted,
        )  # fmt: skip


def _text(cell: Any) -> str | None:
    """A cell as text; DuckDB masks what is null."""
    return cell if isinstance(cell, str) else None


def arrow(rows: list[dict[str, Any]], columns: Mapping[str, Column]) -> pa.Table:
    """The rows with the types of the contract."""
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema=schema(columns))


def share(value: float) -> str:
    """0.123 as "12.3 %"."""
    return f"{100 * value:.1f} %".replace("-", "−")

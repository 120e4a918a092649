"""Numbers and days in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

from omnix.metrics.periods import day_name

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def told(value: float | None, unit: str) -> float | int | None:
    """A value as answers give it: whole hundredths of money, counts to four decimals."""
    if value is None or not math.isfinite(value):
        return None
    return round(value) if unit == "money" else round(value, 4)


def share(value: float | None, digits: int = 4) -> float | None:
    """A share or a score, rounded; None where there is none."""
    return None if value is None or not math.isfinite(value) else round(value, digits)


def amount(value: float, currency: str | None, step: int = 1) -> str:
    """ "GBP 41,200": hundredths of `currency`, else a count, to the nearest `step`."""
    major = value / 100 if currency else value
    number = f"{round(major / step) * step:,.0f}"
    return f"{currency} {number}" if currency else number


def around(value: float, spread: float, currency: str | None, noun: str = "") -> str:
    """ "GBP 41,200 ± 3,100": both to two figures of the spread."""
    major = spread / 100 if currency else spread
    step = 10 ** max(0, math.floor(math.log10(major)) - 1) if major >= 1 else 1
    half = f"{math.ceil(major / step) * step:,.0f}"
    return f"{amount(value, currency, step)} ± {half}{noun}"


def percent(value: float) -> str:
    """ "4 %"; below one "0.4 %"."""
    shown = abs(100 * value)
    return f"{shown:,.0f} %" if shown >= 0.95 or shown == 0 else f"{shown:.1g} %"


def off(value: float) -> str:
    """How far a forecast was off: "4 % high"."""
    if abs(value) < 0.0005:
        return "right"
    return f"{percent(value)} {'high' if value > 0 else 'low'}"


def periods(count: int, grain: str) -> str:
    """ "7 days", "week"."""
    return grain if count == 1 else f"{count} {grain}s"


def left_out(orders: int, days: int, currency: str) -> str:
    """That the money of so many orders of so many days is in no sum, and what brings it in; empty for none."""
    if not orders:
        return ""
    return (
        f"The money of {orders:,} order{'' if orders == 1 else 's'} of the last {days} days is left out, "
        f"as no exchange rate converts it to {currency}: add a table `exchange_rates` to the source and "
        "start a run (see the documentation: Forecasting, Several currencies)."
    )


def closed_of(days: Sequence[date], closed: Iterable[date]) -> tuple[list[int], list[date]]:
    """Weekdays (0 is Monday) that are always closed, and single closed days, as the forecast days tell."""
    shut = set(closed)
    own = {number: [day for day in days if day.weekday() == number] for number in range(7)}
    weekly = [n for n, each in own.items() if len(each) >= 2 and shut.issuperset(each)]
    return weekly, sorted(day for day in shut if day.weekday() not in weekly)


def closed_words(weekly: Sequence[int], single: Sequence[date]) -> list[str]:
    """ "Closed on Saturdays.", and single closed days."""
    words = [f"Closed on {_listed([WEEKDAYS[number] for number in weekly])}."] if weekly else []
    if single:
        more = f" and {len(single) - 6} more days" if len(single) > 6 else ""
        words.append(f"Closed on {_listed([day_name(day) for day in single[:6]])}{more}.")
    return words


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"

"""What the calendar tells a model of each period, and what it makes of histories and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from omnix.ml.folds import Grain, shift
from omnix.ml.forecasting.countries import code_of
from omnix.ml.forecasting.opening import Calendar, Flags, as_days

if TYPE_CHECKING:
    import pandas as pd

#: How many of the nearest open days of its weekday stand in for a closed one.
_NEAREST = 4
_COLUMNS = ("closed", "holiday", "before_holiday", "after_holiday")


def holidays_of(countries: Iterable[str], first: date, last: date) -> dict[date, str]:
    """Public holidays of these countries (names or ISO 3166 codes) from `first` to `last`, in English.

    Several of one day are joined by "; ". A country whose holidays are not known has none.
    """
    from holidays import country_holidays

    found: dict[date, list[str]] = {}
    years = range(first.year, last.year + 1)
    for code in sorted({code for country in countries if (code := code_of(country))}):
        try:
            told = country_holidays(code, years=years, language="en_US")
        except NotImplementedError:
            continue
        for day, names in told.items():
            if first <= day <= last:
                own = found.setdefault(day, [])
                own.extend(name for name in names.split("; ") if name not in own)
    return {day: "; ".join(found[day]) for day in sorted(found)}


def covariates(
    days: pd.Series | Iterable[Any], holidays: Mapping[date, str], calendar: Calendar, grain: Grain
) -> pd.DataFrame:
    """`ds, closed, holiday, before_holiday, after_holiday` of each of `days`, in their order.

    days: the first days of the periods. At the grain of days all are 0 or 1; of a week or a month
    `closed` is the share of its days, the others are counts.
    """
    import pandas as pd

    periods = as_days(days)
    spread, lengths = _days_of(periods, grain)
    shut = calendar.closed(spread)
    rule = np.array(sorted(calendar.feast_days(holidays)), dtype="datetime64[D]")
    if calendar.last is not None:
        rule = rule[rule > np.datetime64(calendar.last)]
    feasts = np.array(sorted(holidays), dtype="datetime64[D]")
    one = np.timedelta64(1, "D")
    told = (
        shut | np.isin(spread, rule),
        *(np.isin(spread, feasts + by * one) for by in (0, -1, 1)),
    )
    frame = pd.DataFrame({"ds": periods.astype("datetime64[ns]")})
    for name, flags in zip(_COLUMNS, told, strict=True):
        total = _summed(flags, lengths)
        frame[name] = total / lengths if name == "closed" else total
    return frame


def _days_of(periods: np.ndarray[Any, Any], grain: Grain) -> tuple[np.ndarray[Any, Any], Any]:
    """All days of the periods, one period after the other, and how many each has."""
    if grain == "day":
        return periods, np.ones(len(periods))
    starts = [day.item() for day in periods]
    lengths = [(shift(day, 1, grain) - day).days for day in starts]
    days = [day + timedelta(days=by) for day, length in zip(starts, lengths, strict=True) for by in range(length)]  # fmt: skip
    return np.array(days, dtype="datetime64[D]"), np.array(lengths, dtype=np.float64)


def _summed(flags: Flags, lengths: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    total = np.concatenate(([0.0], np.cumsum(flags, dtype=np.float64)))
    ends = np.cumsum(lengths).astype(np.int64)
    return np.asarray(total[ends] - total[ends - lengths.astype(np.int64)])


def filled(history: pd.DataFrame) -> pd.DataFrame:
    """`history` with `y` of wholly closed periods as if they had been open.

    That is the mean of the nearest open days of the same weekday in the series, else of all its open
    days; of weeks and months that of the nearest. Without a column `closed`, or in a series that was
    never open, nothing changes. A refund on a closed day goes too: it is no sale of such a day.
    """
    if "closed" not in history.columns or not len(history):
        return history
    shut = np.asarray(history["closed"] >= 1)
    if not shut.any():
        return history
    rows = history.reset_index(drop=True)
    order = rows.sort_values(["unique_id", "ds"], kind="stable").index.to_numpy()
    names = rows["unique_id"].to_numpy()[order]
    starts = np.flatnonzero(np.concatenate(([True], names[1:] != names[:-1])))
    y = rows["y"].to_numpy(dtype=np.float64, copy=True)
    weekly = not _first_days(rows["ds"])
    weekday = rows["ds"].dt.weekday.to_numpy() if weekly else np.zeros(len(rows), dtype=np.int64)
    for own in np.split(order, starts[1:]):
        if shut[own].any():
            y[own] = _reopened(y[own], shut[own], weekday[own])
    return history.assign(y=y)


def _first_days(days: pd.Series) -> bool:
    """Whether all are Mondays, or all the first of a month: weeks or months, not days."""
    return bool((days.dt.weekday == 0).all() or (days.dt.day == 1).all())


def _reopened(
    y: np.ndarray[Any, Any], shut: Flags, weekday: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """One series in the order of time with its closed days filled."""
    found = y.copy()
    if shut.all():
        return found
    found[shut] = y[~shut].mean()
    for day in np.unique(weekday[shut]):
        own = np.flatnonzero(weekday == day)
        opened = own[~shut[own]]
        if len(opened):
            closed = own[shut[own]]
            found[closed] = y[_nearest(opened, closed)].mean(axis=1)
    return found


def _nearest(opened: np.ndarray[Any, Any], asked: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """For each place that is asked the nearest open ones, `opened` in order: asked x up to four."""
    count = min(_NEAREST, len(opened))
    at = np.searchsorted(opened, asked)
    window = np.arange(-count, count) + at[:, None]
    away = np.abs(opened[np.clip(window, 0, len(opened) - 1)] - asked[:, None]).astype(np.float64)
    away[(window < 0) | (window >= len(opened))] = np.inf
    best = np.argsort(away, axis=1, kind="stable")[:, :count]
    return np.asarray(opened[np.take_along_axis(window, best, axis=1)])


def shut(answer: pd.DataFrame, future: pd.DataFrame, *, usual: float | None = None) -> pd.DataFrame:
    """`answer` (unique_id, ds, yhat) with nought in periods of `future` without an open day.

    usual: the share of closed days that the history of a model had which was not told of them; its
        answers are scaled by the open days of each period against these. None: it was told.
    """
    if "closed" not in future.columns or not len(answer):
        return answer
    told = future[["unique_id", "ds", "closed"]]
    closed = answer[["unique_id", "ds"]].merge(told, on=["unique_id", "ds"], how="left")["closed"]
    share = closed.fillna(0.0).to_numpy(dtype=np.float64)
    opened = (share < 1).astype(np.float64)
    if usual is not None and usual < 1:
        opened = np.clip(1 - share, 0, 1) / (1 - usual)
    return answer.assign(yhat=answer["yhat"].to_numpy(dtype=np.float64) * opened)

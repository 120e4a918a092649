"""Public holidays of the sample's countries, and what they do to sales."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from .columns import dates, text
from .countries import CODES
from .period import DAYS, START, Floats, day_number

YEARS = (2024, 2025, 2026)
#: On the holiday itself fewer people order; on the two days before it more do.
ON_HOLIDAY = 0.55
BEFORE_HOLIDAY = 1.25

_FIXED: dict[str, dict[tuple[int, int], str]] = {
    "DE": {(1, 1): "Neujahr", (5, 1): "Tag der Arbeit", (10, 3): "Tag der Deutschen Einheit",
           (12, 25): "1. Weihnachtstag", (12, 26): "2. Weihnachtstag"},
    "FR": {(1, 1): "Jour de l'an", (5, 1): "Fête du Travail", (5, 8): "Victoire 1945",
           (7, 14): "Fête nationale", (8, 15): "Assomption", (11, 1): "Toussaint",
           (11, 11): "Armistice", (12, 25): "Noël"},
    "GB": {(1, 1): "New Year's Day", (12, 25): "Christmas Day", (12, 26): "Boxing Day"},
    "US": {(1, 1): "New Year's Day", (6, 19): "Juneteenth", (7, 4): "Independence Day",
           (11, 11): "Veterans Day", (12, 25): "Christmas Day"},
    "PL": {(1, 1): "Nowy Rok", (1, 6): "Trzech Króli", (5, 1): "Święto Pracy",
           (5, 3): "Święto Konstytucji", (8, 15): "Wniebowzięcie", (11, 1): "Wszystkich Świętych",
           (11, 11): "Święto Niepodległości", (12, 25): "Boże Narodzenie",
           (12, 26): "Drugi dzień Bożego Narodzenia"},
    "CH": {(1, 1): "Neujahr", (8, 1): "Bundesfeier", (12, 25): "Weihnachten",
           (12, 26): "Stephanstag"},
}  # fmt: skip
_EASTER: dict[str, dict[int, str]] = {
    "DE": {-2: "Karfreitag", 1: "Ostermontag", 39: "Christi Himmelfahrt", 50: "Pfingstmontag"},
    "FR": {1: "Lundi de Pâques", 39: "Ascension", 50: "Lundi de Pentecôte"},
    "GB": {-2: "Good Friday", 1: "Easter Monday"},
    "US": {},
    "PL": {1: "Poniedziałek Wielkanocny", 60: "Boże Ciało"},
    "CH": {-2: "Karfreitag", 1: "Ostermontag", 39: "Auffahrt", 50: "Pfingstmontag"},
}
#: month, weekday (Monday 0), which one (-1 is the last), name
_MOVING: dict[str, tuple[tuple[int, int, int, str], ...]] = {
    "GB": ((5, 0, 0, "Early May Bank Holiday"), (5, 0, -1, "Spring Bank Holiday"),
           (8, 0, -1, "Summer Bank Holiday")),
    "US": ((1, 0, 2, "Martin Luther King Day"), (5, 0, -1, "Memorial Day"), (9, 0, 0, "Labor Day"),
           (11, 3, 3, "Thanksgiving")),
}  # fmt: skip


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian computus, Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def weekday_in_month(year: int, month: int, weekday: int, which: int) -> date:
    """The `which`-th such weekday of a month, counted from 0, or from the end when negative."""
    days = [date(year, month, 1) + timedelta(n) for n in range(31)]
    return [day for day in days if day.month == month and day.weekday() == weekday][which]


def public_holidays() -> list[tuple[date, str, str]]:
    """Date, country and name, in order; one name per date and country."""
    found: dict[tuple[date, str], str] = {}
    for code in CODES:
        for year in YEARS:
            for day, name in _of_year(code, year):
                found.setdefault((day, code), name)
    return sorted((day, code, name) for (day, code), name in found.items())


def _of_year(code: str, year: int) -> list[tuple[date, str]]:
    fixed = [(date(year, *day), name) for day, name in _FIXED[code].items()]
    church = [(easter(year) + timedelta(n), name) for n, name in _EASTER[code].items()]
    moving = [(weekday_in_month(year, *rule[:3]), rule[3]) for rule in _MOVING.get(code, ())]
    return fixed + church + moving


def holiday_effect() -> Floats:
    """What the holidays multiply the orders of each day with: country x day."""
    effect = np.ones((len(CODES), DAYS))
    for day, code, _ in public_holidays():
        row, number = CODES.index(code), day_number(day)
        effect[row, max(number - 2, 0) : max(number, 0)] *= BEFORE_HOLIDAY
    for day, code, _ in public_holidays():
        if 0 <= day_number(day) < DAYS:
            effect[CODES.index(code), day_number(day)] = ON_HOLIDAY
    return effect


def holidays_table() -> pa.Table:
    """One row per public holiday and country, to the end of 2026 so that forecasts see them."""
    rows = public_holidays()
    days = np.array([np.datetime64(START) + day_number(day) for day, _, _ in rows])
    return pa.table(
        {
            "holiday_date": dates(days.astype("datetime64[D]").astype(np.int64)),
            "country": text([code for _, code, _ in rows]),
            "holiday_name": text([name for _, _, name in rows]),
        }
    )

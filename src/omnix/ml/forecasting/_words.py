"""What the features of global models are called for a shopkeeper."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_LEVEL = "How much was sold lately"
_SEASON = "What the same days of the last weeks brought"
_YEAR = "What the same time of last year brought"
_STEADY = "How regular the sales are"
_CALENDAR = "The time of the year and of the month"

#: By the name of the feature; several may share their words.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("mean_short", "mean_usual", "mean_whole"), _LEVEL),
        **dict.fromkeys(("apart_short", "apart_usual", "apart_long"), _LEVEL),
        **dict.fromkeys(("growth", "year_value", "year_apart", "year_around"), _YEAR),
        **dict.fromkeys(("season_last", "season_few", "season_some", "usual"), _SEASON),
        **dict.fromkeys(("spread", "noughts"), _STEADY),
        **dict.fromkeys(("month", "week_of_year", "day_of_month"), _CALENDAR),
        "weekday": "The day of the week",
        "ahead": "How far ahead it lies",
        "promo": "Promotions",
        "price": "The price",
        "holiday": "Public holidays",
        "before_holiday": "Public holidays",
        "after_holiday": "Public holidays",
        "closed": "Closed days",
    }
)

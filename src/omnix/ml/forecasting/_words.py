"""What the features of global models are called for a shopkeeper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from omnix.ml.folds import Grain
from omnix.ml.forecasting._features import SPANS

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


def told(name: str, words: Mapping[str, str]) -> str:
    """What a feature is called; a covariate that has no words by its name."""
    return words.get(name, f"Known beforehand: {name.replace('_', ' ')}")


def lags(names: Sequence[str], grain: Grain) -> dict[str, str]:
    """The words for the lags and rolling means that mlforecast names."""
    return {name: _of_lag(name, grain) for name in names if "lag" in name}


def _of_lag(name: str, grain: Grain) -> str:
    spans = SPANS[grain]
    if name.startswith("rolling_std"):
        return _STEADY
    if name.startswith("seasonal"):
        return _SEASON
    lag = name.removeprefix("lag")
    if lag == str(spans.year):
        return _YEAR
    return _SEASON if lag.isdecimal() and int(lag) % spans.season == 0 else _LEVEL

"""Sentences are read back as what stands in them: each form, and those who write them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from omnix.app.forecasting import pricing, scoreboard, stored
from omnix.app.forecasting.sentences import FORMS, emptiness, read
from omnix.ml.changes import Change
from omnix.ml.compare import better
from omnix.ml.forecasting import decide
from omnix.ml.forecasting.choose import Choice, choose
from omnix.systems.market_intelligence import trend_changes, trends
from shop import query

#: A value of each kind as it is written, and as it is read.
VALUES: dict[str, tuple[str, Any]] = {
    "n": ("1,234", 1234),
    "f": ("0.05", 0.05),
    "p": ("12.5 %", 0.125),
    "m": ("theta", "theta"),
    "v": ("1.2.0", "1.2.0"),
    "words": ("net sales", "net_sales"),
    "level": ("product", "product"),
    "quoted": ("'p1'", "p1"),
    "span": ("7 days", {"count": 7, "grain": "day"}),
    "iso": ("2026-05-01", "2026-05-01"),
    "day": ("1 May 2026", "2026-05-01"),
    "rest": ("Rolled back by hand.", None),
}


@pytest.mark.parametrize("code", FORMS)
def test_each_form_is_read_as_itself(code: str) -> None:
    wanted = {}

    def fill(place: re.Match[str]) -> str:
        name, kind = place.groups()
        if not name:
            return "s"
        written, meant = VALUES[kind]
        wanted[name] = meant
        return written

    (found,) = read(re.sub(r"\{(\w*):(\w+)\}", fill, FORMS[code]))
    assert found.code == code
    for name, meant in wanted.items():
        if meant is None:
            assert [each["code"] for each in found.values[name]] == ["rolled_back_by_hand"]
        else:
            assert found.values[name] == meant


def codes(words: str) -> list[str]:
    return [each.code for each in read(words)]


def test_several_sentences_are_read_one_after_the_other() -> None:
    words = "Within −4.1 % to 3 % in 52 weeks. Yearly growth needs 728 days; there are 400."
    first, second = read(words)
    assert first.values == {"low": -0.041, "high": 0.03, "weeks": 52}
    assert (second.code, second.values) == ("need_growth", {"needed": 728, "days": 400})
    assert f"{first.words} {second.words}" == words


def test_what_is_not_known_is_not_read() -> None:
    assert read("") == read(None) == []
    assert read("Something else.") == []
    assert read("The first one. Something else.") == []
    assert codes("1.2.0: too high in June") == ["because_version"]
    (found,) = read("1.2.0: too high in June")
    assert found.values["because"] == "too high in June"


def wide(errors: dict[str, float], cuts: int, seed: int = 0) -> pd.DataFrame:
    """A backtest in which each candidate is off by so much."""
    random = np.random.default_rng(seed)
    rows = [
        ("shop=", np.datetime64(f"2026-0{cut + 1}-01"), ahead, np.datetime64("2026-01-01"), 10.0, 1.0, False, "choose")
        for cut in range(cuts) for ahead in range(1, 15)
    ]  # fmt: skip
    names = ["unique_id", "cut", "ahead", "ds", "actual", "scale", "closed", "part"]
    index = pd.MultiIndex.from_tuples(rows, names=names)
    return pd.DataFrame({n: 10 + e * random.normal(size=len(rows)) for n, e in errors.items()}, index=index)  # fmt: skip


@pytest.mark.parametrize(
    ("errors", "cuts", "code"),
    [
        ({"theta": 1.0, "seasonal_naive": 5.0, "moving_average": 6.0}, 5, "lowest_error"),
        ({"theta": 1.0, "seasonal_naive": 5.0}, 1, "lowest_error"),
        ({"theta": 6.0, "seasonal_naive": 1.0}, 5, "baseline_best"),
        ({"theta": 1.0, "seasonal_naive": 1.0}, 5, "not_surely"),
    ],
)
def test_what_a_choice_says(errors, cuts, code) -> None:
    plain = frozenset({"seasonal_naive", "moving_average"}) & errors.keys()
    found = choose(wide(errors, cuts), "shop|smooth", plain, np.datetime64("2026-12-31"))
    (said,) = read(found.reason)
    assert said.code == code
    assert said.values["baseline"] == "seasonal_naive"
    if code == "not_surely":
        assert said.values["because"][0]["code"].startswith("verdict_")
    near = decide._borrowed("shop|erratic", {"shop|smooth": found}, {"shop|smooth": 1}, plain)
    (said,) = read(near.reason)
    assert (said.code, said.values["because"][0]["code"]) == ("as_group", code)


def test_what_is_said_of_a_fit_that_does_not_pay() -> None:
    plain = frozenset({"seasonal_naive"})
    one, other = (choose(wide({name: 1.0, "seasonal_naive": 5.0}, 5), "product|lumpy", plain, np.datetime64("2026-12-31")) for name in ("lstm", "theta"))  # fmt: skip
    (said,) = read(decide._paid(one, other, 7, 1_000).reason)
    assert said.code == "not_paid"
    assert said.values | {"because": said.values["because"][0]["code"]} == {
        "model": "lstm", "gain": 0.0, "series": 7, "every": 1_000, "because": "lowest_error",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["dead", "constant", "new", "short", "smooth"])
def test_what_is_said_of_series_that_nothing_was_tried_on(kind) -> None:
    found: Choice = decide._borrowed(f"product|{kind}", {}, {}, frozenset({"moving_average"}))
    assert codes(found.reason) == [f"still_{'untried' if kind == 'smooth' else kind}"]


@pytest.mark.parametrize(
    ("one", "two", "least", "code"),
    [
        ([1.0, 1.1], [2.0, 2.1], 0.0, "verdict_few"),
        ([1.0] * 8, [1.0] * 8, 0.0, "verdict_same"),
        ([2.0, 2.2] * 6, [1.0, 1.1] * 6, 0.0, "verdict_worse"),
        ([1.0, 1.1] * 6, [2.0, 2.3] * 6, 0.0, "verdict_less"),
        ([1.0, 1.1] * 6, [1.01, 1.11] * 6, 0.5, "verdict_least"),
        ([1.0, 2.0, 1.0, 2.0], [1.9, 1.0, 2.0, 1.2], 0.0, "verdict_luck"),
    ],
)
def test_what_a_verdict_says(one, two, least, code) -> None:
    keyed = [dict(enumerate(each)) for each in (one, two)]
    assert codes(better(*keyed, least=least).reason) == [code]


def test_what_a_trend_says() -> None:
    row = {"weeks": 52, "momentum": 0.01, "momentum_lower": 0.005, "momentum_upper": 0.02}
    assert codes(trends._type({**row, "q": 0.01})[1]) == ["growth"]
    assert codes(trends._type({**row, "q": 0.01, "momentum": -0.01})[1]) == ["decline"]
    assert codes(trends._type({**row, "q": 0.9})[1]) == ["anything"]
    assert codes(trends._type({**row, "q": 0.9, "season_yearly": 0.9})[1]) == ["season_strong"]
    still = {"momentum_lower": -0.001, "momentum_upper": 0.001}
    assert codes(trends._type({**row, **still, "q": 0.9})[1]) == ["within"]


@pytest.mark.parametrize(
    ("kind", "effect", "near", "code"),
    [
        ("level", 0.2, False, "level_rose"),
        ("level", -0.2, False, "level_fell"),
        ("level", 7.4, True, "level_rose_near"),
        ("level", -0.9, True, "level_fell_near"),
        ("growth", 0.3, False, "year_faster"),
        ("growth", -0.3, False, "year_slower"),
        ("growth", 0.3, True, "faster_near"),
        ("growth", -0.3, True, "slower_near"),
    ],
)
def test_what_a_change_says(kind, effect, near, code) -> None:
    each = Change(10, kind, effect, 0.001, before=2.0, after=2.0 * (1 + effect), near=near)
    assert codes(trend_changes._change(each)["reason"]) == [code]


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([0.1] * 3, "score_few"),
        ([0.1, 0.2] * 4, "score_same"),
        ([0.5] * 5 + [0.1] * 5, "score_better"),
        ([0.1] * 5 + [0.5] * 5, "score_worse"),
    ],
)
@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_what_a_scoreboard_says(errors, code, grain) -> None:
    _, words = scoreboard._verdict([{"wape": each} for each in errors], grain)
    assert codes(words) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [(f"A run: {stored.RUN}", "need_run"), (f"New sales and a run: {stored.RUN}", "need_new_sales"), (pricing.NEEDED, "need_feed")],
)  # fmt: skip
def test_what_would_be_needed(words, code) -> None:
    assert emptiness(("Nothing was sold yet.", words))["needed_said"][0]["code"] == code


def test_there_is_something() -> None:
    assert emptiness(None) == {"empty_because": None, "needed": None, "empty_said": [], "needed_said": []}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "table",
    ["forecasts", "forecast_model_comparison", "trends", "trend_changes", "competitive_pricing"],
)
def test_whatever_stands_in_the_tables_is_read(built: Path, table: str) -> None:
    found = {row["reason"] for row in query(built, f"select distinct reason from {table}", table)}
    assert {words for words in found if words and not read(words)} == set()


def test_days_are_read_as_they_are_written() -> None:
    words = "It was first sold on 3 June 2026: week of history are too few to try a forecast on before it is shown."
    (found,) = read(words)
    assert found.values == {"day": date(2026, 6, 3).isoformat(), "length": {"count": 1, "grain": "week"}}  # fmt: skip

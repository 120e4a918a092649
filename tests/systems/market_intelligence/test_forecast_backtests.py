"""Trials on the past: the same days for every candidate, and nothing known of them."""

from __future__ import annotations

from pathlib import Path

from shop import query


def test_candidates_see_the_same_days(built: Path) -> None:
    rows = query(
        built,
        """
        select metric, grain, level, item, count(distinct n) as sizes from (
            select metric, grain, level, item, model, count(*) as n from forecast_backtests group by all
        ) group by all having sizes > 1
        """,
        "forecast_backtests",
    )
    assert rows == []


def test_what_is_forecast_lies_after_the_cut(built: Path) -> None:
    (row,) = query(
        built,
        "select count(*) as bad from forecast_backtests where period <= cut",
        "forecast_backtests",
    )
    assert row["bad"] == 0

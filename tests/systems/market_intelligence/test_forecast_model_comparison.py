"""The comparison: one choice for each series, the baselines among the candidates."""

from __future__ import annotations

from pathlib import Path

from shop import query


def test_the_comparison_has_one_choice_for_each_series(built: Path) -> None:
    rows = query(
        built,
        "select metric, grain, level, item, count(*) filter (chosen) as n, count(*) filter (is_baseline) as base"
        " from forecast_model_comparison group by all",
        "forecast_model_comparison",
    )
    assert rows
    assert {row["n"] for row in rows} == {1}
    assert {row["base"] for row in rows} >= {2}

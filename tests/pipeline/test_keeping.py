"""Tables that are good enough for some days: what keeps them, and what does not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from omnix.app.app import App
from shop import query, run

KEPT = ("trends", "trend_changes", "forecast_backtests", "forecast_model_comparison", "forecasts")


@pytest.fixture
def cut(copied: Path) -> date:
    snapshot = App.open(copied).lake.snapshot("analytics/forecasts")
    assert snapshot
    return date.fromisoformat(snapshot.metadata["omnix.as_of"])


def results(home: Path, *names: str, **options: object) -> dict[str, str]:
    done = run(home, *names, ingest_first=False, **options)
    assert done.failures == []
    return {each.table: each.result for each in done.built}


@pytest.mark.slow
def test_new_rows_of_the_same_day_do_not_forecast_anew_but_a_new_day_does(
    copied: Path, cut: date
) -> None:
    same = results(copied, *KEPT, force=frozenset({"sales_series"}))
    assert same["sales_series"] == "built"
    assert {name: same[name] for name in KEPT} == dict.fromkeys(KEPT, "unchanged")
    later = results(copied, *KEPT, as_of=cut + timedelta(days=1))
    assert later["trends"] == later["forecasts"] == "built"
    assert later["forecast_backtests"] == later["forecast_model_comparison"] == "unchanged"
    (row,) = query(copied, "select min(made_on) as made_on from forecasts", "forecasts")
    assert row["made_on"] == cut + timedelta(days=1)


@pytest.mark.slow
def test_what_is_kept_goes_with_what_it_was_made_from(copied: Path) -> None:
    found = results(copied, *KEPT, force=frozenset({"forecast_backtests"}))
    assert found["forecast_backtests"] == "built"
    assert found["forecast_model_comparison"] == found["forecasts"] == "built"
    assert found["trends"] == "unchanged"


@pytest.mark.slow
def test_an_earlier_cut_is_not_answered_by_a_later_one(copied: Path, cut: date) -> None:
    found = results(copied, "trends", as_of=cut - timedelta(days=1))
    assert found["trends"] == "built"

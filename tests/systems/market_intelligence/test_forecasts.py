"""The forecasting tables from end to end on the small sample shop, with models that are registered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from omnix.app.app import App
from omnix.core.settings import save
from shop import copy_home, query, run

TABLES = ("forecast_backtests", "forecast_model_comparison", "forecasts", "forecast_scoreboard")


def test_every_level_and_grain_has_a_forecast(built: Path) -> None:
    rows = query(
        built,
        "select metric, grain, level, count(distinct item) as items, max(ahead) as ahead,"
        " min(made_on) as made_on from forecasts group by all",
        "forecasts",
    )
    found = {(row["metric"], row["grain"], row["level"]) for row in rows}
    for grain in ("day", "week", "month"):
        for metric in ("net_sales", "units"):
            assert {
                (metric, grain, level) for level in ("shop", "country", "category", "product")
            } <= found
        for metric in ("orders", "customers"):
            assert (metric, grain, "shop") in found
            assert (metric, grain, "product") not in found
    ahead = {(row["grain"], row["level"]): row["ahead"] for row in rows}
    assert (ahead["day", "shop"], ahead["day", "product"]) == (90, 30)
    assert (ahead["week", "shop"], ahead["month", "shop"]) == (26, 12)


def test_levels_add_up(built: Path) -> None:
    rows = query(
        built,
        """
        select metric, grain, period, sum(value) filter (level = 'shop') as shop,
            sum(value) filter (level = 'country') as country,
            sum(value) filter (level = 'category') as category
        from forecasts where metric in ('net_sales', 'units') group by all
        """,
        "forecasts",
    )
    assert rows
    for row in rows:
        assert row["country"] == pytest.approx(row["shop"], abs=1e-3)
        assert row["category"] == pytest.approx(row["shop"], abs=1e-3)
    products = query(
        built,
        """
        with parents as (select item, any_value(parent) as parent from sales_series where level = 'product' group by item)
        select f.metric, f.grain, f.period, p.parent, sum(f.value) as products, any_value(c.value) as category
        from forecasts f join parents p using (item)
        join forecasts c on c.level = 'category' and c.item = p.parent and c.metric = f.metric
            and c.grain = f.grain and c.period = f.period
        where f.level = 'product' group by all
        """,
        "forecasts", "sales_series",
    )  # fmt: skip
    assert products
    for row in products:
        assert row["products"] == pytest.approx(row["category"], abs=1e-3)


def test_nothing_at_or_after_the_cut_was_used_and_all_that_is_forecast_lies_ahead(
    built: Path,
) -> None:
    (row,) = query(
        built,
        """
        select count(*) filter (grain = 'day' and period < made_on) as late,
            count(distinct made_on) as cuts
        from forecasts
        """,
        "forecasts",
    )
    assert (row["late"], row["cuts"]) == (0, 1)


@pytest.fixture(scope="module")
def trained(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own whose models were trained and registered."""
    home = copy_home(built, tmp_path_factory.mktemp("trained") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("OMNIX_FORECASTING_BUDGET_SECONDS")
        save(home, {"forecasting": {"budget_seconds": 30}})
        assert run(home, *TABLES[:3]).failures == []
    return home


@pytest.fixture(autouse=True)
def _trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMNIX_FORECASTING_BUDGET_SECONDS", raising=False)


@pytest.mark.slow
def test_models_are_registered_and_say_so(trained: Path) -> None:
    shelf = App.open(trained).models()
    assert shelf.registry.names() == [
        "forecast-customers", "forecast-net_sales", "forecast-orders", "forecast-units",
    ]  # fmt: skip
    versions = query(trained, "select distinct metric, model_version from forecasts", "forecasts")
    assert {row["model_version"] for row in versions} == {"1.0.0"}
    card = shelf.registry.card("forecast-net_sales")
    assert "MASE by day, shop" in card
    tried = query(trained, "select distinct model from forecast_backtests", "forecast_backtests")
    assert len(tried) > 4


@pytest.mark.slow
def test_a_champion_that_an_older_version_wrote_is_learnt_anew(
    trained: Path, tmp_path: Path
) -> None:
    home = copy_home(trained, tmp_path / "home")
    shelf = App.open(home).models()
    # What lies there is read as it is: only its form is unknown.
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr("omnix.ml.forecasting.bundle._FILE", "of-an-older-version.json")
        assert run(home, "forecasts", force=frozenset({"forecasts"})).failures == []
    states = {each.semantic: each.state for each in shelf.registry.versions("forecast-orders")}
    assert states == {"1.0.0": "former champion", "1.0.1": "champion"}


@pytest.mark.slow
@pytest.mark.parametrize("how", ["deleted", "pointer"])
def test_a_champion_that_cannot_be_read_does_not_stop_a_run(
    trained: Path, tmp_path: Path, how: str
) -> None:
    home = copy_home(trained, tmp_path / "home")
    shelf = App.open(home).models()
    champion = shelf.champion("forecast-orders")
    assert champion is not None
    if how == "deleted":
        shutil.rmtree(champion.folder)
    else:
        (home / "models" / "champions" / "forecast-orders.json").write_text("{")
    assert run(home, "forecasts", force=frozenset({"forecasts"})).failures == []
    old, new = shelf.registry.versions("forecast-orders")
    assert (old.state, new.state) == ("former champion", "champion")
    assert "gone or damaged" in new.reason
    assert shelf.champion("forecast-orders") is not None


@pytest.mark.slow
def test_nothing_new_changes_nothing_and_a_rollback_brings_the_old_answers_back(
    trained: Path,
) -> None:
    assert {built.result for built in run(trained, *TABLES[:3]).built if built.table in TABLES} == {
        "unchanged"
    }
    before = _answers(trained)
    again = run(trained, "forecasts", force=frozenset({"forecasts"}))
    assert again.failures == []
    shelf = App.open(trained).models()
    states = {each.semantic: each.state for each in shelf.registry.versions("forecast-orders")}
    assert states == {"1.0.0": "former champion", "1.0.1": "champion"}
    for name in shelf.registry.names():
        shelf.rollback(name)
    assert run(trained, "forecasts").failures == []
    assert _answers(trained) == before
    held = query(trained, "select distinct model_version from forecasts", "forecasts")
    assert held == [{"model_version": "1.0.0"}]


def _answers(home: Path) -> list[tuple[object, ...]]:
    rows = query(
        home,
        "select metric, grain, level, item, period, value, lower_80, upper_95, baseline, model"
        " from forecasts order by all",
        "forecasts",
    )
    return [tuple(row.values()) for row in rows]


@pytest.mark.slow
def test_a_kept_trial_stays_for_a_week_and_forecasts_move_on(trained: Path, tmp_path: Path) -> None:
    from datetime import timedelta

    home = tmp_path / "home"
    shutil.copytree(trained, home)
    shutil.copytree(trained.parent / "home-sample", tmp_path / "home-sample")
    (row,) = query(home, "select max(made_on) as made_on from forecasts", "forecasts")
    soon = run(home, *TABLES[:3], as_of=row["made_on"] + timedelta(days=3), ingest_first=False)
    results = {each.table: each.result for each in soon.built}
    assert results["forecast_backtests"] == "unchanged"
    assert results["forecasts"] == "built"

"""The same graph in Dagster."""

import os
import warnings

import pytest

from omnix.app.app import App
from pipeline import kills

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    dg = pytest.importorskip("dagster", reason="the extra `dagster` is not installed")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def home(tmp_path):
    kills.shop(tmp_path / "shop", 1)
    return kills.home_of(tmp_path / "home", tmp_path / "shop")


def test_the_daily_job_materialises_every_table_and_its_checks_pass(home):
    from omnix.app.ops import definitions
    from omnix.pipeline.graph import all_tables

    with dg.DagsterInstance.ephemeral() as instance:
        done = definitions(home).resolve_job_def("daily").execute_in_process(instance=instance)
    made = {event.asset_key.to_user_string() for event in done.get_asset_materialization_events()}
    assert done.success
    assert made == {"raw", *all_tables()}
    checks = done.get_asset_check_evaluations()
    assert {check.asset_key.to_user_string() for check in checks} == set(all_tables())
    assert all(check.passed for check in checks)
    assert App.open(home).lake.snapshot("analytics/sales_daily") is not None


def test_it_runs_at_two_in_the_morning():
    from omnix.app.ops import definitions

    schedule = definitions().get_schedule_def("daily_at_two")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "UTC")


def test_the_sensor_asks_for_a_run_only_when_raw_is_new(home):
    from omnix.app.ops import definitions

    App.open(home).ingest()
    sensor = definitions(home).get_sensor_def("new_raw_data")
    with dg.DagsterInstance.ephemeral() as instance:
        first = dg.build_sensor_context(instance=instance)
        assert len(sensor.evaluate_tick(first).run_requests) == 1
        again = dg.build_sensor_context(instance=instance, cursor=first.cursor)
        assert sensor.evaluate_tick(again).run_requests == []
        kills.shop_file(home.parent / "shop", 1)
        App.open(home).ingest()
        assert len(sensor.evaluate_tick(again).run_requests) == 1

"""The same graph in Dagster: assets, checks, a daily schedule, a sensor for new raw data.

Dagster decides when; what is done is what `omnix run` does, through the same functions.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.app.app import App
from omnix.core.errors import OmnixError
from omnix.core.settings import Settings
from omnix.core.table import Table
from omnix.curation.shape import Curated
from omnix.pipeline.graph import Graph, built_in

if TYPE_CHECKING:
    import dagster as dg

#: When the daily run begins, UTC.
DAILY = "0 2 * * *"


def definitions(home: Path | None = None) -> dg.Definitions:
    """Every table of `home` as a Dagster asset, with its checks, the schedule and the sensor.

    Raises:
        OmnixError: the extra is not installed.

    """
    dg = _dagster()
    raw = dg.AssetSpec(
        "raw", group_name="raw", description="What came in of the shop, behind the door."
    )

    @dg.multi_asset(specs=[raw], name="ingest")
    def ingest() -> Any:
        """Bring what is new into raw."""
        app = App.open(home)
        with app.locked("ingest"):
            done = app.ingest()
        if errors := [each.error for each in done if each.error]:
            raise errors[0]
        return dg.MaterializeResult(
            asset_key="raw", metadata={each.table: each.rows for each in done}
        )

    every = _graph(home).tables
    assets = [_asset(dg, table, home, every) for table in every.values()]
    checks = [_check(dg, table, home) for table in every.values()]
    daily = dg.define_asset_job("daily", selection=dg.AssetSelection.all())
    schedule = dg.ScheduleDefinition(
        name="daily_at_two", job=daily, cron_schedule=DAILY, execution_timezone="UTC"
    )
    tables = dg.define_asset_job(
        "tables", selection=dg.AssetSelection.all() - dg.AssetSelection.assets("raw")
    )
    return dg.Definitions(
        assets=[ingest, *assets], asset_checks=checks, jobs=[daily, tables], schedules=[schedule],
        sensors=[_sensor(dg, tables, home)],
    )  # fmt: skip


def _dagster() -> Any:
    try:
        import dagster
    except ImportError:
        raise OmnixError("Dagster is not installed.", "pip install 'omnix[dagster]'") from None
    return dagster


def _graph(home: Path | None) -> Graph:
    """The tables of a home that is set up; else those that omnix brings."""
    settings = Settings.load(home)
    return App(settings).graph if settings.file.exists() else built_in()


def _asset(dg: Any, table: Table, home: Path | None, every: Mapping[str, Table]) -> Any:
    """The table as an asset: what it reads are its dependencies."""
    inputs = [name for name in table.inputs if name in every]
    if isinstance(table, Curated):
        inputs.append("raw")
    if {"curations", "ingests"} & set(table.inputs):
        inputs += [name for name, each in every.items() if isinstance(each, Curated)]

    @dg.asset(name=table.name, deps=inputs, group_name=table.system, description=table.about)
    def build() -> Any:
        app = App.open(home)
        with app.locked(f"run {table.name}"):
            built = app.run_one(table.name)
        if built.error:
            raise built.error
        return dg.MaterializeResult(
            metadata={
                "rows": built.rows or 0,
                "version": built.version or 0,
                "outcome": built.result,
            },
            data_version=dg.DataVersion(str(built.version)),
        )

    return build


def _check(dg: Any, table: Table, home: Path | None) -> Any:
    """The table's contract as an asset check, on what is published."""

    @dg.asset_check(
        asset=table.name,
        name="contract",
        description="The published rows keep the table's contract.",
    )
    def contract() -> Any:
        broken = App.open(home).violations(table.name)
        return dg.AssetCheckResult(passed=not broken, metadata={"broken": broken})

    return contract


def _sensor(dg: Any, job: Any, home: Path | None) -> Any:
    """Asks for a run of the tables when raw has a version that was not there before."""

    @dg.sensor(name="new_raw_data", job=job, minimum_interval_seconds=60)
    def new_raw_data(context: Any) -> Any:
        versions = json.dumps(_raw_versions(App.open(home)), sort_keys=True)
        if versions == context.cursor:
            return dg.SkipReason("Raw is as it was.")
        context.update_cursor(versions)
        return dg.RunRequest(run_key=versions)

    return new_raw_data


def _raw_versions(app: App) -> dict[str, int]:
    names = [name for name in app.lake.names() if name.startswith("raw/")]
    return {name: snapshot.version for name in names if (snapshot := app.lake.snapshot(name))}


def serve(app: App, port: int, run: Callable[..., Any] = subprocess.run) -> None:
    """Open Dagster's UI on the graph of `app`'s home, until it is stopped.

    Raises:
        OmnixError: the extra is not installed.

    """
    _dagster()
    state = app.settings.home / "dagster"
    state.mkdir(parents=True, exist_ok=True)
    (state / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    environment = {
        **os.environ, "DAGSTER_HOME": str(state), "DAGSTER_DISABLE_TELEMETRY": "1", "OMNIX_HOME": str(app.settings.home),
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-m",
        "omnix.app.dagster_definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    run(command, env=environment, check=False)

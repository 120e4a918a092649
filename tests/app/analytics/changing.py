"""Changing a home's tables under a reader, as a run does."""

from __future__ import annotations

from omnix.app.app import App
from omnix.core.table import Table


def publish(app: App, name: str, sql: str = "from shown") -> int:
    """Publish a new version of a table made from its own rows (`shown`); give the version."""
    table = app.graph.tables[name]
    with app.workspace() as work:
        con = work.connection(threads=1)
        app.lake.view(con, table.path, as_name="shown")
        con.execute(f"create or replace temp table fresh as {sql}")
        metadata = {"omnix.as_of": "2026-07-01", "omnix.run_id": "changed"}
        return app.lake.publish(
            table.path, con, "from fresh", columns(table), metadata=metadata
        ).version


def columns(table: Table) -> dict[str, object]:
    """The columns as the lake wants them."""
    return dict(table.columns)


def forget(app: App, name: str, versions: int = 1) -> None:
    """Remove all but the newest versions of a table."""
    app.lake.vacuum(app.graph.tables[name].path, keep_versions=versions, older_than=None)

"""Same inputs, same as-of: the same rows, byte for byte. Another as-of: others."""

from __future__ import annotations

from pathlib import Path

from cli.command import omnix
from omnix.app.app import App
from omnix.pipeline.graph import all_tables
from shop import query
from whole import tiny

AS_OF = "2026-01-10"


def files(home: Path, name: str) -> list[bytes]:
    """The bytes of the table's data files."""
    snapshot = App.open(home).lake.snapshot(all_tables()[name].path)
    assert snapshot
    return [Path(file).read_bytes() for file in snapshot.files]


def test_same_inputs_and_as_of_give_the_same_bytes(tmp_path: Path) -> None:
    source = tiny.write(tmp_path / "shop", tiny.tables(orders=60))
    homes = [tiny.home_of(source, tmp_path / name) for name in ("one", "two")]
    for home in homes:
        assert omnix(home, "run", "--as-of", AS_OF).code == 0
    for name, table in all_tables().items():
        first, second = (files(home, name) for home in homes)
        assert first == second, name
        if table.takes_as_of:
            assert first

    before = {name: files(homes[0], name) for name in all_tables()}
    assert omnix(homes[0], "run", "--as-of", "2026-01-20").code == 0
    changed = {name for name in all_tables() if files(homes[0], name) != before[name]}
    moved = {name: table for name, table in all_tables().items() if table.takes_as_of}
    # Of so small a shop nothing can be forecast, and nobody else's prices are known.
    always = {name for name, table in moved.items() if not table.keep_days}
    assert always - {"competitive_pricing"} <= changed <= moved.keys()
    assert omnix(homes[0], "run", "--as-of", AS_OF).code == 0
    assert {name: files(homes[0], name) for name in all_tables()} == before


def test_nothing_on_or_after_the_day_counts(tmp_path: Path) -> None:
    _, home = tiny.built(tmp_path)
    assert omnix(home, "run", "--as-of", AS_OF).code == 0
    (sold,) = query(
        home,
        "select max(sold_on)::varchar as last, sum(orders) as n from sales_daily",
        "sales_daily",
    )
    assert sold["last"] == "2026-01-09"
    history = omnix(home, "history", "sales_daily", "--json").json
    assert [each["metadata"]["omnix.as_of"] for each in history] == ["2026-01-10", "2026-01-13"]
    earlier = omnix(home, "show", "sales_daily", "--version", 0, "--limit", 0, "--json").json
    assert max(row["sold_on"] for row in earlier) == "2026-01-12"


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    told = omnix(tmp_path, "run", "--as-of", "soon")
    assert told.code == 2
    assert "--as-of" in told.words

"""Registered systems through the whole: planned, registered, run, asked, changed, disabled."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.registered import shops
from cli.command import omnix
from omnix.app.app import App
from omnix.app.registered.systems import RefusedSystemError, System, Systems, TakenError
from omnix.core.errors import ContractError, UnknownTableError
from omnix.core.sql_table import SqlTable
from shop import run


@pytest.fixture
def systems(built: Path) -> Systems:
    """Of a home that nobody may change: for plans only."""
    return Systems(App.open(built))


@pytest.fixture
def own(copied: Path) -> Systems:
    """Of a home of one's own."""
    return Systems(App.open(copied))


def results(home: Path, *names: str, **more: object) -> dict[str, str]:
    """What a run did to each table."""
    return {b.table: b.result for b in run(home, *names, ingest_first=False, **more).built}


class TestPlan:
    def test_types_come_from_the_engine_and_meanings_from_people_or_the_inputs(self, systems):
        (table,) = systems.plan(shops.system()).tables
        found = {c.name: (c.type, c.nullable, c.person) for c in table.columns}
        assert found == {
            "customer_id": ("string", False, "id"),
            "currency": ("string", False, None),
            "orders": ("int64", True, None),
            "spent_cents": ("int64", True, None),
            "last_at": ("timestamp", True, None),
        }
        about = {c.name: c.about for c in table.columns}
        assert about["orders"] == "Orders before the cut."
        assert about["customer_id"] == "Who ordered; empty for a guest."
        assert about["spent_cents"] == "Computed from orders.total_cents."
        assert table.inputs == ("orders",)
        assert table.error is None

    def test_each_table_says_what_is_wrong_with_it_and_nothing_is_written(self, systems):
        bad = shops.table("bad", "select no_such from orders", ["no_such"])
        hangs = shops.table("hangs", "select * from bad", ["no_such"])
        plan = systems.plan(shops.system("loyalty", shops.loyal(), bad, hangs))
        errors = {each.name: each.error for each in plan.tables}
        assert not plan.ok
        assert errors["loyal_customers"] is None
        assert "has a column 'no_such'" in errors["bad"]
        assert "hangs reads bad, which cannot be built" in errors["hangs"]
        assert systems.list() == ()

    def test_a_registered_table_may_read_another_in_any_order(self, systems):
        plan = systems.plan(shops.system("loyalty", shops.top(), shops.loyal()))
        assert [each.error for each in plan.tables] == [None, None]
        assert plan.tables[0].inputs == ("loyal_customers",)
        assert plan.tables[0].columns[0].person == "id"

    def test_a_circle_is_named(self, systems):
        plan = systems.plan(
            shops.system(
                "loop",
                shops.table("one_a", "select * from one_b", ["x"]),
                shops.table("one_b", "select * from one_a", ["x"]),
                shops.table("one_c", "select * from one_b", ["x"]),
            )
        )
        errors = [each.error for each in plan.tables]
        assert all("in a circle" in (error or "") for error in errors)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"name": "market_intelligence"}, "omnix's own"),
            ({"name": "plan"}, "omnix's own"),
            ({"name": "curation"}, "omnix's own"),
            ({"name": "select"}, "a word of SQL"),
            ({"name": "../evil"}, "is called"),
            ({"name": "Loyal"}, "is called"),
            ({"name": "a" * 49}, "is called"),
            ({"name": ""}, "is called"),
            ({"name": None}, "is called"),
            ({"name": "a\n"}, "is called"),
            ({"tables": []}, "has no tables"),
            ({"tables": {}}, "has no tables"),
            ({"tables": ["x"]}, "A table of"),
            ({"enabled": "yes"}, "enabled is"),
            ({"title": 5}, "title is"),
            ({"title": "x" * 3000}, "characters"),
            ({"title": "a\u202eb"}, "holds the character"),
            ({"owner": "me"}, "means nothing"),
        ],
    )
    def test_a_definition_that_is_none_is_refused_in_words(self, systems, given, said):
        with pytest.raises(ContractError, match=said):
            systems.plan({**shops.system(), **given})

    @pytest.mark.parametrize(
        "name", ["orders", "sales_daily", "runs", "quarantine", "ingests", "curations", "table"]
    )
    def test_no_table_takes_a_name_that_means_something_already(self, systems, name):
        (table,) = systems.plan(shops.system("x", {**shops.loyal(), "name": name})).tables
        assert table.error
        assert systems.app.graph.tables.get(name) is not None or name != "orders"


class TestLife:
    def test_registered_run_asked_changed_disabled(self, own: Systems, copied: Path):
        assert isinstance(own.register(shops.system("loyalty", shops.loyal(), shops.top())), System)
        app = own.app
        assert isinstance(app.graph.tables["loyal_customers"], SqlTable)
        assert app.graph.tables["top_customers"].system == "loyalty"
        assert "top_customers" in app.graph.downstream("orders")

        done = results(copied, system="loyalty")
        assert done["loyal_customers"] == done["top_customers"] == "built"
        assert done["orders"] == "unchanged"
        assert results(copied, system="loyalty")["loyal_customers"] == "unchanged"

        rows = omnix(copied, "show", "top_customers", "--json").json
        assert len(rows) == 10
        spent = [row["spent_cents"] for row in rows]
        assert max(spent) > min(spent) > 0
        listed = {row["table"]: row for row in omnix(copied, "tables", "--json").json}
        assert listed["loyal_customers"]["system"] == "loyalty"
        assert listed["loyal_customers"]["about"] == "One row per loyal_customers."
        told = omnix(copied, "lineage", "top_customers", "--json").json
        assert told["columns"]["spent_cents"] == ["loyal_customers.spent_cents"]
        assert app.violations("loyal_customers") == []

        changed = shops.loyal()
        changed["sql"] = shops.SPEND.replace("count(*)", "count(*) * 2")
        own.change("loyalty", shops.system("loyalty", changed, shops.top()))
        before = app.lake.snapshot("analytics/loyal_customers")
        assert results(copied, system="loyalty")["loyal_customers"] == "built"
        assert app.lake.snapshot("analytics/loyal_customers").version > before.version

        assert not own.set_enabled("loyalty", False).enabled
        assert "loyal_customers" not in app.graph.tables
        assert "loyal_customers" not in results(copied)
        assert "loyal_customers" not in {
            row["table"] for row in omnix(copied, "tables", "--json").json
        }
        assert omnix(copied, "show", "loyal_customers").code == 2
        assert app.lake.snapshot("analytics/loyal_customers") is not None
        assert own.set_enabled("loyalty", True).enabled
        assert results(copied, system="loyalty")["loyal_customers"] == "unchanged"
        own.remove("loyalty")
        assert own.list() == ()
        assert app.lake.snapshot("analytics/loyal_customers") is not None

    def test_another_shape_under_the_same_name_is_published_and_the_old_one_stays_readable(
        self, own: Systems, copied: Path
    ):
        def make(sql: str) -> dict:
            return shops.system("shapes", shops.table("shaped", sql, ["customer_id"]))

        own.register(make("select customer_id, country from customers -- not $as_of"))
        assert results(copied, "shaped")["shaped"] == "built"
        first = own.app.lake.snapshot("analytics/shaped")
        own.change("shapes", make("select customer_id, 1 as country, $as_of as cut from customers"))
        assert results(copied, "shaped")["shaped"] == "built"
        assert set(omnix(copied, "show", "shaped", "--json").json[0]) == {"customer_id", "country", "cut"}  # fmt: skip
        old = omnix(copied, "show", "shaped", "--version", first.version, "--json").json
        assert set(old[0]) == {"customer_id", "country"}

    def test_a_failing_table_is_local_and_told_by_name(self, own: Systems, copied: Path):
        fails = shops.table(
            "fails", "select customer_id, cast(customer_id as integer) as n from customers",
            ["customer_id"],
        )  # fmt: skip
        twice = shops.table("twice", "select currency, total_cents from orders", ["currency"])
        never = shops.table("never", "select order_id from orders", ["order_id"], checks={"no": "order_id = ''"})  # fmt: skip
        hangs = shops.table("hangs", "select customer_id from fails", ["customer_id"])
        own.register(shops.system("loyalty", shops.loyal(), fails, twice, never, hangs))
        report = run(copied, ingest_first=False)
        found = {b.table: b for b in report.built}
        assert {n for n, b in found.items() if b.result == "failed"} == {"fails", "twice", "never"}
        assert found["hangs"].result == "skipped"
        assert found["loyal_customers"].result == "built"
        assert "fails: DuckDB says: Conversion Error" in str(found["fails"].error)
        assert "repeat the key" in str(found["twice"].error)
        assert "break the rule 'no'" in str(found["never"].error)

    def test_a_file_that_is_broken_by_hand_takes_down_only_its_own_tables(
        self, own: Systems, copied: Path
    ):
        own.register(shops.system())
        (copied / "systems" / "broken.toml").write_text("name = ")
        (copied / "systems" / "wrong.toml").write_text(
            'name = "wrong"\n[[tables]]\nname = "w"\ndescription = "One row per w."\n'
            'key = ["x"]\nsql = "select x from nowhere"\n'
        )
        (copied / "systems" / "thief.toml").write_text(
            'name = "thief"\n[[tables]]\nname = "orders"\ndescription = "One row per w."\n'
            'key = ["x"]\nsql = "select 1 as x"\n'
        )
        report = run(copied, ingest_first=False)
        found = {b.table: b for b in report.built}
        assert {n for n, b in found.items() if b.result == "failed"} == {
            "systems/broken", "w", "thief/orders",
        }  # fmt: skip
        assert found["orders"].result == "unchanged"
        assert found["loyal_customers"].result == "built"
        assert {each.name: each.ok for each in own.list()} == {
            "broken": False, "loyalty": True, "thief": False, "wrong": False,
        }  # fmt: skip
        assert omnix(copied, "run", "w").code == 1
        assert "nowhere" in omnix(copied, "run", "w").words

    def test_what_others_read_is_neither_disabled_nor_removed_nor_changed_away(self, own: Systems):
        own.register(shops.system("base", shops.loyal()))
        own.register(shops.system("leaders", shops.top()))
        for change in (
            lambda: own.set_enabled("base", False),
            lambda: own.remove("base"),
            lambda: own.change("base", shops.system("base", {**shops.loyal(), "name": "other"})),
        ):
            with pytest.raises(TakenError, match="top_customers of the system 'leaders'"):
                change()
        own.set_enabled("leaders", False)
        own.set_enabled("base", False)
        with pytest.raises(ContractError, match="'base', which is disabled"):
            own.set_enabled("leaders", True)

    def test_a_name_is_given_once(self, own: Systems):
        own.register(shops.system())
        with pytest.raises(TakenError, match="registered already"):
            own.register(shops.system())
        with pytest.raises(RefusedSystemError, match="declared by the system 'loyalty'") as caught:
            own.register(shops.system("another"))
        assert caught.value.errors[0]["field"] == "tables.0"
        assert [each.name for each in own.list()] == ["loyalty"]

    def test_an_unknown_one_is_told_with_the_nearest(self, own: Systems):
        own.register(shops.system())
        for ask in (
            lambda: own.get("loyality"),
            lambda: own.remove("loyality"),
            lambda: own.set_enabled("loyality", True),
            lambda: own.change("loyality", shops.system("loyality")),
        ):
            with pytest.raises(UnknownTableError, match="Did you mean 'loyalty'"):
                ask()

    def test_the_file_is_read_again_when_it_changes(self, own: Systems, copied: Path):
        own.register(shops.system())
        path = copied / "systems" / "loyalty.toml"
        path.write_text(path.read_text().replace("loyal_customers", "loyal_people"))
        assert "loyal_people" in own.app.graph.tables
        path.unlink()
        assert "loyal_people" not in own.app.graph.tables

    def test_without_a_systems_folder_nothing_is_made_anew(self, built: Path):
        app = App.open(built)
        assert app.graph is app.graph
        assert not (built / "systems").exists()

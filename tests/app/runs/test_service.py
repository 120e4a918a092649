"""Runs from the service: real processes on a small shop of one's own."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omnix.app.app import App
from omnix.app.locking import exclusive, is_held
from omnix.app.runs import RunsBusyError, RunService, UnknownRunError
from omnix.app.runs.folder import EventLog, RunFolder
from omnix.core.errors import UnknownTableError
from whole import tiny


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny shop and its built home. Copied, never changed."""
    folder = tmp_path_factory.mktemp("good") / "shop"
    tiny.built(folder)
    return folder


@pytest.fixture
def home(good: Path, tmp_path: Path) -> Path:
    """A home of one's own whose shop has changed since it was built."""
    source, home = tiny.copied(good, tmp_path / "own")
    tiny.write(source, tiny.tables(orders=14))
    return home


@pytest.fixture
def runs(home: Path) -> Iterator[RunService]:
    """Its runs."""
    service = RunService(App.open(home))
    yield service
    service.close()


def until(runs: RunService, run_id: str, done: Callable[[str], bool] = lambda _s: False) -> str:
    """Wait until the run has ended, or `done` of its status; gives the status."""
    tick = threading.Event()
    for _ in range(2_400):
        status = runs.get(run_id).run.status
        if status not in {"queued", "running"} or done(status):
            return status
        tick.wait(0.05)
    raise AssertionError(f"{run_id} never ended: {status}")


def test_a_run_builds_what_has_changed_and_tells_all_of_it(runs: RunService, home: Path):
    run = runs.start()
    assert run.status in {"queued", "running"}
    assert until(runs, run.run_id) == "succeeded", runs.get(run.run_id)
    detail = runs.get(run.run_id)
    outcomes = {each.table: each for each in detail.tables}
    assert outcomes["orders"].outcome == "built"
    assert outcomes["orders"].rows == 14
    assert outcomes["raw/orders"].outcome == "built"
    assert outcomes["products"].outcome == "unchanged"
    assert detail.run.tables_built == sum(e.outcome == "built" for e in detail.tables)
    assert detail.run.failed == 0
    assert detail.run.ended_at >= detail.run.started_at
    assert len(tiny.ids(home, "orders", "order_id")) == 14

    told = runs.events(run.run_id)
    assert told.over
    assert told.events[-1].event == "end"
    assert told.events[-1].data["status"] == "succeeded"
    ids = [each.id for each in told.events]
    assert ids == sorted(set(ids))
    progress = [
        e.data for e in told.events if e.event == "progress" and "raw/" not in e.data["table"]
    ]
    assert [p["done"] for p in progress] == sorted(p["done"] for p in progress)
    assert progress[-1]["done"] == progress[-1]["total"] == len(App.open(home).graph.tables)
    assert {p["state"] for p in progress} == {"building", "built", "unchanged"}
    for place, event in enumerate(told.events):
        assert runs.events(run.run_id, event.id).events == told.events[place + 1 :]


def test_a_run_of_nothing_new_is_told_too(runs: RunService):
    until(runs, runs.start(["orders"]).run_id)
    second = runs.start(["orders"], ingest=False)
    assert until(runs, second.run_id) == "succeeded"
    found = runs.get(second.run_id)
    assert {each.outcome for each in found.tables} == {"unchanged"}
    assert found.run.request == {
        "tables": ["orders"],
        "system": None,
        "full": False,
        "ingest": False,
    }


def test_one_works_one_waits_the_third_is_refused_with_the_first_ones_name(
    runs: RunService, home: Path
):
    with exclusive(home / "omnix.lock"):
        first = runs.start()
        assert until(runs, first.run_id, lambda s: s == "running") == "running"
        second = runs.start()
        assert runs.get(second.run_id).run.status == "queued"
        with pytest.raises(RunsBusyError, match=first.run_id) as caught:
            runs.start()
        assert caught.value.status == 409
    assert until(runs, first.run_id) == "succeeded"
    assert until(runs, second.run_id) == "succeeded"
    a, b = runs.get(first.run_id).run, runs.get(second.run_id).run
    assert b.started_at >= a.ended_at
    compared = runs.compare(first.run_id, second.run_id)
    orders = next(each for each in compared.tables if each.table == "orders")
    assert (orders.a.outcome, orders.b.outcome) == ("built", "unchanged")
    assert orders.rows_change == 0
    assert orders.same_version
    assert not orders.same_outcome
    assert not compared.tables[0].same_outcome
    assert compared.tables[-1].same_outcome


def test_a_killed_process_is_a_failed_run_in_words_and_the_next_one_does_the_rest(
    runs: RunService, home: Path
):
    with exclusive(home / "omnix.lock"):
        run = runs.start()
        until(runs, run.run_id, lambda s: s == "running")
        os.kill(runs._children[run.run_id].pid, signal.SIGKILL)
        assert until(runs, run.run_id) == "failed"
    detail = runs.get(run.run_id)
    assert "was killed, most likely because memory ran out" in detail.run.message
    assert runs.events(run.run_id).events[-1].data["status"] == "failed"
    assert until(runs, runs.start().run_id) == "succeeded"
    assert len(tiny.ids(home, "orders", "order_id")) == 14


def test_a_stopped_run_ends_at_once_and_says_so(runs: RunService, home: Path):
    with exclusive(home / "omnix.lock"):
        run = runs.start()
        until(runs, run.run_id, lambda s: s == "running")
        waits = runs.start()
        runs.stop(run.run_id)
        assert until(runs, run.run_id) == "interrupted"
        runs.stop(waits.run_id)
        assert until(runs, waits.run_id) == "interrupted"
    assert not is_held(home / "omnix.lock")
    assert "was stopped" in runs.get(run.run_id).run.message


def test_closing_the_service_ends_its_runs(home: Path):
    service = RunService(App.open(home))
    with exclusive(home / "omnix.lock"):
        run = service.start()
        service.close()
        assert RunService(App.open(home)).get(run.run_id).run.status == "interrupted"


def test_a_run_that_nobody_watches_and_that_does_not_live_was_interrupted(home: Path):
    lost = RunFolder(home / "runs" / "20260102T030405-abcdef")
    lost.create({"tables": []})
    EventLog(lost.path / "events.jsonl").say("at work")
    with (lost.path / "events.jsonl").open("a") as file:
        file.write('{"event": "progr')
    service = RunService(App.open(home))
    detail = service.get(lost.run_id)
    assert detail.run.status == "interrupted"
    events = service.events(lost.run_id)
    assert [each.event for each in events.events] == ["log", "end"]
    assert events.over


def test_a_run_of_another_process_of_the_service_is_seen_as_it_is(runs: RunService, home: Path):
    other = RunService(App.open(home))
    with exclusive(home / "omnix.lock"):
        run = runs.start()
        until(other, run.run_id, lambda s: s == "running")
        assert other.get(run.run_id).run.status == "running"
        runs.start()
        with pytest.raises(RunsBusyError):
            other.start()
    assert until(other, run.run_id) == "succeeded"


def test_what_fails_is_told_by_table_and_in_the_log(runs: RunService, home: Path):
    systems = home / "systems"
    systems.mkdir()
    (systems / "bad.toml").write_text(
        'name = "bad"\n[[tables]]\nname = "fails"\ndescription = "One row per order."\n'
        'key = ["n"]\nsql = "select cast(order_id as integer) as n from orders"\n'
    )
    run = runs.start(["fails"])
    assert until(runs, run.run_id) == "failed"
    detail = runs.get(run.run_id)
    (failed,) = [each for each in detail.tables if each.outcome == "failed"]
    assert failed.table == "fails"
    assert "Conversion Error" in failed.message
    assert detail.run.message == "Not brought up to date: fails."
    assert any("fails failed:" in line["message"] for line in detail.log)


def test_a_home_that_cannot_be_read_any_more_fails_in_words(runs: RunService, home: Path):
    (home / "omnix.toml").write_text("currency = 5\n")
    run = runs.start()
    assert until(runs, run.run_id) == "failed"
    assert "currency" in runs.get(run.run_id).run.message


def test_unknown_tables_systems_and_runs_are_refused(runs: RunService):
    with pytest.raises(UnknownTableError, match="'orders'"):
        runs.start(["ordrs"])
    with pytest.raises(UnknownTableError, match="market_intelligence"):
        runs.start(system="market_inteligence")
    for bad in ("nope", "../../etc", "20260102T030405-abcdef", "20260102T030405-ABCDEF", ""):
        with pytest.raises(UnknownRunError):
            runs.get(bad)
        with pytest.raises(UnknownRunError):
            runs.events(bad)
        with pytest.raises(UnknownRunError):
            runs.stop(bad)
    with pytest.raises(UnknownRunError):
        runs.list(cursor="x")


def test_the_list_joins_runs_of_the_command_line_and_goes_on_page_by_page(
    runs: RunService, home: Path
):
    by_hand = runs.list().runs
    assert [each.status for each in by_hand] == ["succeeded"]
    first = runs.start(["orders"])
    until(runs, first.run_id)
    second = runs.start(["orders"], ingest=False)
    until(runs, second.run_id)
    everything = [each.run_id for each in runs.list().runs]
    assert everything == [second.run_id, first.run_id, by_hand[0].run_id]
    page = runs.list(limit=2)
    assert [each.run_id for each in page.runs] == everything[:2]
    rest = runs.list(page.next_cursor, limit=2)
    assert [each.run_id for each in rest.runs] == everything[2:]
    assert rest.next_cursor is None
    old = runs.get(by_hand[0].run_id)
    assert old.run.tables_built == len([t for t in old.tables if t.outcome == "built"]) > 5


class TestEvents:
    def test_a_position_that_was_never_given_begins_anew(self, tmp_path: Path):
        folder = RunFolder(tmp_path / "20260102T030405-abcdef")
        folder.create({})
        log = EventLog(folder.path / "events.jsonl")
        for number in range(3):
            log.say(f"line {number}\nwith two lines, é and \u2028")
        found = folder.events().events
        assert [each.data["message"][:6] for each in found] == ["line 0", "line 1", "line 2"]
        for odd in (-1, 1, found[0].id - 1, found[-1].id + 1, 10**12):
            assert folder.events(odd).events == found
        assert folder.events(found[-1].id).events == ()

    def test_an_event_longer_than_what_is_read_at_a_time_holds_nothing_up(self, tmp_path: Path):
        folder = RunFolder(tmp_path / "20260102T030405-abcdef")
        folder.create({})
        log = EventLog(folder.path / "events.jsonl")
        for number in range(100):
            log.say(f"{number} " + "é" * 1_000_000)
        log.say("last")
        found, after = [], 0
        while part := folder.events(after).events:
            found += part
            after = part[-1].id
        assert len(found) == 101
        assert found[-1].data["message"] == "last"

    def test_what_is_no_event_is_left_out(self, tmp_path: Path):
        folder = RunFolder(tmp_path / "20260102T030405-abcdef")
        folder.create({})
        path = folder.path / "events.jsonl"
        good = json.dumps({"event": "log", "data": {"message": "x"}})
        path.write_text(f"\x00\n[]\nnull\n{good}\n{{}}\n" + "{half")
        assert [each.event for each in folder.events().events] == ["log"]

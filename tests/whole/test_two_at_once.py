"""Two runs in one home: the second waits, or says who holds it and ends with its own exit code."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cli.command import omnix
from omnix.app.app import App
from whole import tiny


@pytest.mark.parametrize("command", [["run"], ["ingest"], ["quarantine", "replay"]])
def test_the_second_says_who_holds_the_home(tmp_path: Path, command: list[str]) -> None:
    home = tiny.home_of(tiny.write(tmp_path / "shop"), tmp_path / "home")
    with App.open(home).locked("run", wait_seconds=0):
        told = omnix(home, *command, "--wait", 0)
    assert told.code == 5
    assert "is held by `omnix run` (process " in told.words
    assert ", since " in told.words
    assert "Waiting for `omnix run`" in told.err
    assert told.out == ""


def test_the_second_waits_for_the_first_and_finds_its_work_done(tmp_path: Path) -> None:
    home = tiny.home_of(tiny.write(tmp_path / "shop"), tmp_path / "home")
    held, done = threading.Event(), threading.Event()

    def first() -> None:
        app = App.open(home)
        with app.locked("run", wait_seconds=0):
            held.set()
            app.run()
            done.set()

    thread = threading.Thread(target=first)
    thread.start()
    held.wait()
    told = omnix(home, "run", "--wait", 600, "--json")
    assert done.is_set()
    thread.join()
    assert told.code == 0
    assert {each["outcome"] for each in told.json["tables"]} == {"unchanged"}

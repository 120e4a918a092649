"""One run at a time: who holds the home is named; a dead holder holds nobody up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from omnix.core.errors import LockedError
from omnix.pipeline.lock import home_lock

HOLD = """
import sys
from pathlib import Path
from omnix.pipeline.lock import home_lock
with home_lock(Path(sys.argv[1]), "run"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that holds `tmp_path`; ask for it to let go with a line."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_one_is_told_who_holds_it_since_when(holder, tmp_path):
    waited = []
    with pytest.raises(LockedError) as failure, home_lock(tmp_path, "run", waiting=waited.append):
        raise AssertionError("it was held")
    told = str(failure.value)
    assert f"{tmp_path} is held by `omnix run` (process {holder.pid} on " in told
    assert " UTC)" in told
    assert "--wait SECONDS" in told
    assert waited == [f"Waiting for {told.partition(' is held by ')[2].partition('. Wait')[0]} …"]


def test_a_second_one_waits_until_the_first_is_done(holder, tmp_path):
    def let_go(_words):
        holder.stdin.write("\n")
        holder.stdin.flush()

    with home_lock(tmp_path, "ingest", wait_seconds=60, waiting=let_go):
        assert f'"pid": {os.getpid()}' in (tmp_path / "omnix.lock").read_text()


def test_a_holder_that_was_killed_holds_nobody_up(holder, tmp_path):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with home_lock(tmp_path, "run"):
        pass


def test_it_is_free_again_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), home_lock(tmp_path, "run"):
        raise ZeroDivisionError
    with home_lock(tmp_path, "run"):
        pass


def test_a_file_that_says_nothing_is_no_hindrance(tmp_path):
    (tmp_path / "omnix.lock").write_text("{")
    with home_lock(tmp_path, "run"), pytest.raises(LockedError, match="is held by `omnix run`"):
        home_lock(tmp_path, "ingest").__enter__()

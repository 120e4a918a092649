"""One run at a time in a home, and the lock goes with its process."""

import os
import subprocess
import sys

import pytest

from omnix.core.errors import LockedError
from omnix.pipeline.lock import home_lock

HOLDER = """
import sys
from pathlib import Path
from omnix.pipeline.lock import home_lock
with home_lock(Path(sys.argv[1]), "run"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the home until it is told to end."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_is_told_who_holds_the_home(tmp_path, holder):
    waited = []
    with (
        pytest.raises(LockedError) as told,
        home_lock(tmp_path, "ingest", wait_seconds=0, waiting=waited.append),
    ):
        pass
    assert f"`omnix run` (process {holder.pid} on " in str(told.value)
    assert "--wait" in told.value.step
    assert told.value.exit_code == 5
    assert len(waited) == 1


def test_the_second_goes_on_when_the_first_ends(tmp_path, holder):
    def let_go(words):
        assert str(holder.pid) in words
        holder.communicate("")

    with home_lock(tmp_path, "ingest", wait_seconds=60, waiting=let_go):
        assert str(os.getpid()) in (tmp_path / "omnix.lock").read_text()


def test_a_killed_run_blocks_nobody(tmp_path, holder):
    holder.kill()
    holder.wait()
    with home_lock(tmp_path, "run", wait_seconds=0):
        pass


def test_the_lock_is_free_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="oops"), home_lock(tmp_path, "run"):
        raise ValueError("oops")
    with home_lock(tmp_path, "run", wait_seconds=0):
        pass

"""A writer that is killed at any step loses nothing and doubles nothing."""

import random
import signal
import subprocess
import sys

import pytest

from omnix.lake import Lake

BATCHES, ROWS = 24, 50

#: Appends numbered batches, goes on where the table says, and kills itself at step KILL_AT.
WRITER = """
import os, signal, sys
import duckdb
from omnix.lake import Lake, commit, files, writing

folder, kill_at, batches, rows = sys.argv[1], *map(int, sys.argv[2:])
steps = 0

def step():
    global steps
    steps += 1
    if steps == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)

def watched(owner, name):
    real = getattr(owner, name)
    def around(*given, **named):
        step()
        result = real(*given, **named)
        step()
        return result
    setattr(owner, name, around)

for owner, name in [(files.LocalFiles, "stage"), (writing.Query, "copy"), (files.LocalFiles, "keep"),
                    (commit, "_try_commit"), (files.LocalFiles, "sync"), (files.LocalFiles, "_fsync")]:
    watched(owner, name)

lake = Lake(folder)
con = duckdb.connect()
sql = "select $b * $rows + i as n, $b as _row from range($rows) r(i)"
while True:
    now = lake.snapshot("t")
    done = now.transaction_version("app") if now else None
    batch = 0 if done is None else done + 1
    if batch == batches:
        break
    lake.append("t", con, sql, {"n": "BIGINT"}, params={"b": batch, "rows": rows}, key=["n"], changes=batch % 2 == 1,
                metadata={"position": str(batch)}, transaction=("app", batch))
    if batch % 7 == 6:
        lake.compact("t")
    print(batch, flush=True)
"""


def _run(folder, kill_at: int, *, lines: int | None = None) -> int:
    """Run the writer until it dies; with `lines`, kill it from outside after that many batches."""
    command = [sys.executable, "-c", WRITER, str(folder), str(kill_at), str(BATCHES), str(ROWS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        if lines is not None:
            for _ in range(lines):
                process.stdout.readline()
            process.kill()
        process.stdout.read()
        return process.wait()


def _check(folder, con) -> int:
    """The batches that are there: each whole, once, and the position agrees. Gives their number."""
    lake = Lake(folder)
    snapshot = lake.snapshot("t")
    if snapshot is None:
        return 0
    batches = int(snapshot.metadata["position"]) + 1
    assert snapshot.transaction_version("app") == batches - 1
    lake.view(con, "t")
    found = con.execute("select n from t order by n").fetchall()
    assert found == [(n,) for n in range(batches * ROWS)]
    return batches


@pytest.mark.slow
def test_kills_at_every_step_and_at_random(tmp_path, con):
    draw = random.Random(7)
    killed = 0
    for kill_at in [*range(1, 17), *(draw.randrange(17, 60) for _ in range(4))]:
        killed += _run(tmp_path, kill_at) == -signal.SIGKILL
        _check(tmp_path, con)
    for _ in range(3):
        killed += _run(tmp_path, 0, lines=draw.randrange(1, 3)) == -signal.SIGKILL
        _check(tmp_path, con)
    assert killed >= 20
    assert _run(tmp_path, 0) == 0
    assert _check(tmp_path, con) == BATCHES

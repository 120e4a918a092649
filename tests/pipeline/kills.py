"""Kills runs of omnix at random points, in a process of its own: `python kills.py FOLDER KILLS SEED`.

A profile hook counts the Python calls of a run and sends SIGKILL at a random one, so a point is told
by its number and not by the clock. Before each run a new file of orders arrives, so that there is
always something to lose. Prints one JSON line: how many runs were killed, and how far they came.
"""

import json
import os
import random
import signal
import sys
import threading
from pathlib import Path


def shop_file(folder: Path, number: int) -> None:
    """One more file of orders and items, each order with two items; one item in ten is broken."""
    ids = range(number * 10, number * 10 + 10)
    orders = ["order_id,customer_id,order_date,total_amount,currency,updated_at"]
    items = ["order_item_id,order_id,product_id,quantity,unit_price,total_amount"]
    for i in ids:
        day = f"2026-01-{i % 28 + 1:02d}"
        orders.append(f"o{i},c{i % 7},{day} 10:00:00,{20 + i % 5}.00,EUR,{day} 11:00:00")
        items.append(f"i{i}a,o{i},p1,1,{10 + i % 5}.00,{10 + i % 5}.00")
        items.append(f"i{i}b,{'gone' if i % 10 == 3 else f'o{i}'},p2,2,5.00,10.00")
    for name, lines in (("orders", orders), ("order_items", items)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{name}.{number}"
        fresh.write_text("\n".join(lines) + "\n")
        fresh.rename(folder / name / f"{number:04d}.csv")


def shop(folder: Path, files: int) -> None:
    """A shop of so many files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "customers.csv").write_text(
        "customer_id,country\n" + "".join(f"c{i},FR\n" for i in range(7))
    )
    (folder / "products.csv").write_text("product_id,product_name\np1,Tea\np2,Milk\n")
    for number in range(files):
        shop_file(folder, number)


def home_of(folder: Path, source: Path) -> Path:
    """A home folder that reads `source`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "omnix.toml").write_text(f'[source]\nkind = "files"\nlocation = "{source}"\n')
    return folder


def run(home: Path) -> int:
    """One run; how many tables were not brought up to date.

    What computes in Python for long is left out: nearly every kill would fall there, none on a write.
    """
    from omnix.app.app import App

    app = App.open(home)
    with app.locked("run", wait_seconds=0):
        return len(app.run(tables()).failures)


def tables() -> list[str]:
    """The tables of a run here."""
    from omnix.pipeline.graph import all_tables

    return [name for name, table in all_tables().items() if not table.keep_days]


def killed_at(home: Path, call: int) -> bool:
    """Run in a child and kill it at its `call`-th call; False when it ended before."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    seen = 0

    def count(_frame, event, _argument):
        nonlocal seen
        if event in ("call", "c_call"):
            seen += 1
            if seen >= call:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)
    sys.setprofile(count)
    try:
        code = run(home)
    finally:
        sys.setprofile(None)
    (home / "calls").write_text(str(seen))
    os._exit(1 if code else 0)


def main(folder: Path, kills: int, seed: int) -> None:
    source, home = folder / "shop", home_of(folder / "home", folder / "shop")
    chance = random.Random(seed)
    shop(source, 1)
    killed, files = 0, 1
    while killed < kills:
        calls = int((home / "calls").read_text()) if (home / "calls").exists() else 200_000
        if killed_at(home, chance.randrange(1, calls)):
            killed += 1
        if killed % 4 == 0:
            shop_file(source, files)
            files += 1
    failures = 0
    if os.fork() == 0:
        os._exit(run(home))
    _, status = os.wait()
    failures = os.WEXITSTATUS(status)
    print(json.dumps({"killed": killed, "files": files, "failures": failures}))


if __name__ == "__main__":
    import deltalake  # noqa: F401 - imported before the forks, so that a run costs no imports
    import duckdb  # noqa: F401
    import pyarrow  # noqa: F401

    import omnix.app.app
    import omnix.pipeline.runner  # noqa: F401

    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

"""What the door costs and how well it sees: `python benchmarks/door.py [--full]`.

Speed is MB of Arrow data per CPU-second, one core. Recall: card numbers of nine brands in thirteen
renderings, most of them alone in a column of prose. Precision: columns of numbers that are no cards.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.report import Cost, Figure, figure, table_text  # noqa: E402
from omnix.privacy.cards import masked  # noqa: E402
from omnix.privacy.door import Door  # noqa: E402
from privacy.plant import RENDERINGS, digits_of, negatives, pans  # noqa: E402

KEY = b"benchmark benchmark benchmark 32"
REPEATS = 5
WORDS = [
    "the",
    "parcel",
    "came",
    "late",
    "and",
    "one",
    "box",
    "was",
    "open",
    "please",
    "call",
    "me",
    "back",
    "after",
    "10:30",
    "my",
    "flat",
    "is",
    "12",
    "on",
    "the",
    "3rd",
    "floor",
    "we",
    "ordered",
    "2",
    "pieces",
    "in",
    "2024",
    "at",
    "19.99",
    "EUR",
    "each",
    "thank",
    "you",
    "very",
    "much",
    "café",
]


def run(full: bool) -> list[Figure]:
    """Every figure; `full` takes 50,000 numbers and 200 columns of 100,000 rows."""
    return [*_speed(), *_recall(50_000 if full else 5_000), *_precision(full)]


def _prose(r: random.Random) -> str:
    return " ".join(r.choices(WORDS, k=r.randint(5, 40)))


def _columns(rows: int) -> dict[str, tuple[pa.Array, str]]:
    r = random.Random(1)
    cards = pans(2_000)

    def column(make: Callable[[int], object]) -> pa.Array:
        return pa.array([make(i) for i in range(rows)])

    def digits(count: int) -> str:
        return "".join(r.choices("0123456789", k=count))

    states = column(lambda _: r.choice(["pending", "shipped", "delivered"]))
    clean = {
        "prose": column(lambda _: _prose(r)),
        "JSON events": column(
            lambda i: (
                f'{{"id": {i}, "sku": "A-{digits(5)}", "price": {digits(2)}.99, "q": "{_prose(r)}"}}'
            )
        ),
        "URLs": column(lambda i: f"https://shop.example/p/{i}?q=red%20shoe&ref={digits(6)}"),
        "e-mail addresses": column(lambda i: f"customer.{i}@mail{i % 97}.example"),
        "UUIDs": column(lambda _: str(uuid.UUID(int=r.getrandbits(128)))),
        "time stamps as text": column(
            lambda i: f"2024-05-{1 + i % 28:02d} 12:{i % 60:02d}:07.123456"
        ),
        "short states": states,
        "short states, dictionary": states.dictionary_encode(),
        "order ids, 10 digits": column(lambda i: str(1_000_000_000 + i)),
        "whole numbers": column(lambda i: i),
        "amounts": column(lambda i: i / 100),
    }
    digits_only = {
        "order ids, 16 digits as text": column(lambda _: digits(16)),
        "order ids, 16 digits as numbers": column(lambda _: r.randint(10**15, 10**16 - 1)),
        "order ids in prose": column(lambda _: f"Your order {digits(16)} was shipped"),
        "geographic positions as text": column(lambda _: f"48.{digits(7)} 2.{digits(7)}"),
    }
    cards_in = {
        "card numbers, all different": pa.array(pans(rows, seed=9)),
        "card numbers, 2,000 different": column(lambda i: cards[i % 2_000]),
        "card numbers with blanks": pa.array([RENDERINGS["spaces"](x) for x in pans(rows, seed=8)]),
        "prose, 1 card in 1,000 rows": column(
            lambda i: _prose(r) + (f" visa {cards[i % 2_000]}" if i % 1_000 == 0 else "")
        ),
    }
    return (
        {name: (values, "≥ 100 MB per CPU-s") for name, values in clean.items()}
        | {name: (values, "") for name, values in digits_only.items()}
        | {name: (values, "") for name, values in cards_in.items()}
    )


def _speed() -> Iterator[Figure]:
    columns = _columns(200_000)
    prose = columns["prose"][0]
    reference = _timed(lambda: pc.match_substring_regex(prose, r"(?:[0-9][ .-]?){13}"))
    yield _rate("RE2 alone: prose, 13 digits in a row", reference, prose.nbytes, "")
    for name, (values, goal) in columns.items():
        table = pa.table({"x": values})
        costs = _timed(lambda table=table: Door(KEY).admit("t", table))
        yield _rate(name, costs, table.nbytes, goal)


def _timed(action: Callable[[], object]) -> list[Cost]:
    action()
    costs = []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        costs.append(Cost(time.perf_counter() - wall, time.process_time() - cpu))
    return costs


def _rate(name: str, costs: list[Cost], size: int, goal: str) -> Figure:
    cpu = statistics.median(cost.cpu_s for cost in costs)
    rate = size / 1e6 / cpu
    note = f"{size / 1e6:.1f} MB, MB per CPU-s in `value`, {1000 / rate:.1f} CPU-s per GB"
    return figure(name, costs, value=rate, goal=goal, met=rate >= 100 if goal else None, note=note)


def _recall(count: int) -> Iterator[Figure]:
    """Every rendering: a dozen numbers in a sea of prose at a time, with nothing but themselves."""
    r = random.Random(2)
    planted = pans(count, seed=3)
    sea = [_prose(r) for _ in range(500)]
    frames = ["{}", "hi {} bye", "please use {} thanks", "card {}", "{} exp 12/27"]
    for rendering, write in RENDERINGS.items():
        found = 0
        for low in range(0, count, 12):
            some = planted[low : low + 12]
            cells = [f"{r.choice(frames[1:]).format(write(digits))}" for digits in some]
            shown = Door(KEY).admit("t", pa.table({"note": cells + sea}))[0]["note"].to_pylist()
            found += sum(
                digits not in digits_of(cell) and masked(digits) in cell
                for digits, cell in zip(some, shown, strict=False)
            )
        recall = found / count
        yield Figure(
            f"recall: {rendering}", value=recall, goal="≥ 0.999", met=recall >= 0.999,
            note=f"{count:,} numbers",
        )  # fmt: skip


def _precision(full: bool) -> Iterator[Figure]:
    """Columns without cards: how many are touched, and how many of their cells."""
    rows, wanted = (100_000, 200) if full else (5_000, 60)
    columns = touched = cells = 0
    worst: dict[str, int] = {}
    seed = 100
    while columns < wanted:
        for name, values in negatives(rows, seed).items():
            findings = Door(KEY).admit("t", pa.table({name: values}))[1]
            columns += 1
            touched += any("distinct numbers" in finding.evidence for finding in findings)
            rows_touched = sum(finding.rows for finding in findings)
            cells += rows_touched
            worst[name] = worst.get(name, 0) + rows_touched
        seed += 1
    note = f"{columns} columns of {rows:,} rows"
    yield Figure("columns flagged", value=touched, goal="0", met=touched == 0, note=note)
    share = cells / (columns * rows)
    names = ", ".join(f"{name} {count}" for name, count in worst.items() if count)
    yield Figure(
        "cells touched, share", value=share, goal="≤ 1e-5", met=share <= 1e-5,
        note=f"{note}: {cells} cells {names}".rstrip(),
    )  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="50,000 numbers, 200 columns of 100,000"
    )
    print(table_text(run(parser.parse_args().full)))


if __name__ == "__main__":
    main()

"""Every benchmark: `python -m benchmarks [NAME…] [--full] [--json PATH]`.

A benchmark is a module of this folder with `run(full) -> list[Figure]`; one without is started as
a program of its own and prints for itself. One that fails does not keep the others from running.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from pathlib import Path

from benchmarks.process import apart, names
from benchmarks.report import RESULTS, Machine, write_json


def main() -> int:
    """Measure, print, write; 1 when a benchmark could not be run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(names())}")
    parser.add_argument("--full", action="store_true", help="ten million rows, the large shop")
    parser.add_argument("--json", type=Path, default=RESULTS / "benchmarks.json", metavar="PATH")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(names()):
        parser.error(f"no benchmark {sorted(unknown)[0]!r}; there are {', '.join(names())}")
    machine, found, failed = Machine(), {}, []
    for name in chosen.names or names():
        try:
            found[name] = apart(name, chosen.full)
        except Exception:  # the others are worth having
            traceback.print_exc()
            failed.append(name)
    facts = machine.facts()
    print("\n" + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items()))
    write_json(chosen.json, found, facts)
    print(f"Written to {chosen.json}.")
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

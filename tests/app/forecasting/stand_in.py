"""Stands in for the worker: does what the question says, so that a test knows what comes."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main() -> None:
    question = json.load(sys.stdin)
    asked = question["asked"]
    if started := asked.get("started"):
        Path(started).write_text(str(os.getpid()))
    print(json.dumps({"progress": {"step": "fitting", "done": 0, "total": 1, "words": "Fitting."}}), flush=True)  # fmt: skip
    if asked.get("die"):
        os._exit(3)
    if asked.get("half"):
        print('{"answer": {"number": 1', end="", flush=True)
        os._exit(3)
    if asked.get("error"):
        told = {"what": "No such thing.", "step": "Look.", "status": 404}
        print(json.dumps({"error": told}), flush=True)
        return
    if wait_for := asked.get("wait_for"):
        while not Path(wait_for).exists():
            time.sleep(0.01)
    print(json.dumps({"answer": {"number": asked.get("number", 1), "metadata": {}}}), flush=True)


if __name__ == "__main__":
    main()

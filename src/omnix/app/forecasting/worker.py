"""One question in a process of its own: `python -m omnix.app.forecasting.worker`, JSON on stdin.

Each line on stdout is an object: {"progress": …}, then {"answer": …} or {"error": {what, step, status}}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from omnix.core.errors import OmnixError

Tell = Callable[[Mapping[str, Any]], None]


def answer(task: str, home: Path, asked: Mapping[str, Any], tell: Tell) -> Any:
    """What a task gives. `tell`: is called with each step."""
    from omnix.app.app import App

    app = App.open(home)
    if task in ("models", "model", "card", "promote", "rollback"):
        from omnix.app.forecasting import registry_tasks

        return registry_tasks.answer(app, task, asked)
    if task == "what-if":
        from omnix.app.forecasting.what_if_tasks import what_if

        return what_if(app, asked, tell)
    from omnix.app.forecasting import engine_tasks

    tasks = {"forecast": engine_tasks.forecast, "compare": engine_tasks.compare}
    return tasks[task](app, asked, tell)


def main() -> int:
    """Answer the question on stdin."""
    question = json.load(sys.stdin)
    signal.alarm(round(question["seconds"]) + 30)  # should the service die meanwhile
    line = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries that print must not be taken for the answer

    def tell(what: Mapping[str, Any]) -> None:
        line.write(json.dumps(what, default=str).encode() + b"\n")
        line.flush()

    try:
        made = answer(
            question["task"], Path(question["home"]), question["asked"],
            lambda step: tell({"progress": step}),
        )  # fmt: skip
    except OmnixError as error:
        tell({"error": _told(error)})
        return 1
    tell({"answer": made})
    return 0


def _told(error: OmnixError) -> dict[str, Any]:
    from omnix.ml.errors import ArtefactDamaged, RegistryError, TooLittleData

    status = getattr(error, "status", 503 if error.transient else 500)
    if isinstance(error, ArtefactDamaged):
        status = 503  # until somebody restores it, or a run trains anew
    elif isinstance(error, RegistryError | TooLittleData):
        status = 409  # as things stand
    return {
        "what": error.what, "step": error.step, "status": status,
        "errors": getattr(error, "errors", None), "kind": type(error).__name__,
        "needed": getattr(error, "needed", None),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

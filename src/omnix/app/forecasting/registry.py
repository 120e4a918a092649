"""The trained models: which answers, which waits, and changing that. MLflow runs in a child process."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import NotFoundError
from omnix.app.forecasting.child import Child, TookTooLongError, answer_of
from omnix.app.forecasting.sentences import emptiness
from omnix.app.forecasting.stored import RUN
from omnix.app.forecasting.turns import TooManyError
from omnix.core.errors import OmnixError, nearest

if TYPE_CHECKING:
    from omnix.app.app import App

#: Seconds for one look at the registry; and those that a look at a registry elsewhere is good for.
_SECONDS, _FAR = 60.0, 10.0
#: Requests that may wait for a look at the registry; the service has 40 threads for all.
_PLACES = 12


class Models:
    """The model registry of a home. Safe in many threads; answers are kept until it changes."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_PLACES)
        self._failed: tuple[float, OmnixError] | None = None
        self._kept: dict[str, tuple[str, Any]] = {}

    def listing(self) -> dict[str, Any]:
        """Every model with its champion and challenger."""
        found = self._listed()
        empty = not found
        return {
            "data": found,
            **emptiness(
                ("No model was trained yet.", f"A run trains them: {RUN}") if empty else None
            ),
        }

    def one(self, name: str) -> Any:
        """One model with all of its versions, the newest first.

        Raises:
            NotFoundError, ChildError: there is no such model (status 404).

        """
        self._known(name)
        return self._read("model", name=name)

    def card(self, name: str, version: str = "") -> str:
        """The model card of a version, the champion unless one is named, as Markdown."""
        self._known(name)
        return str(self._read("card", name=name, version=version))

    def promote(self, name: str, version: str = "") -> Any:
        """Make a version, the challenger unless one is named, champion by hand.

        Raises:
            ChildError: there is no such model or version, or its files are damaged.

        """
        self._known(name)
        return self._ask("promote", {"name": name, "version": version})

    def rollback(self, name: str, reason: str) -> Any:
        """Make the champion before this one champion again.

        Raises:
            ChildError: there is no such model, or none before.

        """
        self._known(name)
        return self._ask("rollback", {"name": name, "reason": reason})

    def _there(self) -> bool:
        """Whether anything was ever registered: a registry that is not there is not made by a look."""
        return self._is_far or self._root().is_dir()

    @property
    def _is_far(self) -> bool:
        return bool(self._app.settings.models.url.get_secret_value())

    def _root(self) -> Any:
        return self._app.settings.home / "models"

    def _read(self, task: str, **asked: Any) -> Any:
        what, stamp = json.dumps([task, asked], sort_keys=True), self._stamp()
        kept = self._kept.get(what)
        if kept and kept[0] == stamp:
            return kept[1]
        if not self._places.acquire(blocking=False):  # else all threads of the service would wait
            raise TooManyError(
                f"{_PLACES} wait for the model registry already.", "Ask again in half a minute."
            )
        try:
            with self._lock:  # one look at a time: a second one finds what the first has seen
                return self._looked(what, stamp, task, asked)
        finally:
            self._places.release()

    def _looked(self, what: str, stamp: str, task: str, asked: Mapping[str, Any]) -> Any:
        kept = self._kept.get(what)
        if kept and kept[0] == stamp:
            return kept[1]
        if self._failed and self._is_far and time.monotonic() - self._failed[0] < _FAR:
            raise self._failed[1].with_traceback(None)
        try:
            found = self._ask(task, asked)
        except OmnixError as error:
            status = getattr(error, "status", 500)
            self._failed = None if status == NotFoundError.status else (time.monotonic(), error)
            raise
        self._failed = None
        self._kept = {**dict(list(self._kept.items())[-200:]), what: (stamp, found)}
        return found

    def _ask(self, task: str, asked: Mapping[str, Any]) -> Any:
        try:
            return answer_of(Child(self._app.settings.home, task, asked, _SECONDS))
        except TookTooLongError as error:
            raise TookTooLongError(
                f"The model registry did not answer within {_SECONDS:.0f} seconds.",
                "See that the registry that models.url names runs; forecasts that are stored do not need it.",
            ) from error

    def _listed(self) -> list[Any]:
        return list(self._read("models")) if self._there() else []

    def _known(self, name: str) -> None:
        """Nothing, when there is such a model: names that are none cost no process."""
        names = [each["name"] for each in self._listed()]
        if name not in names:
            step = f"{nearest(name[:80], names)}GET /api/v1/models lists them."
            raise NotFoundError(
                f"There is no model {name[:80]!r}.",
                step if names else f"None was trained yet; a run trains them: {RUN}",
            )

    def _stamp(self) -> str:
        """Changes with the registry's own files; of one elsewhere with time."""
        if self._is_far:
            return str(time.monotonic() // _FAR)
        files = sorted(path for path in self._root().glob("*") if path.is_file())
        marks = [(p.name, (s := p.stat()).st_mtime_ns, s.st_size) for p in files]
        return repr([*marks, *((p.name, p.stat().st_mtime_ns) for p in self._root().glob("champions/*"))])  # fmt: skip

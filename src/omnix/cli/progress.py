"""Progress on the terminal; silent where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from omnix.cli.output import errors


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """A spinner beside `title` and whatever is said last."""
    with errors.status(title) as status:
        yield lambda words: status.update(f"{title}: {words}")


class Bar:
    """A bar over a known number of things, with whatever is said last beside it."""

    def __init__(self, total: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._progress = Progress(
            BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"),
            console=errors, transient=True, disable=not errors.is_terminal,
        )  # fmt: skip
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def say(self, words: str) -> None:
        """Tell what is being worked on."""
        self._progress.update(self._task, description=words)

    def advance(self) -> None:
        """One thing more is done."""
        self._progress.advance(self._task)

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

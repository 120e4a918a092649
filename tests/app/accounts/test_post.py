"""Work in the background: patient, bounded, and silent about people."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Event

import pytest

from app.accounts.world import Letters
from omnix.app.accounts import post
from omnix.app.accounts.post import Post
from omnix.auth.errors import BusyError, MailError
from omnix.auth.letters import Occasion
from omnix.auth.mail import Letter
from omnix.core.errors import StoreUnavailable


class Failing(Letters):
    """Takes a letter after so many failures."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures

    def send(self, letter: Letter) -> None:
        if self.failures:
            self.failures -= 1
            raise MailError(f"no mail to {letter.to}")
        super().send(letter)


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def worker(pauses: list[float]) -> Iterator[Post]:
    found = Post(Letters(), "https://omnix.example", pause=pauses.append)
    yield found
    found.close()


def send(worker: Post) -> None:
    worker.send(Occasion.SESSION_ENDED, "dana@shop.example", language="en")
    worker.settle()


def test_errands_are_run_in_order(worker: Post) -> None:
    done: list[int] = []
    for number in range(20):
        worker.later(done.append, number)
    worker.settle()
    assert done == list(range(20))


def test_an_errand_may_send_another(worker: Post) -> None:
    done: list[str] = []
    worker.later(lambda: worker.later(done.append, "second"))
    worker.settle()
    assert done == ["second"]


@pytest.mark.parametrize(("failures", "sent"), [(0, 1), (2, 1), (3, 0)])
def test_a_mail_is_tried_three_times(pauses: list[float], failures: int, sent: int) -> None:
    letters = Failing(failures)
    worker = Post(letters, "https://omnix.example", pause=pauses.append)
    send(worker)
    assert len(letters.sent) == sent
    assert pauses == [1.0, 4.0][: min(failures, 2)]
    worker.close()


def test_a_store_that_is_locked_is_tried_again(worker: Post, pauses: list[float]) -> None:
    left = [StoreUnavailable("locked"), StoreUnavailable("locked")]
    done: list[bool] = []

    def errand() -> None:
        if left:
            raise left.pop()
        done.append(True)

    worker.later(errand)
    worker.settle()
    assert done == [True]
    assert pauses == [0.5, 2.0]


def test_what_fails_is_logged_without_what_it_says(
    pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    worker = Post(Failing(9), "https://omnix.example", pause=pauses.append)
    with caplog.at_level(logging.ERROR):
        send(worker)
    assert "MailError" in caplog.text
    assert "dana" not in caplog.text
    worker.close()


def test_what_fails_stops_nothing_after_it(worker: Post) -> None:
    done: list[int] = []
    worker.later(lambda: 1 / 0)
    worker.later(done.append, 1)
    worker.settle()
    assert done == [1]


def test_too_much_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "WAITING", 3)
    worker, open_ = Post(Letters(), ""), Event()
    for _ in range(3):
        worker.later(open_.wait)
    with pytest.raises(BusyError):
        worker.later(open_.wait)
    open_.set()
    worker.settle()
    worker.later(open_.wait)
    worker.close()


def test_closing_finishes_what_waits_and_it_can_be_used_again(worker: Post) -> None:
    done: list[int] = []
    for _ in range(2):
        worker.later(done.append, 1)
        worker.close()
    assert done == [1, 1]

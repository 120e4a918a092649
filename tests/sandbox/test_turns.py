"""Turns: so many at once, fairly, with an end to waiting."""

from __future__ import annotations

import threading

import pytest

from omnix.sandbox._turns import Turns
from omnix.sandbox.errors import BusyError


def test_a_place_is_given_back() -> None:
    turns = Turns(1, waiting=1, patience=0.01)
    for _ in range(3):
        with turns.turn("a"):
            pass
    with pytest.raises(ZeroDivisionError), turns.turn("a"):
        raise ZeroDivisionError
    with turns.turn("a"):
        pass


def test_who_waits_too_long_is_told() -> None:
    turns = Turns(1, waiting=4, patience=0.01)
    with turns.turn("a"), pytest.raises(BusyError, match="in time"), turns.turn("b"):
        pass
    with turns.turn("b"):
        pass


def test_a_full_queue_turns_away_at_once() -> None:
    turns = Turns(1, waiting=0, patience=100)
    with turns.turn("a"), pytest.raises(BusyError, match="waiting already"), turns.turn("b"):
        pass


def test_the_next_is_who_runs_least() -> None:
    turns = Turns(2, waiting=10, patience=60)
    order: list[str] = []
    first, second = threading.Event(), threading.Event()

    def hold(who: str, until: threading.Event, begun: threading.Event) -> None:
        with turns.turn(who):
            order.append(who)
            begun.set()
            until.wait(60)

    def begin(who: str, until: threading.Event, waits: int) -> threading.Thread:
        begun = threading.Event()
        thread = threading.Thread(target=hold, args=(who, until, begun))
        thread.start()
        if waits:
            while len(turns._queue) < waits:
                pass
        else:
            begun.wait(60)
        return thread

    threads = [begin("greedy", first, 0), begin("greedy", second, 0)]
    threads += [begin("greedy", second, 1), begin("modest", second, 2)]
    first.set()
    threads[0].join(60)
    while len(order) < 3:
        pass
    assert order[2] == "modest"
    second.set()
    for each in threads:
        each.join(60)
    assert order == ["greedy", "greedy", "modest", "greedy"]

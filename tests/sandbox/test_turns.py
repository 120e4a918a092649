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


def test_nobody_takes_the_last_place_while_holding_another() -> None:
    turns = Turns(2, waiting=4, patience=0.01)
    with turns.turn("greedy"):
        with pytest.raises(BusyError, match="in time"), turns.turn("greedy"):
            pass
        with turns.turn("modest"):
            pass


def test_the_next_is_who_runs_least() -> None:
    turns = Turns(2, waiting=10, patience=60)
    order: list[str] = []
    ends = {name: threading.Event() for name in ("greedy", "other", "rest")}

    def hold(who: str, until: str) -> None:
        with turns.turn(who):
            order.append(who)
            ends[until].wait(60)

    def begin(who: str, until: str, so_far: int) -> threading.Thread:
        thread = threading.Thread(target=hold, args=(who, until))
        thread.start()
        while len(order) + len(turns._queue) < so_far:
            pass
        return thread

    given = [("greedy", "greedy"), ("other", "other"), ("greedy", "rest"), ("modest", "rest")]
    threads = [begin(who, until, n) for n, (who, until) in enumerate(given, 1)]
    for ending, expected in (("other", "modest"), ("greedy", "greedy")):
        ends[ending].set()
        while order[-1] != expected or len(order) < 3:
            pass
    assert order == ["greedy", "other", "modest", "greedy"]
    ends["rest"].set()
    for each in threads:
        each.join(60)

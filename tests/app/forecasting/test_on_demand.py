"""Computing apart: a child that answers, dies, hangs; a queue; answers that are kept."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app.forecasting.hand import publish, sales
from omnix.app.forecasting import child as children
from omnix.app.forecasting.child import Child, ChildError, StoppedError, TookTooLongError, answer_of
from omnix.app.forecasting.on_demand import OnDemand
from omnix.app.forecasting.remembered import Remembered
from omnix.app.forecasting.turns import TooManyError, Turns
from omnix.app.service import Service

TESTS = Path(__file__).parents[2]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children run `stand_in` instead of the engine."""
    monkeypatch.setattr(children, "_WORKER", "app.forecasting.stand_in")
    monkeypatch.setenv("PYTHONPATH", str(TESTS))


@pytest.fixture
def engine(shop: Service, stand_in: None) -> OnDemand:
    publish(shop.app, "sales_series", sales("shop", "", [1_000] * 60))
    return OnDemand(shop.app, shop.forecasting.reader, longest=60)


def ended(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return False
    return True


def last(events: Any) -> dict[str, Any]:
    return list(events)[-1]["answer"]


@pytest.mark.usefixtures("stand_in")
def test_a_child_answers(tmp_path: Path) -> None:
    assert answer_of(Child(tmp_path, "any", {"number": 7}, 60))["number"] == 7


@pytest.mark.usefixtures("stand_in")
def test_what_a_child_finds_wrong_is_raised_here(tmp_path: Path) -> None:
    with pytest.raises(ChildError, match="No such thing") as told:
        answer_of(Child(tmp_path, "any", {"error": True}, 60))
    assert (told.value.status, told.value.step) == (404, "Look.")


@pytest.mark.usefixtures("stand_in")
def test_a_child_that_dies_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChildError, match="exit status 3"):
        answer_of(Child(tmp_path, "any", {"die": True}, 60))
    with pytest.raises(ChildError, match="exit status 3"):  # in the middle of its answer
        answer_of(Child(tmp_path, "any", {"half": True}, 60))


@pytest.mark.usefixtures("stand_in")
def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    asked = {"started": str(pid), "wait_for": str(tmp_path / "never")}
    lines = Child(tmp_path, "any", asked, 3).lines()
    with pytest.raises(TookTooLongError, match="more than 3 seconds"):
        list(lines)
    assert ended(int(pid.read_text()))


@pytest.mark.usefixtures("stand_in")
def test_a_child_is_killed_from_another_thread(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    one = Child(tmp_path, "any", {"started": str(pid), "wait_for": str(tmp_path / "never")}, 60)
    lines = one.lines()
    assert "progress" in next(lines)
    one.kill()
    with pytest.raises(StoppedError):
        list(lines)


@pytest.mark.usefixtures("stand_in")
def test_a_child_killed_before_it_began_never_begins(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    one = Child(tmp_path, "any", {"started": str(pid)}, 60)
    one.kill()
    with pytest.raises(StoppedError):
        list(one.lines())
    assert not pid.exists()


def test_an_answer_is_computed_once(engine: OnDemand) -> None:
    first = list(engine.ask("any", {"number": 3}).events())
    assert [next(iter(event)) for event in first] == ["progress", "progress", "answer"]
    assert first[-1]["answer"]["metadata"]["cached"] is False
    (again,) = engine.ask("any", {"number": 3}).events()
    assert again["answer"]["number"] == 3
    assert again["answer"]["metadata"]["cached"] is True
    assert again["answer"]["provenance"][0]["table"] == "sales_series"


def test_new_data_or_another_question_is_computed_anew(engine: OnDemand, shop: Service) -> None:
    last(engine.ask("any", {"number": 3}).events())
    assert len(list(engine.ask("any", {"number": 4}).events())) == 3
    publish(shop.app, "sales_series", sales("shop", "", [2_000] * 60))
    assert len(list(engine.ask("any", {"number": 3}).events())) == 3


def test_one_at_a_time_and_the_next_finds_what_the_first_has_made(
    engine: OnDemand, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    asked = {"number": 5, "wait_for": str(go)}
    first, second = engine.ask("any", asked), engine.ask("any", asked)
    one, two = first.events(), second.events()
    assert next(one)["progress"]["step"] == "starting"
    assert next(two)["progress"] == {
        "step": "waiting", "done": 0, "total": 0, "words": "Waiting for 1 other forecast.", "before": 1,
    }  # fmt: skip
    found: list[Any] = []
    waiting = threading.Thread(target=lambda: found.extend(two))
    waiting.start()
    go.touch()
    assert last(one)["metadata"]["cached"] is False
    waiting.join(60)
    assert [next(iter(event)) for event in found] == ["answer"]
    assert found[0]["answer"]["metadata"]["cached"] is True


def test_more_than_may_wait_are_sent_away(engine: OnDemand) -> None:
    waiting = [engine.ask("any", {"number": number}) for number in range(5)]
    with pytest.raises(TooManyError) as told:
        engine.ask("any", {"number": 99})
    assert told.value.retry_after
    for each in waiting:
        each.stop()
    assert last(engine.ask("any", {"number": 99}).events())["number"] == 99


def test_whoever_hangs_up_while_waiting_frees_the_place(engine: OnDemand) -> None:
    first, second = engine.ask("any", {"number": 1}), engine.ask("any", {"number": 2})
    second.stop()
    with pytest.raises(StoppedError):
        list(second.events())
    assert last(first.events())["number"] == 1


def test_closing_ends_what_computes(engine: OnDemand, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    made = engine.ask("any", {"started": str(pid), "wait_for": str(tmp_path / "never")})
    events = made.events()
    while not pid.exists():
        next(events)
    engine.close()
    with pytest.raises(StoppedError):
        list(events)
    assert ended(int(pid.read_text()))


def test_turns_are_taken_in_order() -> None:
    turns = Turns(waiting=2)
    one, two = turns.enter(), turns.enter()
    assert (turns.before(one), turns.before(two)) == (0, 1)
    with turns.turn(one) as mine:
        assert mine
    assert turns.before(two) == 0
    assert turns.before(one) is None


def test_the_longest_unused_answers_go_first(tmp_path: Path) -> None:
    kept = Remembered(tmp_path / "kept", most=2)
    for number in range(3):
        kept.keep(f"k{number}", {"n": number})
        os.utime(tmp_path / "kept" / f"k{number}.json", (number, number))
    assert kept.get("k0") is None
    assert kept.get("k2") == {"n": 2}
    for broken in ("{broken", "[]"):
        (tmp_path / "kept" / "k2.json").write_text(broken)
        assert kept.get("k2") is None

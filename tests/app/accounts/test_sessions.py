"""Refresh tokens rotate, each is good once, and what ended stays ended everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest

from app.accounts.world import AWAY, HOME, PASSWORD, World, at_once
from omnix.app.accounts.errors import InvalidRefresh, NoSuchThing, NotAllowed
from omnix.auth import opaque


def test_a_refresh_token_is_exchanged_for_the_next(world: World) -> None:
    world.person()
    first = world.sign_in()
    world.clock.advance(minutes=14)
    second = world.accounts.sessions.refresh(first.refresh_token, origin=HOME)
    assert second.refresh_token != first.refresh_token
    assert second.session_id == first.session_id
    assert second.expires_in == 15 * 60
    world.clock.advance(minutes=10)
    assert world.accounts.principal_of(first.access_token) is None  # its 15 minutes are over
    assert world.principal(second).session_id == first.session_id


def test_twenty_at_once_give_one_success_and_the_session_goes_on(world: World) -> None:
    world.person()
    first = world.sign_in()
    done, refused = at_once(20, lambda: world.accounts.sessions.refresh(first.refresh_token))
    assert len(done) == 1
    assert {type(each) for each in refused} == {InvalidRefresh}
    assert len({str(each) for each in refused}) == 1
    world.clock.advance(seconds=1)
    assert world.accounts.sessions.refresh(done[0].refresh_token)


def test_a_token_that_is_played_back_ends_the_session(world: World) -> None:
    world.person()
    first = world.sign_in()
    world.clock.advance(seconds=1)
    second = world.accounts.sessions.refresh(first.refresh_token)
    world.clock.advance(seconds=1)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(first.refresh_token, origin=AWAY)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(second.refresh_token)
    assert world.refused(second.access_token)
    assert world.actions("failure") == ["session.replayed"]
    assert "ended for your safety" in world.mails("dana@shop.example")[-1].subject


def test_a_replay_leaves_other_sessions_alone(world: World) -> None:
    world.person()
    first, other = world.sign_in(), world.sign_in()
    world.accounts.sessions.refresh(first.refresh_token)
    world.clock.advance(seconds=1)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(first.refresh_token)
    assert world.accounts.sessions.refresh(other.refresh_token)


def test_a_request_that_began_before_the_exchange_is_no_replay(world: World) -> None:
    world.person()
    first = world.sign_in()
    began = world.clock.now
    world.clock.advance(seconds=2)
    second = world.accounts.sessions.refresh(first.refresh_token)
    world.clock.now, later = began, world.clock.now
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(first.refresh_token)
    world.clock.now = later
    assert world.accounts.sessions.refresh(second.refresh_token)


def test_a_session_ends_when_it_is_not_used(world: World) -> None:
    world.person()
    first = world.sign_in()
    world.clock.advance(days=7)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(first.refresh_token)
    assert world.actions("failure") == []


def test_a_session_ends_after_thirty_days_however_often_it_is_used(world: World) -> None:
    world.person()
    held = world.sign_in()
    for _ in range(5):
        world.clock.advance(days=6 - 0.01)
        held = world.accounts.sessions.refresh(held.refresh_token)
    world.clock.advance(days=0.1)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(held.refresh_token)


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "a" * 43, "\ud800" * 43, "a" * 100_000, "\0"])
def test_what_is_no_token_of_ours_is_refused(world: World, token: str) -> None:
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(token)
    world.accounts.sessions.logout(token)


def test_an_access_token_is_no_refresh_token(world: World) -> None:
    world.person()
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(world.sign_in().access_token)


def test_only_digests_are_kept(world: World) -> None:
    from sqlalchemy import text

    world.person()
    held = world.sign_in()
    with world.store.reading() as session:
        kept = session.execute(text("select token_hash from refresh_tokens")).scalars().all()
    assert kept == [opaque.digest(held.refresh_token)]


def test_a_failure_between_marking_and_issuing_leaves_the_token_good(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person()
    first = world.sign_in()
    with monkeypatch.context() as broken:
        broken.setattr(opaque, "new_secret", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.accounts.sessions.refresh(first.refresh_token)
    world.clock.advance(seconds=1)
    assert world.accounts.sessions.refresh(first.refresh_token)


_DIES_BETWEEN = """
import os, sys
from pathlib import Path
from omnix.app.accounts import Accounts
from omnix.auth import opaque
from omnix.core.settings import Settings
from omnix.store import Store

settings = Settings.load(Path(sys.argv[1]))
accounts = Accounts.of(settings, Store(sys.argv[2], settings.home))
opaque.new_secret = lambda: os.kill(os.getpid(), 9)
accounts.sessions.refresh(sys.argv[3])
"""


def test_a_kill_between_marking_and_issuing_leaves_the_token_good(world: World) -> None:
    from omnix.core.clock import utc_now

    world.clock.now = utc_now()
    world.person()
    first = world.sign_in()
    url = "" if world.store.is_sqlite else world.store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _DIES_BETWEEN, str(world.store.home), url]
    ended = subprocess.run(
        [*command, first.refresh_token], check=False, env=os.environ, timeout=120
    )
    assert ended.returncode == -9
    world.clock.advance(minutes=1)
    assert world.accounts.sessions.refresh(first.refresh_token)


def test_logout_ends_one_session(world: World) -> None:
    world.person()
    one, other = world.sign_in(), world.sign_in()
    world.accounts.sessions.logout(one.refresh_token)
    world.accounts.sessions.logout(one.refresh_token)
    assert world.refused(one.access_token)
    assert not world.refused(other.access_token)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(one.refresh_token)


def test_logout_with_an_older_token_ends_it_too(world: World) -> None:
    world.person()
    one = world.sign_in()
    new = world.accounts.sessions.refresh(one.refresh_token)
    world.accounts.sessions.logout(one.refresh_token)
    assert world.refused(new.access_token)


def test_logout_everywhere_ends_all_of_one_person(world: World) -> None:
    principal = world.somebody()
    other = world.sign_in()
    stranger = world.somebody("noam@shop.example")
    assert world.accounts.sessions.logout_all(principal) == 2
    assert world.refused(other.access_token)
    assert world.accounts.sessions.list(principal) == ()
    assert len(world.accounts.sessions.list(stranger)) == 1


def test_live_sessions_are_listed_the_last_used_first(world: World) -> None:
    principal = world.somebody()
    world.clock.advance(minutes=1)
    other = world.sign_in(origin=AWAY)
    world.accounts.sessions.logout(world.sign_in().refresh_token)
    found = world.accounts.sessions.list(principal)
    assert [each.id for each in found] == [other.session_id, principal.session_id]
    assert [each.current for each in found] == [False, True]
    assert (found[0].address, found[0].agent) == (AWAY.address, AWAY.agent)
    world.clock.advance(days=7, minutes=1)
    assert world.accounts.sessions.list(principal) == ()


def test_one_of_the_own_sessions_can_be_ended(world: World) -> None:
    principal = world.somebody()
    other = world.sign_in()
    world.accounts.sessions.end(principal, other.session_id)
    assert world.refused(other.access_token)
    with pytest.raises(NoSuchThing):
        world.accounts.sessions.end(principal, other.session_id)


def test_nobody_ends_somebody_elses(world: World) -> None:
    mine, theirs = world.somebody(), world.somebody("noam@shop.example")
    with pytest.raises(NoSuchThing) as told:
        world.accounts.sessions.end(mine, theirs.session_id or "")
    with pytest.raises(NoSuchThing) as unknown:
        world.accounts.sessions.end(mine, "no-such-id\0")
    assert str(told.value) == str(unknown.value)


def test_a_key_ends_no_sessions(world: World) -> None:
    principal = world.somebody()
    key = world.accounts.api_keys.create(principal, "ci", ["self"])
    program = world.accounts.principal_of(key.key)
    assert program is not None
    with pytest.raises(NotAllowed):
        world.accounts.sessions.logout_all(program)
    with pytest.raises(NotAllowed):
        world.accounts.sessions.end(program, principal.session_id or "")


def test_a_refresh_that_runs_beside_a_disabling_gives_nothing_that_lasts(world: World) -> None:
    person = world.person()
    first = world.sign_in()
    started, results = Event(), []

    def disable() -> None:
        started.wait()
        world.accounts.users.change(person.id, is_active=False)

    def refresh() -> None:
        started.set()
        with suppress(InvalidRefresh):
            results.append(world.accounts.sessions.refresh(first.refresh_token))

    threads = [Thread(target=disable), Thread(target=refresh)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    world.clock.advance(seconds=1)
    for held in [first, *results]:
        assert world.refused(held.access_token)
        with pytest.raises(InvalidRefresh):
            world.accounts.sessions.refresh(held.refresh_token)


def test_upkeep_deletes_what_has_ended(world: World) -> None:
    from sqlalchemy import text

    world.person()
    world.sign_in()
    world.accounts.settle()
    world.clock.advance(days=61)
    assert world.accounts.purge() >= 2

    def count(table: str) -> Any:
        with world.store.reading() as session:
            return session.execute(text(f"select count(*) from {table}")).scalar()

    tables = ["sessions", "refresh_tokens", "one_time_tokens", "attempts"]
    assert [count(each) for each in tables] == [0, 0, 0, 0]


def test_upkeep_runs_by_itself_once_an_hour(world: World) -> None:
    world.person()
    world.accounts.passwords.forgot("dana@shop.example")
    world.accounts.settle()
    held = world.sign_in()
    world.accounts.settle()
    world.clock.advance(minutes=59)
    held = world.accounts.sessions.refresh(held.refresh_token)
    world.clock.advance(minutes=61)
    world.accounts.sessions.refresh(held.refresh_token)
    world.accounts.settle()
    assert world.accounts.purge() == 0


def test_the_password_signs_in_again_after_all(world: World) -> None:
    world.person()
    world.accounts.sessions.logout(world.sign_in().refresh_token)
    assert world.sign_in(password=PASSWORD).expires_in == timedelta(minutes=15).total_seconds()

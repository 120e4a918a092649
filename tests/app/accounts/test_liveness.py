"""Who holds a token: remembered for half a second, forgotten at once where it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.accounts.world import PASSWORD, World
from omnix.app.accounts import Accounts
from omnix.auth.tokens import Kind
from omnix.core.errors import StoreUnavailable


def statements(accounts: Accounts) -> list[str]:
    seen: list[str] = []
    event.listen(
        accounts.parts.store.engine,
        "before_cursor_execute",
        lambda _c, _x, statement, *_: seen.append(statement),
    )
    return seen


def test_the_store_is_asked_once_in_half_a_second(world: World) -> None:
    world.person()
    held = world.sign_in()
    seen = statements(world.accounts)
    for _ in range(100):
        assert world.principal(held)
    assert len([each for each in seen if "sessions" in each]) == 1
    world.clock.advance(seconds=0.5)
    assert world.principal(held)
    assert len([each for each in seen if "sessions" in each]) == 2


def test_the_signature_is_verified_every_five_seconds(world: World, monkeypatch: Any) -> None:
    world.person()
    held = world.sign_in()
    tokens = world.accounts.parts.tokens
    real, seen = tokens.read, []
    monkeypatch.setattr(tokens, "read", lambda *given: seen.append(1) or real(*given))
    for _ in range(10):
        world.principal(held)
        world.clock.advance(seconds=0.5)
    assert len(seen) == 1
    world.principal(held)
    assert len(seen) == 2


def test_what_ends_in_another_process_is_seen_within_a_second(world: World) -> None:
    world.person()
    held = world.sign_in()
    other = world.process()
    principal = other.principal_of(held.access_token)
    assert principal
    world.accounts.sessions.logout(held.refresh_token)
    world.clock.advance(seconds=0.6)
    assert other.principal_of(held.access_token) is None
    assert other.remembered(held.access_token) is None


def test_what_ends_here_is_seen_at_once(world: World) -> None:
    world.person()
    held = world.sign_in()
    assert world.principal(held)
    world.accounts.sessions.logout(held.refresh_token)
    assert world.accounts.principal_of(held.access_token) is None


def test_a_token_that_expires_while_it_is_remembered_is_refused(world: World) -> None:
    world.person()
    held = world.sign_in()
    world.clock.advance(minutes=14, seconds=59.8)
    assert world.principal(held)
    world.clock.advance(seconds=0.2)
    assert world.accounts.principal_of(held.access_token) is None
    world.clock.advance(seconds=-0.1)
    assert world.principal(held)


def test_a_clock_that_was_set_back_makes_nothing_live_longer(world: World) -> None:
    world.person()
    held = world.sign_in()
    other = world.process()
    assert other.principal_of(held.access_token)
    world.accounts.sessions.logout(held.refresh_token)
    world.clock.advance(minutes=-10)
    assert other.principal_of(held.access_token) is None


def test_remembering_answers_only_what_is_fresh(world: World) -> None:
    world.person()
    held = world.sign_in()
    assert world.accounts.remembered(held.access_token) is None
    principal = world.principal(held)
    assert world.accounts.remembered(held.access_token) == principal
    world.clock.advance(seconds=0.5)
    assert world.accounts.remembered(held.access_token) is None


def test_what_ends_while_it_is_looked_up_is_not_remembered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person()
    held = world.sign_in()
    live = world.accounts._liveness
    real = live._living

    def slow(*given: str) -> object:
        found = real(*given)
        world.accounts.sessions.logout(held.refresh_token)
        return found

    with monkeypatch.context() as beside:
        beside.setattr(live, "_living", slow)
        world.accounts.principal_of(held.access_token)
    assert world.accounts.remembered(held.access_token) is None
    assert world.accounts.principal_of(held.access_token) is None


def test_memory_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omnix.app.accounts.liveness._MOST", 3)
    world.person()
    for _ in range(10):
        assert world.principal(world.sign_in())
    assert len(world.accounts._liveness._known) <= 3


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\0", "\ud800", "é", "x" * 1_000_000, "null"])
def test_what_is_no_token_opens_nothing_and_is_not_remembered(world: World, token: str) -> None:
    assert world.accounts.principal_of(token) is None
    assert world.accounts._liveness._known == {}


def test_a_token_of_another_kind_opens_nothing(world: World) -> None:
    world.person()
    held = world.sign_in()
    challenge = world.accounts.parts.tokens.issue(
        Kind.CHALLENGE,
        subject=held.user.id,
        session=held.session_id,
        lifetime=timedelta(minutes=5),
    )
    assert world.accounts.principal_of(challenge) is None
    assert world.accounts.principal_of(held.refresh_token) is None


def test_a_token_for_somebody_elses_session_opens_nothing(world: World) -> None:
    world.person()
    other = world.person("noam@shop.example")
    held = world.sign_in()
    mixed = world.accounts.parts.tokens.issue(
        Kind.ACCESS, subject=other.id, session=held.session_id, lifetime=timedelta(minutes=5)
    )
    assert world.accounts.principal_of(mixed) is None


def test_a_signing_key_that_is_taken_away_closes_its_tokens(world: World) -> None:
    world.person()
    held = world.sign_in()
    assert world.principal(held)
    for file in (world.store.home / "keys" / "tokens").glob("*.pem"):
        file.unlink()
    world.clock.advance(seconds=5)
    assert world.accounts.principal_of(held.access_token) is None


def test_nobody_is_let_in_while_the_store_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    @contextmanager
    def gone() -> Any:
        raise StoreUnavailable("The store does not answer now.")
        yield

    world.person()
    held = world.sign_in()
    assert world.principal(held)
    world.clock.advance(seconds=1)
    monkeypatch.setattr(world.accounts.parts.store, "reading", gone)
    with pytest.raises(StoreUnavailable):
        world.accounts.principal_of(held.access_token)


def test_a_key_is_good_though_its_use_cannot_be_noted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    @contextmanager
    def locked() -> Any:
        raise StoreUnavailable("The store is locked.")
        yield

    key = world.accounts.api_keys.create(world.somebody(), "ci", ["self"]).key
    monkeypatch.setattr(world.accounts.parts.store, "session", locked)
    assert world.accounts.principal_of(key)


def test_the_real_parts_fit_together(world: World) -> None:
    """`Accounts.of`, as the service makes it: real passwords, the outbox, the wall clock."""
    accounts = Accounts.of(world.settings, world.store)
    link = accounts.setup.link()
    held = accounts.setup.complete(
        link.split("#token=")[1], "boss@shop.example", PASSWORD, "The Boss"
    )
    assert accounts.principal_of(held.access_token)
    accounts.passwords.forgot("boss@shop.example")
    accounts.close()
    assert len(list((world.store.home / "outbox").glob("*.eml"))) == 1

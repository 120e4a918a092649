"""The first administrator comes in by a link that works once."""

from __future__ import annotations

import pytest

from app.accounts.world import PASSWORD, World, at_once, secret_in
from omnix.app.accounts.errors import InvalidField, InvalidLink, NotPossible, TooManyAttempts
from omnix.auth.errors import PasswordError

BOSS = ("boss@shop.example", PASSWORD, "The Boss")


def link(world: World) -> str:
    found = world.accounts.setup.link()
    assert found.startswith("https://omnix.example/setup#token=")
    return secret_in(found)


def test_it_is_needed_until_somebody_can_administer(world: World) -> None:
    world.person()
    assert world.accounts.setup.needed()
    found = world.accounts.setup.complete(link(world), *BOSS, language="he")
    assert not world.accounts.setup.needed()
    assert (found.user.role, found.user.language, found.user.email_verified) == (
        "admin",
        "he",
        True,
    )
    assert "users:manage" in world.principal(found).permissions


def test_an_administrator_who_was_only_invited_cannot_administer_yet(world: World) -> None:
    world.accounts.users.invite("later@shop.example", "Later", "admin")
    assert world.accounts.setup.needed()


def test_afterwards_there_are_no_links(world: World) -> None:
    older = link(world)
    world.person("boss@shop.example", "admin")
    with pytest.raises(NotPossible):
        world.accounts.setup.link()
    with pytest.raises(NotPossible):
        world.accounts.setup.complete(older, "other@shop.example", PASSWORD, "Other")


def test_a_link_works_once_of_many_at_once(world: World) -> None:
    token = link(world)
    emails = [f"boss{number}@shop.example" for number in range(10)]
    done, refused = at_once(
        10, lambda: world.accounts.setup.complete(token, emails.pop(), PASSWORD, "Boss")
    )
    assert len(done) == 1
    assert {type(each) for each in refused} <= {InvalidLink, NotPossible}
    assert len(world.accounts.users.list(role="admin").data) == 1


def test_a_newer_link_ends_the_older(world: World) -> None:
    older = link(world)
    newer = link(world)
    with pytest.raises(InvalidLink):
        world.accounts.setup.complete(older, *BOSS)
    assert world.accounts.setup.complete(newer, *BOSS)


def test_a_link_ends_after_a_day(world: World) -> None:
    token = link(world)
    world.clock.advance(hours=24)
    with pytest.raises(InvalidLink):
        world.accounts.setup.complete(token, *BOSS)


def test_a_wrong_value_leaves_the_link_good(world: World) -> None:
    token = link(world)
    complete = world.accounts.setup.complete
    with pytest.raises(InvalidField):
        complete(token, "no address", PASSWORD, "Boss")
    with pytest.raises(InvalidField):
        complete(token, "boss@shop.example", PASSWORD, "")
    with pytest.raises(PasswordError):
        complete(token, "boss@shop.example", "short", "Boss")
    assert complete(token, *BOSS)


def test_an_address_with_an_account_is_not_taken_over(world: World) -> None:
    world.person("boss@shop.example", "customer")
    token = link(world)
    with pytest.raises(NotPossible):
        world.accounts.setup.complete(token, *BOSS)
    assert world.accounts.setup.complete(token, "chief@shop.example", PASSWORD, "Chief")


def test_guessing_is_throttled(world: World) -> None:
    for _ in range(30):
        with pytest.raises(InvalidLink):
            world.accounts.setup.complete("a" * 43, *BOSS)
    with pytest.raises(TooManyAttempts):
        world.accounts.setup.complete(link(world), *BOSS)

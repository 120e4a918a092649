"""Many people at once, on the same accounts: nobody waits for each other in a circle."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

from app.accounts.world import HOME, OTHER_PASSWORD, PASSWORD, World, at_once, secret_in
from omnix.app.accounts import Accounts, Principal
from omnix.app.accounts.errors import AccountError, InvalidCredentials
from omnix.auth.errors import AuthError

PEOPLE = [f"p{number}@shop.example" for number in range(3)]


def deeds(world: World, accounts: Accounts, chance: random.Random) -> list[Callable[[], object]]:
    """What somebody may do at any moment, with whatever is to hand."""

    def who() -> str:
        return chance.choice(PEOPLE)

    def user_id() -> str:
        return accounts.users.find(who()).id

    def signed_in() -> Principal:
        held = world.sign_in(who(), chance.choice([PASSWORD, OTHER_PASSWORD]))
        found = accounts.principal_of(held.access_token)
        if found is None:  # somebody has ended it already
            raise InvalidCredentials
        return found

    def refresh_twice() -> None:
        held = world.sign_in(who(), PASSWORD)
        accounts.sessions.refresh(held.refresh_token)
        accounts.sessions.refresh(held.refresh_token)

    def reset() -> None:
        accounts.passwords.forgot(email := who())
        accounts.settle()
        link = secret_in([each for each in world.letters.sent if each.to == email][-1].text)
        accounts.passwords.reset(link, chance.choice([PASSWORD, OTHER_PASSWORD]))

    return [
        signed_in,
        refresh_twice,
        reset,
        lambda: accounts.sessions.logout_all(signed_in()),
        lambda: accounts.passwords.change(signed_in(), PASSWORD, OTHER_PASSWORD),
        lambda: accounts.users.change(user_id(), role=chance.choice(["admin", "analyst"])),
        lambda: accounts.users.change(user_id(), is_active=chance.random() < 0.8),
        lambda: accounts.sign_in.login(who(), "wrong", origin=HOME),
        lambda: accounts.api_keys.create(signed_in(), "k", ["self"]),
        accounts.purge,
    ]


def test_nobody_waits_in_a_circle_and_the_log_stays_whole(world: World) -> None:
    world.person("boss@shop.example", "admin")
    for email in PEOPLE:
        world.person(email, "admin")
    numbers = list(range(8))

    def somebody() -> None:
        chance = random.Random(numbers.pop())
        for _ in range(6):
            with suppress(AccountError, AuthError, IndexError):
                chance.choice(deeds(world, world.accounts, chance))()

    at_once(8, somebody)  # a store that gives up raises StoreError here
    assert world.accounts.audit.chain.check().is_whole
    assert not world.accounts.setup.needed()

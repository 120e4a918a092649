"""The second factor: in force once confirmed, sealed at rest, switched off with both factors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.accounts.world import PASSWORD, World
from omnix.app.accounts import Challenge, Principal, SignedIn
from omnix.app.accounts.errors import InvalidField, NotAllowed, NotPossible, TooManyAttempts
from omnix.auth.errors import KeyFileError


def login(world: World) -> object:
    return world.accounts.sign_in.login("dana@shop.example", PASSWORD)


def value(world: World, query: str) -> object:
    with world.store.reading() as session:
        return session.execute(text(query)).scalar()


def test_it_is_in_force_once_a_code_was_confirmed(world: World) -> None:
    principal = world.somebody()
    begun = world.accounts.two_factor.begin(principal)
    assert begun.secret in begun.uri
    assert begun.qr_svg.startswith("<svg")
    assert isinstance(login(world), SignedIn)
    codes = world.accounts.two_factor.confirm(principal, world.code(begun.secret))
    assert len(set(codes)) == 10
    assert isinstance(login(world), Challenge)
    assert world.accounts.profile.get(principal).two_factor_enabled
    assert "two-factor" in world.mails("dana@shop.example")[-1].subject
    assert world.actions()[-1] == "account.two_factor_on"


def test_the_confirming_code_signs_nobody_in_again(world: World) -> None:
    from omnix.app.accounts.errors import InvalidCredentials

    principal = world.somebody()
    secret = world.accounts.two_factor.begin(principal).secret
    code = world.code(secret)
    world.accounts.two_factor.confirm(principal, code)
    asked = login(world)
    assert isinstance(asked, Challenge)
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(asked.challenge, code)


def test_a_wrong_code_confirms_nothing(world: World) -> None:
    principal = world.somebody()
    world.accounts.two_factor.begin(principal)
    with pytest.raises(InvalidField) as told:
        world.accounts.two_factor.confirm(principal, "000000")
    assert told.value.errors[0]["field"] == "code"
    assert isinstance(login(world), SignedIn)


def test_guessing_codes_is_throttled(world: World) -> None:
    principal = world.somebody()
    secret = world.accounts.two_factor.begin(principal).secret
    for _ in range(5):
        with pytest.raises(InvalidField):
            world.accounts.two_factor.confirm(principal, "wrong")
    with pytest.raises(TooManyAttempts):
        world.accounts.two_factor.confirm(principal, world.code(secret))


def test_beginning_again_replaces_the_secret(world: World) -> None:
    principal = world.somebody()
    older = world.accounts.two_factor.begin(principal).secret
    newer = world.accounts.two_factor.begin(principal).secret
    with pytest.raises(InvalidField):
        world.accounts.two_factor.confirm(principal, world.code(older))
    assert world.accounts.two_factor.confirm(principal, world.code(newer))


def test_the_secret_and_the_codes_do_not_lie_open(world: World) -> None:
    principal = world.somebody()
    secret, codes = world.two_factor(principal)
    kept = str(value(world, "select totp_secret from users"))
    assert secret not in kept
    assert world.accounts.parts.seal.open(kept, principal.user_id) == secret
    with world.store.reading() as session:
        hashes = session.execute(text("select code_hash from recovery_codes")).scalars().all()
    assert len(hashes) == 10
    assert not set(codes) & set(hashes)


def test_a_secret_moved_to_another_row_does_not_open(world: World) -> None:
    principal = world.somebody()
    world.two_factor(principal)
    other = world.somebody("noam@shop.example")
    world.two_factor(other)
    with world.store.session() as session:
        session.execute(
            text(
                "update users set totp_secret = (select totp_secret from users where id = :a) "
                "where id = :b"
            ),
            {"a": principal.user_id, "b": other.user_id},
        )
    asked = world.accounts.sign_in.login("noam@shop.example", PASSWORD)
    assert isinstance(asked, Challenge)
    with pytest.raises(KeyFileError):
        world.accounts.sign_in.second_factor(asked.challenge, "123456")


def test_it_is_switched_off_with_password_and_code(world: World) -> None:
    principal = world.somebody()
    secret, _codes = world.two_factor(principal)
    off = world.accounts.two_factor.disable
    with pytest.raises(InvalidField) as told:
        off(principal, "wrong", world.code(secret))
    assert told.value.errors[0]["field"] == "password"
    with pytest.raises(InvalidField) as told:
        off(principal, PASSWORD, "000000")
    assert told.value.errors[0]["field"] == "code"
    off(principal, PASSWORD, world.code(secret))
    assert isinstance(login(world), SignedIn)
    assert value(world, "select totp_secret from users") is None
    assert value(world, "select count(*) from recovery_codes") == 0


def test_it_is_switched_off_with_a_recovery_code(world: World) -> None:
    principal = world.somebody()
    _secret, codes = world.two_factor(principal)
    world.accounts.two_factor.disable(principal, PASSWORD, codes[3])
    assert isinstance(login(world), SignedIn)


def test_new_recovery_codes_end_the_older(world: World) -> None:
    principal = world.somebody()
    _secret, older = world.two_factor(principal)
    with pytest.raises(InvalidField):
        world.accounts.two_factor.recovery_codes(principal, "wrong")
    newer = world.accounts.two_factor.recovery_codes(principal, PASSWORD)
    assert not set(older) & set(newer)
    with pytest.raises(InvalidField):
        world.accounts.two_factor.disable(principal, PASSWORD, older[0])
    world.accounts.two_factor.disable(principal, PASSWORD, newer[0])


def test_what_is_not_on_cannot_be_changed_and_what_is_cannot_begin(world: World) -> None:
    principal = world.somebody()
    two_factor = world.accounts.two_factor
    with pytest.raises(NotPossible):
        two_factor.confirm(principal, "000000")
    with pytest.raises(NotPossible):
        two_factor.disable(principal, PASSWORD, "000000")
    with pytest.raises(NotPossible):
        two_factor.recovery_codes(principal, PASSWORD)
    secret, _codes = world.two_factor(principal)
    with pytest.raises(NotPossible):
        two_factor.begin(principal)
    with pytest.raises(NotPossible):
        two_factor.confirm(principal, world.code(secret))


def test_a_key_does_none_of_it(world: World) -> None:
    program: Principal = replace(world.somebody(), kind="key", session_id=None)
    two_factor = world.accounts.two_factor
    for attempt in (
        lambda: two_factor.begin(program),
        lambda: two_factor.confirm(program, "000000"),
        lambda: two_factor.disable(program, PASSWORD, "000000"),
        lambda: two_factor.recovery_codes(program, PASSWORD),
    ):
        with pytest.raises(NotAllowed):
            attempt()

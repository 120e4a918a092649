"""Passwords: no length is a trap, a reset works once, and every session ends with the old one."""

from __future__ import annotations

import re
import unicodedata

import pytest

from app.accounts.test_sign_in import hash_of
from app.accounts.world import AWAY, OTHER_PASSWORD, PASSWORD, World, at_once, secret_in
from omnix.app.accounts import Challenge
from omnix.app.accounts.errors import (
    InvalidCredentials,
    InvalidField,
    InvalidLink,
    InvalidRefresh,
    NotAllowed,
    TooManyAttempts,
)
from omnix.auth import opaque
from omnix.auth.errors import PasswordError

DANA = "dana@shop.example"
WORDS = "violet engines hum below the quiet harbour while nine herons argue about tea "


def reset_link(world: World, email: str = DANA) -> str:
    world.accounts.passwords.forgot(email)
    return world.secret(email)


def opens(world: World, password: str) -> bool:
    try:
        world.sign_in(password=password)
    except InvalidCredentials:
        return False
    return True


def of_bytes(size: int) -> str:
    return (WORDS * 20)[:size]


LENGTHS = {
    "8": "q7Kz-w2!",
    **{str(size): of_bytes(size) for size in (64, 71, 72, 73, 128, 1000)},
    "64 emoji": "🦊🎷🪁🧊🥑🛶🎲🪐" * 8,
    "spaces around": "  two herons argue  ",
    "NUL inside": "two\0herons argue",
    "Hebrew": "ארבעה ברווזים שרים",
}


@pytest.mark.parametrize("password", LENGTHS.values(), ids=LENGTHS)
def test_a_password_is_taken_whole(world: World, password: str) -> None:
    world.person(password=password)
    assert opens(world, password)
    assert not opens(world, password[:-1])
    assert not opens(world, password + "y")
    assert not opens(world, password.strip(" ")) or password == password.strip(" ")


def test_what_lies_behind_72_bytes_counts(world: World) -> None:
    world.person(password=of_bytes(72) + "x")
    assert not opens(world, of_bytes(72) + "y")
    assert not opens(world, of_bytes(72))
    assert opens(world, of_bytes(72) + "x")


def test_a_password_may_be_typed_composed_or_decomposed(world: World) -> None:
    composed = unicodedata.normalize("NFC", "crème brûlée à minuit")
    world.person(password=composed)
    assert opens(world, unicodedata.normalize("NFD", composed))


@pytest.mark.parametrize(
    "password", ["", "short", "password", "dana.levi1", "x" * 1001, "\ud800" * 9]
)
def test_a_weak_password_is_refused_and_the_link_stays_good(world: World, password: str) -> None:
    world.person()
    link = reset_link(world)
    with pytest.raises(PasswordError) as told:
        world.accounts.passwords.reset(link, password)
    assert told.value.errors[0]["field"] == "newPassword"
    world.accounts.passwords.reset(link, OTHER_PASSWORD)
    assert opens(world, OTHER_PASSWORD)


def test_what_is_kept_is_argon2id_with_a_salt_of_its_own(world: World) -> None:
    world.person()
    world.person("noam@shop.example")
    one, other = hash_of(world, DANA), hash_of(world, "noam@shop.example")
    assert re.match(r"^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$", one)
    assert one != other


def test_a_reset_sets_the_password_and_signs_nobody_in(world: World) -> None:
    world.person()
    world.accounts.passwords.reset(reset_link(world), OTHER_PASSWORD)
    assert world.actions()[-1] == "account.password_reset"
    assert "session.begun" not in world.actions()
    assert opens(world, OTHER_PASSWORD)
    assert not opens(world, PASSWORD)
    assert "was changed" in world.mails(DANA)[-1].subject


def test_a_link_works_once(world: World) -> None:
    world.person()
    link = reset_link(world)
    world.accounts.passwords.reset(link, OTHER_PASSWORD)
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(link, PASSWORD)


def test_fifty_at_once_give_one_success(world: World) -> None:
    world.person()
    link = reset_link(world)
    done, refused = at_once(50, lambda: world.accounts.passwords.reset(link, OTHER_PASSWORD))
    assert len(done) == 1
    assert {type(each) for each in refused} <= {InvalidLink, TooManyAttempts}
    assert world.actions().count("account.password_reset") == 2  # the first was the invitation


def test_a_link_is_good_for_ten_minutes(world: World) -> None:
    world.person()
    link = reset_link(world)
    world.clock.advance(minutes=10)
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(link, OTHER_PASSWORD)


def test_a_newer_link_ends_the_older(world: World) -> None:
    world.person()
    older, newer = reset_link(world), reset_link(world)
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(older, OTHER_PASSWORD)
    world.accounts.passwords.reset(newer, OTHER_PASSWORD)


def test_only_the_digest_of_a_link_is_kept(world: World) -> None:
    from sqlalchemy import text

    world.person()
    link = reset_link(world)
    assert opaque.is_secret(link)  # 256 random bits
    with world.store.reading() as session:
        kept = session.execute(text("select token_hash from one_time_tokens")).scalars().all()
    assert kept == [opaque.digest(link)]


def test_a_reset_ends_every_session(world: World) -> None:
    world.person()
    held = world.sign_in()
    assert world.principal(held)  # remembered from now on
    world.accounts.passwords.reset(reset_link(world), OTHER_PASSWORD)
    assert world.refused(held.access_token)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(held.refresh_token)


def test_asking_changes_nothing(world: World) -> None:
    world.person()
    held = world.sign_in()
    reset_link(world)
    assert world.principal(held)
    assert opens(world, PASSWORD)


def test_asking_for_nobody_sends_nothing_and_tells_nothing(world: World) -> None:
    for email in ["nobody@shop.example", "no address", "\ud800", "x" * 10_000]:
        world.accounts.passwords.forgot(email)
    assert world.mails() == []


def test_who_is_disabled_gets_no_link_and_uses_none(world: World) -> None:
    person = world.person()
    link = reset_link(world)
    world.accounts.users.change(person.id, is_active=False)
    before = len(world.mails())
    world.accounts.passwords.forgot(DANA)
    assert len(world.mails()) == before
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(link, OTHER_PASSWORD)


def test_a_mailbox_is_not_flooded_and_nobody_is_told(world: World) -> None:
    world.person()
    before = len(world.mails(DANA))
    for _ in range(10):
        world.accounts.passwords.forgot(DANA)
    assert len(world.mails(DANA)) == before + 3


def test_asking_too_often_from_one_address_is_refused(world: World) -> None:
    for number in range(20):
        world.accounts.passwords.forgot(f"p{number}@shop.example", origin=AWAY)
    with pytest.raises(TooManyAttempts):
        world.accounts.passwords.forgot("another@shop.example", origin=AWAY)


def test_guessing_links_is_throttled(world: World) -> None:
    for number in range(30):
        with pytest.raises(InvalidLink):
            world.accounts.passwords.reset(f"{number:043}", OTHER_PASSWORD, origin=AWAY)
    with pytest.raises(TooManyAttempts):
        world.accounts.passwords.reset("a" * 43, OTHER_PASSWORD, origin=AWAY)


@pytest.mark.parametrize("token", ["", "x", "\0", "é" * 43, "\ud800" * 43, "a" * 100_000])
def test_what_is_no_link_is_refused(world: World, token: str) -> None:
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(token, OTHER_PASSWORD)


def test_a_link_for_one_thing_is_not_good_for_another(world: World) -> None:
    world.person()
    with pytest.raises(InvalidLink):
        world.accounts.registration.verify_email(reset_link(world))
    setup = secret_in(world.accounts.setup.link())
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(setup, OTHER_PASSWORD)


def test_a_challenge_is_no_link_and_a_link_no_challenge(world: World) -> None:
    secret, _codes = world.two_factor(world.somebody())
    asked = world.accounts.sign_in.login(DANA, PASSWORD)
    assert isinstance(asked, Challenge)
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(asked.challenge, OTHER_PASSWORD)
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(reset_link(world), world.code(secret))


def test_a_link_begins_with_the_address_of_the_settings(world: World) -> None:
    world.person()
    world.accounts.passwords.forgot(DANA)
    assert "https://omnix.example/reset-password#token=" in world.mails(DANA)[-1].text


def test_changing_ends_all_sessions_and_gives_the_caller_a_new_one(world: World) -> None:
    principal = world.somebody()
    other = world.sign_in()
    assert world.principal(other)
    signed_in = world.accounts.passwords.change(principal, PASSWORD, OTHER_PASSWORD)
    assert world.refused(other.access_token)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(other.refresh_token)
    assert [each.id for each in world.accounts.sessions.list(world.principal(signed_in))] == [
        signed_in.session_id
    ]
    assert opens(world, OTHER_PASSWORD)
    assert not opens(world, PASSWORD)


def test_changing_needs_the_current_password(world: World) -> None:
    principal = world.somebody()
    with pytest.raises(InvalidField) as told:
        world.accounts.passwords.change(principal, "wrong", OTHER_PASSWORD)
    assert told.value.errors[0]["field"] == "currentPassword"
    assert opens(world, PASSWORD)


def test_guessing_the_current_password_is_throttled(world: World) -> None:
    principal = world.somebody()
    for _ in range(10):
        with pytest.raises(InvalidField):
            world.accounts.passwords.change(principal, "wrong", OTHER_PASSWORD)
    with pytest.raises(TooManyAttempts):
        world.accounts.passwords.change(principal, PASSWORD, OTHER_PASSWORD)


@pytest.mark.parametrize("new", [PASSWORD, "short", "dana@shop.example"])
def test_a_new_password_is_new_and_strong(world: World, new: str) -> None:
    principal = world.somebody()
    with pytest.raises((InvalidField, PasswordError)) as told:
        world.accounts.passwords.change(principal, PASSWORD, new)
    assert told.value.errors[0]["field"] == "newPassword"  # type: ignore[union-attr]


def test_a_key_changes_no_password(world: World) -> None:
    principal = world.somebody()
    program = world.accounts.principal_of(
        world.accounts.api_keys.create(principal, "ci", ["self"]).key
    )
    assert program is not None
    with pytest.raises(NotAllowed):
        world.accounts.passwords.change(program, PASSWORD, OTHER_PASSWORD)

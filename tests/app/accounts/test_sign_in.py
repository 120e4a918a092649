"""Signing in: one answer for everything that is wrong, and nobody can lock the owner out."""

from __future__ import annotations

from typing import Any

import pytest

from app.accounts.world import (
    AWAY,
    HOME,
    OTHER_PASSWORD,
    PASSWORD,
    World,
    at_once,
    cheap_passwords,
)
from omnix.app.accounts import Challenge, Origin, SignedIn
from omnix.app.accounts.errors import InvalidCredentials, TooManyAttempts
from omnix.auth.errors import BusyError
from omnix.auth.passwords import Passwords
from omnix.core.errors import OmnixError


def refusal(world: World, email: str, password: str, origin: Origin = HOME) -> OmnixError:
    with pytest.raises(OmnixError) as told:
        world.accounts.sign_in.login(email, password, origin=origin)
    return told.value


def fail(world: World, times: int, email: str = "dana@shop.example", origin: Origin = HOME) -> None:
    for _ in range(times):
        assert isinstance(refusal(world, email, "wrong", origin), InvalidCredentials)


def test_the_right_password_begins_a_session(world: World) -> None:
    person = world.person()
    found = world.sign_in("  DANA@Shop.Example ")
    principal = world.principal(found)
    assert (principal.user_id, principal.role, principal.kind) == (person.id, "analyst", "user")
    assert principal.session_id == found.session_id
    assert found.user.last_login_at == world.clock.now
    assert found.expires_in == 15 * 60


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@shop.example", PASSWORD),
        ("dana@shop.example", "wrong"),
        ("dana@shop.example", ""),
        ("dana@shop.example", PASSWORD + "x"),
        ("dana@shop.example", PASSWORD[:-1]),
        ("dana@shop.example", "x" * 100_000),
        ("dana@shop.example", "\ud800"),
        ("dana@shop.example", f"{PASSWORD}\0"),
        ("no address at all", PASSWORD),
        ("", ""),
        ("\0", "\0"),
        ("\ud800@shop.example", PASSWORD),
        ("x" * 100_000 + "@shop.example", PASSWORD),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(world: World, email: str, password: str) -> None:
    world.person()
    found = refusal(world, email, password)
    assert isinstance(found, InvalidCredentials)
    assert str(found) == str(InvalidCredentials())


def test_the_same_work_is_done_whether_or_not_the_account_exists(world: World) -> None:
    """Time is measured in benchmarks/; here: the same calls to the hash and to the store."""
    from sqlalchemy import event

    world.person()
    work: list[str] = []

    class Watched(Passwords):
        def verify(self, password: str, hashed: str | None) -> bool:
            work.append("verify")
            return super().verify(password, hashed)

    process = world.process(passwords=Watched(time_cost=1, memory_kib=8))
    event.listen(
        process.parts.store.engine,
        "before_cursor_execute",
        lambda _c, _x, statement, *_: work.append(statement),
    )

    def done(email: str) -> list[str]:
        work.clear()
        with pytest.raises(InvalidCredentials):
            process.sign_in.login(email, "wrong", origin=HOME)
        return list(work)

    assert done("dana@shop.example") == done("nobody@shop.example")
    assert "verify" in work


def test_who_is_disabled_or_has_no_password_gets_that_answer_too(world: World) -> None:
    person = world.person()
    world.accounts.users.change(person.id, is_active=False)
    world.accounts.users.invite("noam@shop.example", "Noam", "analyst")
    fail(world, 1)
    assert isinstance(refusal(world, "dana@shop.example", PASSWORD), InvalidCredentials)
    assert isinstance(refusal(world, "noam@shop.example", ""), InvalidCredentials)


def test_the_eleventh_try_is_refused_even_if_it_is_right(world: World) -> None:
    world.person()
    fail(world, 10)
    found = refusal(world, "dana@shop.example", PASSWORD)
    assert isinstance(found, TooManyAttempts)
    assert 29 * 60 < found.retry_after <= 30 * 60
    world.clock.advance(minutes=30)
    assert world.sign_in()


def test_an_unknown_account_is_throttled_just_the_same(world: World) -> None:
    fail(world, 10, "nobody@shop.example")
    found = refusal(world, "nobody@shop.example", PASSWORD)
    assert str(found) == str(TooManyAttempts(30 * 60))


def test_writing_the_address_otherwise_resets_nothing(world: World) -> None:
    world.person()
    fail(world, 5)
    fail(world, 5, " DANA@SHOP.example")
    assert isinstance(refusal(world, "Dana@shop.example", PASSWORD), TooManyAttempts)


def test_a_limit_holds_in_other_processes_and_after_a_restart(world: World) -> None:
    world.person()
    fail(world, 10)
    with pytest.raises(TooManyAttempts):
        world.process().sign_in.login("dana@shop.example", PASSWORD, origin=HOME)


def test_fifty_at_once_are_not_fifty_first_tries(world: World) -> None:
    world.person()
    done, refused = at_once(
        40, lambda: world.accounts.sign_in.login("dana@shop.example", "wrong", origin=HOME)
    )
    assert done == []
    assert sum(isinstance(each, InvalidCredentials) for each in refused) == 10
    assert sum(isinstance(each, TooManyAttempts) for each in refused) == 30


def test_success_clears_the_count_of_account_and_address(world: World) -> None:
    world.person()
    fail(world, 9)
    world.sign_in()
    fail(world, 9)
    assert world.sign_in()


def test_strangers_cannot_lock_the_owner_out(world: World) -> None:
    world.person()
    held = world.sign_in(origin=HOME)
    for number in range(50):
        fail(world, 1, origin=Origin(f"198.51.100.{number}"))
    stranger = refusal(world, "dana@shop.example", PASSWORD, Origin("192.0.2.77"))
    assert isinstance(stranger, TooManyAttempts)
    assert world.sign_in(origin=HOME)
    assert world.principal(held)
    assert world.accounts.sessions.refresh(held.refresh_token)


def test_a_browser_that_was_here_is_no_stranger_wherever_it_is(world: World) -> None:
    world.person()
    held = world.sign_in(origin=HOME)
    for number in range(50):
        fail(world, 1, origin=Origin(f"198.51.100.{number}"))
    there = Origin("192.0.2.77")
    found = world.accounts.sign_in.login(
        "dana@shop.example", PASSWORD, origin=there, device=held.refresh_token
    )
    assert isinstance(found, SignedIn)


def test_another_persons_browser_is_a_stranger(world: World) -> None:
    world.person()
    world.person("noam@shop.example")
    theirs = world.sign_in("noam@shop.example")
    for number in range(50):
        fail(world, 1, origin=Origin(f"198.51.100.{number}"))
    with pytest.raises(TooManyAttempts):
        world.accounts.sign_in.login(
            "dana@shop.example", PASSWORD, origin=AWAY, device=theirs.refresh_token
        )


def test_spraying_many_accounts_from_one_address_is_throttled(world: World) -> None:
    for number in range(100):
        fail(world, 1, f"person{number}@shop.example")
    assert isinstance(refusal(world, "another@shop.example", "wrong"), TooManyAttempts)
    fail(world, 1, "another@shop.example", AWAY)


def test_one_ipv6_customer_is_one_address(world: World) -> None:
    world.person()
    for number in range(10):
        fail(world, 1, origin=Origin(f"2001:db8:1:2::{number:x}"))
    found = refusal(world, "dana@shop.example", PASSWORD, Origin("2001:db8:1:2:ffff::1"))
    assert isinstance(found, TooManyAttempts)
    assert world.sign_in(origin=Origin("2001:db8:1:3::1"))


def test_who_is_turned_away_at_a_busy_door_has_not_tried(world: World) -> None:
    class Full(Passwords):
        def verify(self, password: str, hashed: str | None) -> bool:
            raise BusyError(1)

    world.person()
    full = world.process(passwords=Full(time_cost=1, memory_kib=8))
    for _ in range(12):
        with pytest.raises(BusyError):
            full.sign_in.login("dana@shop.example", "wrong", origin=HOME)
    assert world.sign_in()


def test_old_hashes_are_renewed_at_sign_in(world: World) -> None:
    world.person()
    stronger = Passwords(time_cost=2, memory_kib=16)
    process = world.process(passwords=stronger)
    assert process.sign_in.login("dana@shop.example", PASSWORD, origin=HOME)
    assert not stronger.needs_rehash(hash_of(world, "dana@shop.example"))
    assert process.sign_in.login("dana@shop.example", PASSWORD, origin=HOME)


def test_sign_ins_and_failures_are_in_the_audit_log(world: World) -> None:
    person = world.person()
    fail(world, 1)
    fail(world, 1, "nobody@shop.example")
    held = world.sign_in()
    rows = world.accounts.audit.list(action="session.begun").data
    assert [(row.actor_id, row.object, row.outcome) for row in rows] == [
        (person.id, held.session_id, "success"),
        (None, None, "failure"),
        (None, person.id, "failure"),
    ]
    assert (rows[0].address, rows[0].request_id) == (HOME.address, HOME.request_id)


def test_a_password_that_changes_meanwhile_lets_nobody_in(world: World) -> None:
    """The old password was verified, and before the session begins it is no longer the password."""
    world.person()

    class Slow(Passwords):
        def verify(self, password: str, hashed: str | None) -> bool:
            found = super().verify(password, hashed)
            world.accounts.passwords.forgot("dana@shop.example")
            world.accounts.passwords.reset(world.secret("dana@shop.example"), OTHER_PASSWORD)
            return found

    process = world.process(passwords=Slow(time_cost=1, memory_kib=8))
    with pytest.raises(InvalidCredentials):
        process.sign_in.login("dana@shop.example", PASSWORD, origin=HOME)


# The second factor


@pytest.fixture
def guarded(world: World) -> Any:
    """A world in which Dana has a second factor; with its secret and codes."""
    principal = world.somebody()
    secret, codes = world.two_factor(principal)
    return world, secret, codes


def challenge(world: World) -> str:
    found = world.accounts.sign_in.login("dana@shop.example", PASSWORD, origin=HOME)
    assert isinstance(found, Challenge)
    assert found.expires_in == 300
    return found.challenge


def test_a_code_finishes_signing_in(guarded: Any) -> None:
    world, secret, _codes = guarded
    found = world.accounts.sign_in.second_factor(challenge(world), world.code(secret), origin=HOME)
    assert world.principal(found)


def test_a_challenge_alone_opens_nothing(guarded: Any) -> None:
    world, _secret, _codes = guarded
    asked = challenge(world)
    assert world.refused(asked)
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(asked, "")


def test_a_code_is_good_once(guarded: Any) -> None:
    world, secret, _codes = guarded
    code = world.code(secret)
    world.accounts.sign_in.second_factor(challenge(world), code)
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(challenge(world), code)


def test_an_older_code_is_not_good_after_a_newer_one(guarded: Any) -> None:
    world, secret, _codes = guarded
    older = world.code(secret, seconds=-30)
    world.accounts.sign_in.second_factor(challenge(world), world.code(secret))
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(challenge(world), older)


def test_a_code_is_good_once_of_many_at_once(guarded: Any) -> None:
    world, secret, _codes = guarded
    asked, code = challenge(world), world.code(secret)
    done, refused = at_once(5, lambda: world.accounts.sign_in.second_factor(asked, code))
    assert (len(done), len(refused)) == (1, 4)


def test_a_recovery_code_is_good_once(guarded: Any) -> None:
    world, _secret, codes = guarded
    assert world.accounts.sign_in.second_factor(challenge(world), codes[0].upper())
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(challenge(world), codes[0])
    assert world.accounts.sign_in.second_factor(challenge(world), codes[1].replace("-", ""))


def test_a_challenge_is_good_once_whatever_code_comes_with_it(guarded: Any) -> None:
    world, secret, codes = guarded
    asked = challenge(world)
    world.accounts.sign_in.second_factor(asked, codes[0])
    for code in (codes[1], world.code(secret)):
        with pytest.raises(InvalidCredentials):
            world.accounts.sign_in.second_factor(asked, code)


def test_a_recovery_code_is_good_once_of_many_at_once(guarded: Any) -> None:
    world, _secret, codes = guarded
    asked = challenge(world)
    done, refused = at_once(5, lambda: world.accounts.sign_in.second_factor(asked, codes[0]))
    assert (len(done), len(refused)) == (1, 4)


def test_a_challenge_ends(guarded: Any) -> None:
    world, secret, _codes = guarded
    asked = challenge(world)
    world.clock.advance(minutes=5)
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(asked, world.code(secret))


def test_a_newer_challenge_ends_the_older(guarded: Any) -> None:
    world, secret, _codes = guarded
    older = challenge(world)
    challenge(world)
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(older, world.code(secret))


@pytest.mark.parametrize(
    "code", ["", "000000", "abcdef", "１２３４５６", "\ud800", "9" * 10_000, "\0"]
)
def test_wrong_codes_are_refused(guarded: Any, code: str) -> None:
    world, _secret, _codes = guarded
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(challenge(world), code)


def test_the_sixth_code_is_refused(guarded: Any) -> None:
    world, secret, _codes = guarded
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            world.accounts.sign_in.second_factor(challenge(world), "wrong")
    with pytest.raises(TooManyAttempts):
        world.accounts.sign_in.second_factor(challenge(world), world.code(secret))
    world.clock.advance(minutes=15)
    assert world.accounts.sign_in.second_factor(challenge(world), world.code(secret))


def test_a_challenge_ends_with_the_password(guarded: Any) -> None:
    world, secret, _codes = guarded
    asked = challenge(world)
    world.accounts.passwords.forgot("dana@shop.example")
    world.accounts.passwords.reset(world.secret("dana@shop.example"), OTHER_PASSWORD)
    with pytest.raises(InvalidCredentials):
        world.accounts.sign_in.second_factor(asked, world.code(secret))


def hash_of(world: World, email: str) -> str:
    from sqlalchemy import text

    with world.store.reading() as session:
        query = text("select password_hash from users where email = :email")
        return str(session.execute(query, {"email": email}).scalar())


def test_cheap_parameters_are_for_tests_only() -> None:
    assert Passwords().needs_rehash(cheap_passwords().hash(PASSWORD))

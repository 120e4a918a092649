"""API keys: no wider than their owner, hashed, revocable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from app.accounts.world import World
from omnix.app.accounts import Principal
from omnix.app.accounts.errors import InvalidField, NoSuchThing, NotAllowed, NotPossible
from omnix.auth import opaque


def make(world: World, principal: Principal, *scopes: str, **more: datetime) -> str:
    return world.accounts.api_keys.create(principal, "ci", scopes or ["self"], **more).key


def test_a_key_may_what_its_scopes_say(world: World) -> None:
    principal = world.somebody()
    made = world.accounts.api_keys.create(principal, " nightly  export ", ["tables:read", "self"])
    assert opaque.is_api_key(made.key)
    assert made.key.startswith(made.view.prefix)
    assert made.view.name == "nightly export"
    program = world.accounts.principal_of(made.key)
    assert program is not None
    assert program.permissions == {"tables:read", "self"}
    assert (program.kind, program.session_id, program.key_id) == ("key", None, made.view.id)
    assert program.user_id == principal.user_id
    assert "API key" in world.mails("dana@shop.example")[-1].subject


@pytest.mark.parametrize("scopes", [[], ["users:manage"], ["tables:raed"], ["self", "\0"]])
def test_a_key_is_no_wider_than_its_owner(world: World, scopes: list[str]) -> None:
    principal = world.somebody()
    with pytest.raises(InvalidField) as told:
        make(world, principal, *scopes) if scopes else world.accounts.api_keys.create(
            principal, "ci", []
        )
    assert told.value.errors[0]["field"] == "scopes"


def test_a_mistyped_scope_is_helped(world: World) -> None:
    with pytest.raises(InvalidField, match="'tables:read'"):
        make(world, world.somebody(), "tables:raed")


def test_what_the_role_loses_the_key_loses(world: World) -> None:
    principal = world.somebody(role="manager")
    key = make(world, principal, "runs:start", "tables:read")
    world.accounts.users.change(principal.user_id, role="analyst")
    program = world.accounts.principal_of(key)
    assert program is not None
    assert program.permissions == {"tables:read"}


def test_a_key_of_one_who_is_disabled_opens_nothing(world: World) -> None:
    principal = world.somebody()
    key = make(world, principal)
    assert world.accounts.principal_of(key)
    world.accounts.users.change(principal.user_id, is_active=False)
    assert world.refused(key)


def test_a_revoked_key_opens_nothing_at_once(world: World) -> None:
    principal = world.somebody()
    made = world.accounts.api_keys.create(principal, "ci", ["self"])
    assert world.accounts.principal_of(made.key)
    world.accounts.api_keys.revoke(principal, made.view.id)
    assert world.refused(made.key)
    assert world.accounts.api_keys.list(principal) == ()
    with pytest.raises(NoSuchThing):
        world.accounts.api_keys.revoke(principal, made.view.id)


def test_an_expired_key_opens_nothing(world: World) -> None:
    principal = world.somebody()
    key = make(world, principal, expires_at=world.clock.now + timedelta(hours=1))
    assert world.accounts.principal_of(key)
    world.clock.advance(hours=1)
    assert world.refused(key)
    assert len(world.accounts.api_keys.list(principal)) == 1


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2020, 1, 1, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-14))),
    ],
)
def test_an_impossible_expiry_is_refused(world: World, moment: datetime) -> None:
    with pytest.raises(InvalidField) as told:
        make(world, world.somebody(), expires_at=moment)
    assert told.value.errors[0]["field"] == "expiresAt"


@pytest.mark.parametrize(
    "key", ["omx_", "omx_" + "a" * 43, "omx_" + "\0" * 43, "omx_" + "a" * 10_000, "omx_\ud800"]
)
def test_what_is_no_key_of_ours_opens_nothing(world: World, key: str) -> None:
    assert world.accounts.principal_of(key) is None


def test_the_right_beginning_is_not_enough(world: World) -> None:
    key = make(world, world.somebody())
    assert world.accounts.principal_of(key[:12] + "A" * 35) is None


def test_only_the_digest_is_kept(world: World) -> None:
    key = make(world, world.somebody())
    with world.store.reading() as session:
        row = session.execute(text("select prefix, key_hash from api_keys")).one()
    assert tuple(row) == (key[:12], opaque.digest(key))


def test_use_is_noted_once_a_minute(world: World) -> None:
    principal = world.somebody()
    key = make(world, principal)

    def noted() -> datetime | None:
        world.accounts.principal_of(key)
        return world.accounts.api_keys.list(principal)[0].last_used_at

    first = noted()
    assert first == world.clock.now
    world.clock.advance(seconds=59)
    assert noted() == first
    world.clock.advance(seconds=1)
    assert noted() == world.clock.now


def test_nobody_sees_or_revokes_somebody_elses(world: World) -> None:
    mine, theirs = world.somebody(), world.somebody("noam@shop.example")
    made = world.accounts.api_keys.create(theirs, "ci", ["self"])
    assert world.accounts.api_keys.list(mine) == ()
    for key_id in (made.view.id, "unknown", "\0"):
        with pytest.raises(NoSuchThing) as told:
            world.accounts.api_keys.revoke(mine, key_id)
        assert made.view.id not in str(told.value)
    assert world.accounts.principal_of(made.key)


def test_a_key_makes_and_revokes_no_keys(world: World) -> None:
    principal = world.somebody()
    made = world.accounts.api_keys.create(principal, "ci", ["self"])
    program = world.accounts.principal_of(made.key)
    assert program is not None
    with pytest.raises(NotAllowed):
        make(world, program)
    with pytest.raises(NotAllowed):
        world.accounts.api_keys.revoke(program, made.view.id)


def test_fifty_keys_are_the_most(world: World) -> None:
    principal = world.somebody()
    for _ in range(50):
        made = world.accounts.api_keys.create(principal, "ci", ["self"])
    with pytest.raises(NotPossible):
        make(world, principal)
    world.accounts.api_keys.revoke(principal, made.view.id)
    make(world, principal)


def test_making_and_revoking_are_in_the_audit_log(world: World) -> None:
    principal = world.somebody()
    made = world.accounts.api_keys.create(principal, "ci", ["self"])
    world.accounts.api_keys.revoke(principal, made.view.id)
    rows = world.accounts.audit.list(actor=principal.user_id).data[:2]
    assert [(row.action, row.object) for row in rows] == [
        ("api_key.revoked", made.view.id),
        ("api_key.created", made.view.id),
    ]
    assert made.key not in str(rows)

"""People as administrators see them; somebody can always administer."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from app.accounts.world import OTHER_PASSWORD, PASSWORD, World, at_once, secret_in
from omnix.app.accounts import Page, Profile, users
from omnix.app.accounts.errors import (
    InvalidCredentials,
    InvalidField,
    InvalidLink,
    InvalidRefresh,
    NoSuchThing,
    NotPossible,
)


def emails(page: Page[Profile]) -> list[str]:
    return [each.email.partition("@")[0] for each in page.data]


@pytest.fixture
def crowd(world: World) -> World:
    for number, role in enumerate(["admin", "analyst", "analyst", "manager", "customer"]):
        invited = world.accounts.users.invite(f"p{number}@shop.example", f"Person {number}", role)
        assert invited.user.role == role
        if number % 2:  # several may come at the same moment
            world.clock.advance(seconds=1)
    return world


def test_pages_hold_everybody_once(crowd: World) -> None:
    found, cursor = [], None
    while True:
        page = crowd.accounts.users.list(limit=2, cursor=cursor)
        found += emails(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(found) == ["p0", "p1", "p2", "p3", "p4"]


def test_who_comes_between_two_pages_moves_nobody(crowd: World) -> None:
    first = crowd.accounts.users.list(limit=3)
    crowd.clock.advance(seconds=1)
    crowd.accounts.users.invite("new@shop.example", "New", "analyst")
    second = crowd.accounts.users.list(limit=3, cursor=first.next_cursor)
    assert emails(second)[-1] == "new"
    assert len({*emails(first), *emails(second)}) == 6


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("P3@", ["p3"]),
        ("person 4", ["p4"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
        ("\0\ud800", None),
    ],
)
def test_people_are_found_by_a_part_of_email_or_name(
    crowd: World, search: str, found: list[str] | None
) -> None:
    page = crowd.accounts.users.list(search=search)
    assert found is None or emails(page) == found


def test_people_are_found_by_role(crowd: World) -> None:
    assert sorted(emails(crowd.accounts.users.list(role="analyst"))) == ["p1", "p2"]
    with pytest.raises(InvalidField, match="analyst"):
        crowd.accounts.users.list(role="analist")


@pytest.mark.parametrize("cursor", ["x", "WzFd", "é", "\0", "W10", "a" * 10_000])
def test_a_cursor_that_is_none_of_ours_is_refused(crowd: World, cursor: str) -> None:
    with pytest.raises(InvalidField) as told:
        crowd.accounts.users.list(cursor=cursor)
    assert told.value.errors[0]["field"] == "cursor"


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_limit_out_of_range_is_refused(crowd: World, limit: int) -> None:
    with pytest.raises(InvalidField):
        crowd.accounts.users.list(limit=limit)


def test_one_person_is_found_by_id_or_email(world: World) -> None:
    person = world.person()
    assert world.accounts.users.get(person.id) == person
    assert world.accounts.users.find("DANA@shop.example") == person
    for unknown in ("unknown", "\0", "x" * 10_000):
        with pytest.raises(NoSuchThing):
            world.accounts.users.get(unknown)
    with pytest.raises(NoSuchThing):
        world.accounts.users.find("nobody@shop.example")


def test_who_is_invited_chooses_the_password(world: World) -> None:
    invited = world.accounts.users.invite("noam@shop.example", "Noam", "manager")
    assert invited.link in world.mails("noam@shop.example")[-1].text
    with pytest.raises(InvalidCredentials):
        world.sign_in("noam@shop.example")
    world.accounts.passwords.reset(secret_in(invited.link), PASSWORD)
    found = world.sign_in("noam@shop.example")
    assert (found.user.role, found.user.email_verified) == ("manager", True)


def test_an_invitation_ends_after_a_day_and_can_be_sent_again(world: World) -> None:
    older = world.accounts.users.invite("noam@shop.example", "Noam", "manager")
    world.clock.advance(hours=24)
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(secret_in(older.link), PASSWORD)
    newer = world.accounts.users.invite("noam@shop.example", "Noam B", "analyst")
    assert newer.user.id == older.user.id
    assert (newer.user.name, newer.user.role) == ("Noam B", "analyst")
    world.accounts.passwords.reset(secret_in(newer.link), PASSWORD)


def test_who_has_an_account_is_not_invited(world: World) -> None:
    world.person()
    with pytest.raises(NotPossible):
        world.accounts.users.invite("Dana@shop.example", "Dana", "admin")


def test_one_address_invited_often_at_once_is_one_account(world: World) -> None:
    done, _refused = at_once(
        8, lambda: world.accounts.users.invite("noam@shop.example", "Noam", "analyst")
    )
    assert len({each.user.id for each in done}) == 1
    assert len(world.accounts.users.list().data) == 1


@pytest.mark.parametrize(
    ("field", "given"),
    [("email", ("x", "N", "admin")), ("name", ("n@s.example", "", "admin")),
     ("role", ("n@s.example", "N", "owner"))],
)  # fmt: skip
def test_a_wrong_invitation_names_the_field(
    world: World, field: str, given: tuple[str, str, str]
) -> None:
    with pytest.raises(InvalidField) as told:
        world.accounts.users.invite(*given)
    assert told.value.errors[0]["field"] == field


@pytest.mark.parametrize(
    "change", [{"role": "customer"}, {"is_active": False}, {"customer_id": "C-1"}]
)
def test_a_change_ends_what_was_given_before_at_once(world: World, change: dict[str, str]) -> None:
    person = world.person()
    held = world.sign_in()
    assert world.principal(held)
    world.accounts.users.change(person.id, **change)  # type: ignore[arg-type]
    assert world.refused(held.access_token)
    with pytest.raises(InvalidRefresh):
        world.accounts.sessions.refresh(held.refresh_token)


def test_no_change_ends_nothing(world: World) -> None:
    person = world.person()
    held = world.sign_in()
    before = world.actions()
    world.accounts.users.change(person.id, role="analyst", is_active=True, customer_id="")
    assert world.principal(held)
    assert world.actions() == before


def test_a_customer_is_tied_to_a_record_and_untied(world: World) -> None:
    person = world.person(role="customer")
    world.accounts.users.change(person.id, customer_id="C-17")
    assert world.principal(world.sign_in()).customer_id == "C-17"
    assert world.accounts.users.change(person.id, customer_id="").customer_id is None


def test_who_is_enabled_again_signs_in_again(world: World) -> None:
    person = world.person()
    world.accounts.users.change(person.id, is_active=False)
    with pytest.raises(InvalidCredentials):
        world.sign_in()
    world.accounts.users.change(person.id, is_active=True)
    assert world.sign_in()


@pytest.mark.parametrize("change", [{"role": "analyst"}, {"is_active": False}])
def test_the_last_administrator_stays(world: World, change: dict[str, str]) -> None:
    admin = world.person("boss@shop.example", "admin")
    world.accounts.users.invite("later@shop.example", "Later", "admin")  # has no password yet
    with pytest.raises(NotPossible):
        world.accounts.users.change(admin.id, **change)  # type: ignore[arg-type]
    assert world.accounts.users.get(admin.id) == admin
    world.person("other@shop.example", "admin")
    world.accounts.users.change(admin.id, **change)  # type: ignore[arg-type]


def test_two_who_demote_each_other_at_once_leave_one(world: World) -> None:
    admins = [world.person(f"a{number}@shop.example", "admin").id for number in range(4)]
    todo = list(admins)
    done, refused = at_once(4, lambda: world.accounts.users.change(todo.pop(), role="analyst"))
    assert (len(done), [type(each) for each in refused]) == (3, [NotPossible])
    assert len(world.accounts.users.list(role="admin").data) == 1


def test_two_who_look_for_another_administrator_at_the_same_moment_leave_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    todo = [world.person(f"a{number}@shop.example", "admin").id for number in range(2)]
    both, real = Barrier(2), users.has_admin

    def slow(*given: Any) -> Any:
        with suppress(BrokenBarrierError):
            both.wait(0.5)
        return real(*given)

    monkeypatch.setattr(users, "has_admin", slow)
    done, refused = at_once(2, lambda: world.accounts.users.change(todo.pop(), role="analyst"))
    assert (len(done), [type(each) for each in refused]) == (1, [NotPossible])


def test_an_administrator_who_never_came_can_be_disabled(world: World) -> None:
    invited = world.accounts.users.invite("boss@shop.example", "Boss", "admin")
    assert not world.accounts.users.change(invited.user.id, is_active=False).is_active


def test_who_did_what_is_in_the_audit_log(world: World) -> None:
    boss = world.somebody("boss@shop.example", "admin")
    person = world.person()
    world.accounts.users.change(person.id, role="manager", by=boss)
    row = world.accounts.audit.list(action="user.changed").data[0]
    assert (row.actor_id, row.actor_email, row.object) == (boss.user_id, boss.email, person.id)
    assert row.detail == {"role": ["analyst", "manager"]}


def test_nobody_is_changed_by_an_unknown_id(world: World) -> None:
    for unknown in ("unknown", "\0", "x" * 10_000):
        with pytest.raises(NoSuchThing):
            world.accounts.users.change(unknown, role="admin")
    with pytest.raises(InvalidField):
        world.accounts.users.change(world.person().id, role="owner")


def test_an_invitation_ends_with_the_password_it_set(world: World) -> None:
    invited = world.accounts.users.invite("noam@shop.example", "Noam", "manager")
    world.accounts.passwords.reset(secret_in(invited.link), PASSWORD)
    with pytest.raises(InvalidLink):
        world.accounts.passwords.reset(secret_in(invited.link), OTHER_PASSWORD)

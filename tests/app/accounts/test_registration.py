"""Registering: only the mail knows whether the address was known before."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from app.accounts.world import AWAY, OTHER_PASSWORD, PASSWORD, World, at_once, secret_in
from omnix.app.accounts import registration
from omnix.app.accounts.errors import (
    InvalidCredentials,
    InvalidField,
    InvalidLink,
    NotAllowed,
    TooManyAttempts,
)
from omnix.auth.errors import PasswordError
from omnix.core.settings import Settings

NEW = "noam@shop.example"


def register(world: World, email: str = NEW, password: str = PASSWORD, **more: str) -> None:
    world.accounts.registration.register(email, password, more.pop("name", "Noam Bar"), **more)


def count(world: World, table: str) -> int:
    from sqlalchemy import text

    world.accounts.settle()
    with world.store.reading() as session:
        return int(session.execute(text(f"select count(*) from {table}")).scalar() or 0)


def test_an_account_begins_when_its_link_is_opened(world: World) -> None:
    register(world, " Noam@Shop.Example ", language="he")
    assert count(world, "users") == 0
    with pytest.raises(InvalidCredentials):
        world.sign_in(NEW)
    found = world.accounts.registration.verify_email(world.secret(NEW))
    assert (found.email, found.name, found.role) == (NEW, "Noam Bar", "customer")
    assert (found.email_verified, found.language, found.is_active) == (True, "he", True)
    assert world.principal(world.sign_in(NEW)).user_id == found.id
    assert count(world, "registrations") == 0


def test_who_registers_may_see_only_themselves(world: World) -> None:
    register(world)
    world.accounts.registration.verify_email(world.secret(NEW))
    assert world.principal(world.sign_in(NEW)).permissions == {"self", "customers:own"}


def test_a_known_address_gets_another_mail_and_keeps_its_password(world: World) -> None:
    world.person(NEW)
    register(world, password=OTHER_PASSWORD)
    letter = world.mails(NEW)[-1]
    assert "have an account already" in letter.subject
    assert "#token=" not in letter.text
    assert count(world, "registrations") == 0
    assert world.sign_in(NEW, PASSWORD)


def test_the_answer_waits_for_nothing_that_depends_on_the_account(world: World) -> None:
    """Both ways the same statements run before the answer; the rest is done behind it."""
    from sqlalchemy import event

    world.person(NEW)
    process = world.process()
    process.parts.post.later = lambda *_: None  # type: ignore[method-assign]
    work: list[str] = []
    event.listen(
        process.parts.store.engine,
        "before_cursor_execute",
        lambda _c, _x, statement, *_: work.append(statement),
    )
    for ask in (
        lambda email: process.registration.register(email, PASSWORD, "Noam"),
        process.registration.resend,
        process.passwords.forgot,
    ):
        work.clear()
        ask(NEW)
        known = list(work)
        work.clear()
        ask("nobody@shop.example")
        assert work == known
        assert not any("users" in statement for statement in known)


def test_each_link_makes_the_account_that_was_asked_for_with_it(world: World) -> None:
    """Somebody else who registers the same address cannot plant their password."""
    register(world, password=PASSWORD)
    mine = world.secret(NEW)
    register(world, password=OTHER_PASSWORD)
    theirs = world.secret(NEW)
    world.accounts.registration.verify_email(mine)
    assert world.sign_in(NEW, PASSWORD)
    with pytest.raises(InvalidLink):
        world.accounts.registration.verify_email(theirs)


def test_a_link_works_once_of_many_at_once(world: World) -> None:
    register(world)
    link = world.secret(NEW)
    done, refused = at_once(20, lambda: world.accounts.registration.verify_email(link))
    assert len(done) == 1
    assert {type(each) for each in refused} == {InvalidLink}


def test_links_of_one_address_at_once_make_one_account(world: World) -> None:
    links = []
    for _ in range(9):
        register(world)
        links.append(world.secret(NEW))
        world.clock.advance(minutes=21)
    done, refused = at_once(9, lambda: world.accounts.registration.verify_email(links.pop()))
    assert (len(done), {type(each) for each in refused}) == (1, {InvalidLink})
    assert count(world, "users") == 1


def test_links_of_one_address_do_not_wait_for_each_other_in_a_circle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both stand between deleting their own row and that of the other, if they get there."""
    links = []
    for _ in range(2):
        register(world)
        links.append(world.secret(NEW))
    both, real = Barrier(2), registration.by_email

    def slow(*given: Any) -> Any:
        with suppress(BrokenBarrierError):
            both.wait(0.5)
        return real(*given)

    monkeypatch.setattr(registration, "by_email", slow)
    done, refused = at_once(2, lambda: world.accounts.registration.verify_email(links.pop()))
    assert (len(done), [type(each) for each in refused]) == (1, [InvalidLink])


def test_a_link_ends_after_a_day(world: World) -> None:
    register(world)
    link = world.secret(NEW)
    world.clock.advance(hours=24)
    with pytest.raises(InvalidLink):
        world.accounts.registration.verify_email(link)
    world.accounts.purge()
    assert count(world, "registrations") == 0


def test_a_mail_can_be_sent_again_and_the_older_link_ends(world: World) -> None:
    register(world)
    older = world.secret(NEW)
    world.accounts.registration.resend(NEW)
    newer = world.secret(NEW)
    assert newer != older
    with pytest.raises(InvalidLink):
        world.accounts.registration.verify_email(older)
    assert world.accounts.registration.verify_email(newer)


def test_nothing_is_sent_again_to_who_did_not_register(world: World) -> None:
    world.person()
    before = len(world.mails())
    for email in ["dana@shop.example", "nobody@shop.example", "no address", "\ud800"]:
        world.accounts.registration.resend(email)
    assert len(world.mails()) == before


def test_a_mailbox_is_not_flooded(world: World) -> None:
    for _ in range(6):
        register(world)
    assert len(world.mails(NEW)) == 3


def test_registering_too_often_from_one_address_is_refused(world: World) -> None:
    ask = world.accounts.registration.register
    for number in range(20):
        ask(f"p{number}@shop.example", PASSWORD, "P", origin=AWAY)
    with pytest.raises(TooManyAttempts):
        ask("another@shop.example", PASSWORD, "P", origin=AWAY)
    register(world)


def test_registration_can_be_closed(world: World) -> None:
    closed = World(world.store, Settings.load(world.store.home, service={"registration": "closed"}))
    with pytest.raises(NotAllowed):
        register(closed)
    closed.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "no address"),
        ("email", "two@at@shop.example"),
        ("email", "line\nbreak@shop.example"),
        ("email", "nul\0@shop.example"),
        ("email", "\ud800@shop.example"),
        ("email", "x" * 300 + "@shop.example"),
        ("name", ""),
        ("name", " \t "),
        ("name", "x" * 101),
        ("name", "nul\0"),
        ("name", "\ud800"),
        ("name", "bell\x07"),
        ("language", "fr"),
        ("language", "\0"),
    ],
)
def test_a_wrong_value_names_its_field(world: World, field: str, value: str) -> None:
    given = {"email": NEW, "name": "Noam", "language": "en", field: value}
    with pytest.raises(InvalidField) as told:
        register(world, given["email"], PASSWORD, name=given["name"], language=given["language"])
    assert told.value.errors[0]["field"] == field


@pytest.mark.parametrize("password", ["short", "password123", NEW, "noam.bar.1"])
def test_a_weak_password_is_refused(world: World, password: str) -> None:
    with pytest.raises(PasswordError) as told:
        register(world, password=password)
    assert told.value.errors[0]["field"] == "password"
    assert world.mails() == []


@pytest.mark.parametrize("email", ["me@localhost", "admin@shop.local", "דנה@shop.example"])
def test_addresses_of_small_networks_and_all_scripts_are_taken(world: World, email: str) -> None:
    register(world, email)
    assert world.accounts.registration.verify_email(world.secret(email)).email == email


def test_the_name_is_kept_as_it_is_meant(world: World) -> None:
    register(world, name="  Zoë   d'Arc-Levi 李 🦊 ")
    found = world.accounts.registration.verify_email(world.secret(NEW))
    assert found.name == "Zoë d'Arc-Levi 李 🦊"


def test_the_audit_log_holds_no_address(world: World) -> None:
    register(world)
    world.accounts.registration.verify_email(world.secret(NEW))
    rows = list(world.accounts.audit.export())
    assert [row.action for row in rows] == ["account.asked_for", "account.created"]
    assert all(NEW not in str((row.object, row.detail, row.address)) for row in rows)


def test_an_invited_address_that_registers_keeps_its_invitation(world: World) -> None:
    invited = world.accounts.users.invite(NEW, "Noam", "manager")
    register(world)
    assert "have an account already" in world.mails(NEW)[-1].subject
    world.accounts.passwords.reset(secret_in(invited.link), PASSWORD)
    assert world.principal(world.sign_in(NEW)).role == "manager"

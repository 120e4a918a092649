"""The own account; a new e-mail counts once it is proved."""

from __future__ import annotations

import pytest

from app.accounts.world import PASSWORD, World, at_once, secret_in
from omnix.app.accounts import registration
from omnix.app.accounts.errors import (
    InvalidCredentials,
    InvalidField,
    InvalidLink,
    NoSuchThing,
    NotAllowed,
)

NEW = "levi@shop.example"


def test_a_profile_says_who_one_is(world: World) -> None:
    principal = world.somebody()
    found = world.accounts.profile.get(principal)
    assert (found.email, found.role, found.theme) == ("dana@shop.example", "analyst", "auto")
    assert "sql:run" in found.permissions
    assert (found.is_active, found.email_verified, found.two_factor_enabled) == (True, True, False)


def test_what_is_given_changes_and_the_rest_stays(world: World) -> None:
    principal = world.somebody()
    world.clock.advance(minutes=1)
    found = world.accounts.profile.update(principal, name="Dana L", theme="dark")
    assert (found.name, found.theme, found.language) == ("Dana L", "dark", "en")
    assert world.accounts.profile.update(principal, language="he").name == "Dana L"
    assert world.accounts.profile.get(principal).language == "he"
    row = world.accounts.audit.list(action="account.changed").data[-1]
    assert row.detail == {"fields": ["name", "theme"]}


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("language", "fr"), ("theme", "pink"), ("email", "no")]
)
def test_a_wrong_value_changes_nothing(world: World, field: str, value: str) -> None:
    principal = world.somebody()
    before = world.accounts.profile.get(principal)
    given = {"name": "Other", "theme": "dark", field: value}
    with pytest.raises(InvalidField) as told:
        world.accounts.profile.update(principal, **given, current_password=PASSWORD)
    assert told.value.errors[0]["field"] == field
    assert world.accounts.profile.get(principal) == before


def test_a_new_email_needs_the_current_password(world: World) -> None:
    principal = world.somebody()
    for password in (None, "", "wrong"):
        with pytest.raises(InvalidField) as told:
            world.accounts.profile.update(principal, email=NEW, current_password=password)
        assert told.value.errors[0]["field"] == "currentPassword"
    assert world.mails(NEW) == []


def test_a_new_email_counts_once_its_link_is_opened(world: World) -> None:
    principal = world.somebody()
    world.accounts.profile.update(principal, email=NEW.upper(), current_password=PASSWORD)
    assert world.accounts.profile.get(principal).email == "dana@shop.example"
    assert world.sign_in("dana@shop.example")
    link = world.secret(NEW)
    assert world.accounts.registration.verify_email(link).email == NEW
    assert world.sign_in(NEW)
    with pytest.raises(InvalidCredentials):
        world.sign_in("dana@shop.example")
    with pytest.raises(InvalidLink):
        world.accounts.registration.verify_email(link)
    assert "was changed" in world.mails("dana@shop.example")[-1].subject


def test_the_session_goes_on_under_the_new_email(world: World) -> None:
    world.person()
    held = world.sign_in()
    world.accounts.profile.update(world.principal(held), email=NEW, current_password=PASSWORD)
    world.accounts.registration.verify_email(world.secret(NEW))
    assert world.principal(held).email == NEW


def test_the_own_email_is_no_change(world: World) -> None:
    principal = world.somebody()
    before = len(world.mails())
    world.accounts.profile.update(principal, email="Dana@shop.example")
    assert len(world.mails()) == before


def test_an_address_of_somebody_else_is_told_to_them_only(world: World) -> None:
    world.person(NEW)
    principal = world.somebody()
    found = world.accounts.profile.update(principal, email=NEW, current_password=PASSWORD)
    assert found.email == "dana@shop.example"
    letter = world.mails(NEW)[-1]
    assert "have an account already" in letter.subject
    assert "#token=" not in letter.text


def test_an_address_that_was_taken_meanwhile_is_not_taken_twice(world: World) -> None:
    principal = world.somebody()
    world.accounts.profile.update(principal, email=NEW, current_password=PASSWORD)
    link = world.secret(NEW)
    world.person(NEW)
    with pytest.raises(InvalidLink):
        world.accounts.registration.verify_email(link)


def test_an_address_that_is_taken_at_this_moment_is_not_taken_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody had it when it was looked up; the store refuses the second."""
    principal = world.somebody()
    world.accounts.profile.update(principal, email=NEW, current_password=PASSWORD)
    link = world.secret(NEW)
    world.person(NEW)
    monkeypatch.setattr(registration, "by_email", lambda *_: None)
    with pytest.raises(InvalidLink):
        world.accounts.registration.verify_email(link)


def test_two_who_prove_one_address_at_once_do_not_both_get_it(world: World) -> None:
    links = []
    for name in ("one", "two"):
        principal = world.somebody(f"{name}@shop.example")
        world.accounts.profile.update(principal, email=NEW, current_password=PASSWORD)
        links.append(world.secret(NEW))
    done, refused = at_once(2, lambda: world.accounts.registration.verify_email(links.pop()))
    assert (len(done), [type(each) for each in refused]) == (1, [InvalidLink])


def test_a_link_for_a_new_email_ends_with_the_password(world: World) -> None:
    principal = world.somebody()
    world.accounts.profile.update(principal, email=NEW, current_password=PASSWORD)
    link = world.secret(NEW)
    world.accounts.passwords.forgot("dana@shop.example")
    world.accounts.passwords.reset(secret_in(world.mails("dana@shop.example")[-1].text), PASSWORD)
    with pytest.raises(InvalidLink):
        world.accounts.registration.verify_email(link)


def test_a_key_reads_the_profile_and_changes_nothing(world: World) -> None:
    principal = world.somebody()
    key = world.accounts.api_keys.create(principal, "ci", ["self"]).key
    program = world.accounts.principal_of(key)
    assert program is not None
    assert world.accounts.profile.get(program).email == "dana@shop.example"
    with pytest.raises(NotAllowed):
        world.accounts.profile.update(program, name="Other")


def test_who_has_gone_has_no_profile(world: World) -> None:
    from dataclasses import replace

    with pytest.raises(NoSuchThing):
        world.accounts.profile.get(replace(world.somebody(), user_id="gone"))

"""`omnix user`: accounts from the machine itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from house import PASSWORD, secret_in
from omnix.app.accounts.errors import NoSuchThing, NotPossible
from omnix.app.service import Service
from omnix.auth.errors import PasswordError
from omnix.cli.main import app
from shop import new_home

EMAIL = "noa@shop.example"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return new_home(tmp_path / "home")


def omnix(home: Path, *given: str, typed: str = "") -> str:
    """What a command prints; its errors come out as they are."""
    result = CliRunner().invoke(app, ["--home", str(home), "user", *given], input=typed)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def signs_in(home: Path, password: str = PASSWORD) -> bool:
    from omnix.app.accounts.errors import InvalidCredentials

    service = Service.open(home)
    try:
        service.accounts.sign_in.login(EMAIL, password)
    except InvalidCredentials:
        return False
    finally:
        service.accounts.close()
        service.close()
    return True


def test_a_link_leads_to_a_password(home: Path) -> None:
    told = omnix(home, "add", EMAIL, "--name", "Noa Cohen", "--role", "manager")
    assert f"{EMAIL} is manager" in told
    service = Service.open(home)
    service.accounts.passwords.reset(secret_in(told), PASSWORD)
    service.accounts.close()
    service.close()
    assert signs_in(home)


def test_a_password_is_asked_for_and_never_an_argument(home: Path) -> None:
    told = omnix(home, "add", EMAIL, "--prompt", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert PASSWORD not in told
    assert "#token=" not in told
    assert signs_in(home)


def test_a_weak_password_is_refused(home: Path) -> None:
    with pytest.raises(PasswordError):
        omnix(home, "add", EMAIL, "--prompt", typed="password1\npassword1\n")


def test_role_disable_enable_and_list(home: Path) -> None:
    omnix(home, "add", EMAIL, "--prompt", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert f"{EMAIL} is customer." in omnix(home, "role", EMAIL.upper(), "customer")
    omnix(home, "disable", EMAIL)
    assert not signs_in(home)
    [row] = json.loads(omnix(home, "list", "--json"))
    assert (row["email"], row["role"], row["active"]) == (EMAIL, "customer", False)
    omnix(home, "enable", EMAIL)
    assert signs_in(home)
    assert EMAIL in omnix(home, "list", "--search", "noa")
    assert EMAIL not in omnix(home, "list", "--search", "nobody")


def test_who_is_not_there_is_told(home: Path) -> None:
    with pytest.raises(NoSuchThing):
        omnix(home, "role", "nobody@shop.example", "admin")


def test_the_set_up_link_works_until_there_is_an_administrator(home: Path) -> None:
    old, new = (secret_in(omnix(home, "setup-link")) for _ in range(2))
    assert old != new
    service = Service.open(home)
    service.accounts.setup.complete(new, EMAIL, PASSWORD, "Noa")
    service.accounts.close()
    service.close()
    with pytest.raises(NotPossible):
        omnix(home, "setup-link")


def test_the_last_administrator_is_not_shut_out(home: Path) -> None:
    omnix(home, "add", EMAIL, "--role", "admin", "--prompt", typed=f"{PASSWORD}\n{PASSWORD}\n")
    with pytest.raises(NotPossible):
        omnix(home, "disable", EMAIL)


def test_keys_rotate_and_old_tokens_stay_good(home: Path) -> None:
    omnix(home, "add", EMAIL, "--prompt", typed=f"{PASSWORD}\n{PASSWORD}\n")
    service = Service.open(home)
    found = service.accounts.sign_in.login(EMAIL, PASSWORD)
    assert "signs from now on; 2 verify" in omnix(home, "rotate-keys")
    assert service.accounts.principal_of(found.access_token)  # type: ignore[union-attr]
    service.accounts.close()
    service.close()

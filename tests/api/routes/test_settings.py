"""Settings by the API: what is shown, what may be changed, by whom, and that secrets stay in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from omnix.app.configuration import CHANGEABLE
from omnix.core.settings import Settings, save
from serving import Served, serve
from shop import new_home

SECRET = "hunter2-canary"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home without data, whose settings hold secrets."""
    home = new_home(tmp_path_factory.mktemp("settings") / "home")
    save(home, {"mail": {"url": f"smtp://bot:{SECRET}@127.0.0.1:1"}, "sql": {"rows": 500}})
    with serve(home) as running:
        yield running


def settings(shop: Served) -> dict[str, dict[str, Any]]:
    answer = shop.get("/settings", "manager")
    assert answer.status_code == 200
    return {each["name"]: each for each in answer.json()["data"]}


def patch(shop: Served, **changes: Any) -> Any:
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return shop.ask("PATCH", "/settings", "admin", json=named)


def test_every_setting_is_told_with_its_meaning_and_no_secret_or_path(shop: Served):
    found = settings(shop)
    assert found.keys() >= {"currency", "lake", "mail.url", "sql.rows", "source.password"}
    assert all(each["about"] and each["type"] for each in found.values())
    assert found["mail.url"] | {"value": None, "is_set": True, "secret": True} == found["mail.url"]
    assert found["sql.rows"]["value"] == 500
    assert found["sql.rows"]["origin"] == "file"
    assert found["currency"]["value"] == "EUR"
    assert found["currency"]["origin"] == "default"
    assert found["currency"]["pattern"] == "^[A-Z]{3}$"
    assert found["quality_line"]["maximum"] == 1
    assert found["service.registration"]["choices"] == ["open", "closed"]
    assert {name for name, each in found.items() if each["changeable"]} == set(CHANGEABLE)
    text = shop.get("/settings", "admin").text
    assert SECRET not in text
    assert str(shop.service.settings.home) not in text


def test_a_change_is_written_told_and_logged(shop: Served):
    answer = patch(shop, currency="SEK", quality_line=0.5, quality_blocks=False, sql__seconds=5)
    assert answer.status_code == 200, answer.text
    found = {each["name"]: each for each in answer.json()["data"]}
    assert found["currency"] | {"value": "SEK", "origin": "file"} == found["currency"]
    assert found["sql.seconds"]["pending"]
    assert found["sql.seconds"]["applies"] == "restart"
    assert not found["currency"]["pending"]
    now = Settings.load(shop.service.settings.home)
    assert (now.currency, now.quality_line, now.quality_blocks) == ("SEK", 0.5, False)
    assert (now.sql.seconds, now.sql.rows) == (5, 500)
    assert SECRET in now.mail.url.get_secret_value()
    (entry, *_) = shop.accounts.audit.list(action="settings.changed").data
    assert entry.object == "currency, quality_blocks, quality_line, sql.seconds"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"currency": "euro"}, "currency"),
        ({"currency": 5}, "currency"),
        ({"quality_line": 1.5}, "quality_line"),
        ({"quality_line": True}, "quality_line"),
        ({"quality_blocks": "yes"}, "quality_blocks"),
        ({"threads": 0}, "threads"),
        ({"threads": 100_000}, "256"),
        ({"workers": 2.5}, "workers"),
        ({"memory_limit": "lots"}, "memory_limit"),
        ({"timezone": "Mars/Base"}, "time zone"),
        ({"keep_versions": -1}, "keep_versions"),
        ({"sql__rows": 10**9}, "1,000,000"),
        ({"service__registration": "perhaps"}, "registration"),
        ({"curency": "EUR"}, "Did you mean 'currency'"),
        ({"lake": "s3://elsewhere/lake"}, "not changed from here"),
        ({"key_file": "/tmp/key"}, "not changed from here"),
        ({"store__url": "postgresql://x"}, "not changed from here"),
        ({"mail__url": "smtp://evil"}, "not changed from here"),
        ({"service__host": "0.0.0.0"}, "not changed from here"),
        ({"source__location": "/etc"}, "not changed from here"),
        ({"home": "/"}, "not changed from here"),
        ({"currency": "EUR", "threads": 0}, "threads"),
        ({"currency": None}, "currency"),
        ({"currency": ["EUR"]}, "currency"),
        ({"currency": {"a": 1}}, "currency"),
        ({"sql": {"rows": 1}}, "sql"),
        ({"x" * 200: 1}, ""),
    ],
)
def test_what_may_not_be_is_refused_by_name_and_nothing_is_written(
    shop: Served, changes: dict[str, Any], said: str
):
    before = shop.service.settings.file.read_bytes()
    answer = patch(shop, **changes)
    assert answer.status_code == 422, answer.text
    told = answer.json()
    assert said in told["detail"] + told.get("step", "") + str(told.get("errors", ""))
    assert shop.service.settings.file.read_bytes() == before
    assert SECRET not in answer.text


def test_what_the_environment_says_wins_and_is_told(shop: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMNIX_WORKERS", "7")
    found = settings(shop)["workers"]
    assert (found["value"], found["origin"], found["overridden_by"]) == (7, "environment", "OMNIX_WORKERS")  # fmt: skip
    changed = {each["name"]: each for each in patch(shop, workers=3).json()["data"]}["workers"]
    assert (changed["value"], changed["overridden_by"]) == (7, "OMNIX_WORKERS")
    monkeypatch.delenv("OMNIX_WORKERS")
    assert settings(shop)["workers"]["value"] == 3


@pytest.mark.parametrize(
    ("method", "role", "status"),
    [
        ("GET", None, 401), ("GET", "customer", 403), ("GET", "analyst", 403),
        ("GET", "manager", 200), ("PATCH", "manager", 403), ("PATCH", "admin", 200),
    ],
)  # fmt: skip
def test_who_may(shop: Served, method: str, role: str | None, status: int):
    given = {} if method == "PATCH" else None
    assert shop.ask(method, "/settings", role, json=given).status_code == status

"""Schemathesis against the running service: every address, every role, every check.

Each role is asked with its own token; what would end that session or begin work of minutes is left
out here and has tests of its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.forecasting import hand
from serving import ROLES, Served, serve
from shop import copy_home

CONFIG = Path(__file__).with_name("schemathesis.toml")
#: Whole addresses that end the session that asks (tests/api/accounts) …
_ENDS = (
    r"/auth/(logout|logout-all|change-password)",
    r"/user/two-factor(/.*)?",
    r"/user/sessions/\{.*\}",
    r"/admin/users/\{.*\}",  # whoever gets another role or number is signed out: oneself too
)
#: What is computed in a process of its own, for as long as it takes.
_COMPUTED = r"/market-intelligence/(forecast|compare-models|what-if)"
#: … and those that begin a run of the pipeline or follow one to its end (tests/api/routes).
_LASTS = (r"/runs", r"/runs/\{.*\}/events", r"/quarantine/\{.*\}/replay", _COMPUTED)
_LEFT_OUT = rf"^/api/v1({'|'.join((*_ENDS, *_LASTS))})$"


@pytest.fixture(scope="module")
def open_house(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service of its own: administrators change settings and register systems here."""
    home = copy_home(built, tmp_path_factory.mktemp("schemathesis") / "home")
    with serve(home) as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_it_finds_nothing(open_house: Served, role: str, tmp_path: Path) -> None:
    token = open_house.token(role)
    # What is sent is refused by the same code for every role: one of them tries all of it.
    mode, examples = ("all", 8) if role == "admin" else ("positive", 4)
    found = _run(open_house.url, token, tmp_path, "--mode", mode, "--max-examples", str(examples))
    assert found.returncode == 0, found.stdout[-8_000:] + found.stderr[-2_000:]
    still = open_house.get("/user/profile", role)
    assert still.status_code == 200, "the session ended meanwhile, so that nothing was tried"


@pytest.mark.slow
def test_it_finds_nothing_in_what_ends_a_session(open_house: Served, tmp_path: Path) -> None:
    """With an API key, which no session's end takes away, on the address that ends others'."""
    made = open_house.ask(
        "POST", "/user/api-keys", "admin", json={"name": "st", "scopes": ["users:manage"]}
    )
    where = r"^/api/v1/admin/users/\{.*\}$"
    key = made.json()["key"]
    found = _run(open_house.url, key, tmp_path, "--max-examples", "20", only=where)
    assert found.returncode == 0, found.stdout[-8_000:] + found.stderr[-2_000:]


@pytest.mark.slow
def test_it_finds_nothing_in_what_is_computed(tmp_path: Path) -> None:
    """In a home without tables, where there is nothing to compute with and every answer is empty."""
    home = tmp_path / "home"
    hand.service(home).close()
    with serve(home) as running:
        where = rf"^/api/v1{_COMPUTED}$"
        found = _run(
            running.url, running.token("analyst"), tmp_path, "--max-examples", "20", only=where
        )
    assert found.returncode == 0, found.stdout[-8_000:] + found.stderr[-2_000:]


def _run(
    url: str, token: str, folder: Path, *options: str, only: str = ""
) -> subprocess.CompletedProcess[str]:
    chosen = ("--include-path-regex", only) if only else ("--exclude-path-regex", _LEFT_OUT)
    command = [
        str(Path(sys.executable).with_name("st")), "--config-file", str(CONFIG),
        "run", f"{url}/api/v1/openapi.json", "--url", url,
        "--header", f"Authorization: Bearer {token}",
        "--phases", "examples,coverage,fuzzing", *chosen, *options,
    ]  # fmt: skip
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=900
    )

"""`omnix doctor` on the audit log: it reads, and makes nothing that is not there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.command import omnix
from shop import new_home

STORE = Path("store") / "omnix.sqlite"
KEY = Path("keys") / "store.key"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which somebody was given an account."""
    made = new_home(tmp_path / "home")
    for role in ("manager", "analyst"):
        assert omnix(made, "user", "add", f"{role}@shop.example", "--role", role).code == 0
    return made


def audit(home: Path) -> dict[str, str]:
    (told,) = [each for each in omnix(home, "doctor", "--json").json if each["what"] == "audit log"]
    return told


def test_a_log_as_it_was_written_is_in_order(home: Path) -> None:
    assert audit(home)["found"].endswith("rows, as they were written")
    assert audit(home)["fix"] == ""
    assert "✓ audit log:" in omnix(home, "doctor").words


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ("update audit set actor_id = 'somebody else' where id = 1", 1),
        ("delete from audit where id = (select max(id) from audit)", 2),
    ],
)
def test_a_log_that_was_changed_is_told_by_its_row(home: Path, change: str, row: int) -> None:
    with closing(sqlite3.connect(home / STORE)) as con:
        names = con.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (name,) in names:
            con.execute(f'drop trigger "{name}"')
        assert con.execute("select count(*) from audit").fetchone() == (2,)
        con.execute(change)
        con.commit()
    assert audit(home)["found"] == f"row {row} was changed, left out or cut off"
    assert "backup" in audit(home)["fix"]
    assert omnix(home, "doctor").code == 1


def test_a_lost_key_is_told_and_no_other_is_made(home: Path) -> None:
    (home / KEY).unlink()
    assert "store.key is not there" in audit(home)["found"]
    assert audit(home)["fix"] == "Restore it from your backup."
    assert not (home / KEY).exists()


def test_a_home_without_accounts_gets_no_store(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    assert audit(home) == {"what": "audit log", "found": "nobody has an account yet", "fix": ""}
    assert not (home / STORE).exists()
    assert not (home / KEY).exists()


def test_a_store_that_is_none_is_told(home: Path) -> None:
    for path in home.joinpath("store").glob("omnix.sqlite*"):
        path.unlink()
    (home / STORE).touch()
    assert audit(home)["fix"]
    (home / STORE).write_bytes(b"no database, but long enough to be read as one" * 100)
    assert "cannot be used" in audit(home)["found"]

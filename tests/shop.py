"""The small sample shop, built once per test session.

Every test may ask for two fixtures: `built` is the home folder that nobody may change, `copied`
one's own copy of it. `from shop import run, query, …` for what can be done with a home.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from omnix.app.app import App, Report, sample_folder
from omnix.app.read import rows_of
from omnix.core.settings import save
from omnix.pipeline.graph import all_tables
from omnix.sources.sample import make_sample_shop

#: Settings that every test has, and no other from the environment.
QUICK = {"OMNIX_FORECASTING_BUDGET_SECONDS": "0"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the small sample shop and every table built. Not to be changed."""
    home = tmp_path_factory.mktemp("shop") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("OMNIX_") and n not in QUICK]:
            patch.delenv(name)
        make_sample_shop(sample_folder(new_home(home)).parent, size="small")
        failed = run(home).failures
        assert failed == [], failed
    return home


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    """A home folder like `built`, with a sample shop of its own, to do with as one likes."""
    return copy_home(built, tmp_path / "home")


def new_home(home: Path) -> Path:
    """Set up a home folder for a sample shop, as `omnix init --sample small` does, without one."""
    home.mkdir(parents=True)
    save(home, {"source": {"kind": "sample", "location": "small", "preset": ""}})
    return home


def copy_home(home: Path, to: Path) -> Path:
    """Copy a home folder with its sample shop."""
    shutil.copytree(home, to)
    shutil.copytree(sample_folder(home).parent, sample_folder(to).parent)
    return to


def run(home: Path, *names: str, **options: Any) -> Report:
    """What `omnix run` does: bring the named tables, or all, up to date."""
    app = App.open(home)
    with app.locked("run", wait_seconds=0):
        return app.run(names, **options)


def query(home: Path, sql: str, *names: str) -> list[dict[str, Any]]:
    """What `sql` selects from the named tables of a home's lake."""
    return rows_of(App.open(home), sql, *(all_tables()[name].path for name in names))

"""The worked example of CONTRIBUTING, performed as it stands there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.pages import ROOT, Block, blocks

EXAMPLE = [each for each in blocks("python") if each.page.name == "CONTRIBUTING.md"]

#: Runs pytest with the module of the example inside the package that it names.
PERFORM = """
import sys
from pathlib import Path

import omnix.systems.market_intelligence as system
import pytest

system.__path__.append(sys.argv[1])

from omnix.core.sql import check_sql, to_spark
from omnix.pipeline.graph import all_tables, contracts, system_of

name = Path(sys.argv[2]).stem.removeprefix("test_")
table = all_tables()[name]
assert system_of(table) == "market_intelligence"
assert set(check_sql(table, contracts()).lineage) == set(table.columns)
assert to_spark(table)
sys.exit(pytest.main(["-p", "no:cacheprovider", "--rootdir", sys.argv[3], "-c", sys.argv[3] + "/pyproject.toml", sys.argv[2]]))
"""


def path_of(block: Block) -> Path:
    return Path(block.info.removeprefix("file="))


def perform(folder: Path, module: str, test: str) -> subprocess.CompletedProcess[str]:
    """Lay the two files into `folder` and prove table and test in a fresh interpreter."""
    files = [folder / path_of(block) for block in EXAMPLE]
    for file, text in zip(files, [module, test], strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return subprocess.run(
        [sys.executable, "-c", PERFORM, str(files[0].parent), str(files[1]), str(ROOT)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
    )  # fmt: skip


def test_it_is_two_files_that_mirror_each_other() -> None:
    module, test = (path_of(block) for block in EXAMPLE)
    assert module.is_relative_to("src/omnix/systems")
    assert test.parent == Path("tests") / module.parent.relative_to("src/omnix")
    assert test.name == f"test_{module.name}"
    assert not (ROOT / module).exists(), "the example must stay one"


def test_a_table_is_added_by_these_two_files(tmp_path: Path) -> None:
    done = perform(tmp_path, EXAMPLE[0].text, EXAMPLE[1].text)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("status <> 'cancelled'", "true", "1 failed"),
        ("ordered_at < $as_of", "orderd_at < $as_of", "Did you mean 'ordered_at'?"),
    ],
)
def test_a_wrong_table_is_found_out(tmp_path: Path, right: str, wrong: str, words: str) -> None:
    assert right in EXAMPLE[0].text
    done = perform(tmp_path, EXAMPLE[0].text.replace(right, wrong), EXAMPLE[1].text)
    assert done.returncode != 0
    assert words in done.stdout + done.stderr


def test_the_example_keeps_the_house_style(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "src" / "omnix").mkdir(parents=True)
    (tmp_path / "tests" / "systems").mkdir(parents=True)
    for name in ("src/omnix/__init__.py", "tests/systems/building.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    for block in EXAMPLE:
        (tmp_path / path_of(block)).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path_of(block)).write_text(block.text, "utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [ruff, *command, "--no-cache", *(tmp_path / path_of(block) for block in EXAMPLE)],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout

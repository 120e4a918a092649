"""The documentation tells the truth: nothing is missing in it, and nothing in it is invented."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from docs.pages import DECISIONS, DOCS, PAGES, ROOT, Block, anchors, blocks, generator, prose, read
from omnix.app.app import App
from omnix.core import errors
from omnix.core._settings_words import describe
from omnix.core.errors import OmnixError
from omnix.core.settings import Settings
from omnix.pipeline.graph import all_tables
from omnix.sources.preset import load_preset, shipped_presets

GENERATE = generator()
COMMANDS: dict[str, Any] = dict(GENERATE.walk_commands())


def section(page: Path, heading: str) -> str:
    """The text under a heading, up to the next of its level."""
    level = heading.split(maxsplit=1)[0]
    found = re.search(
        rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{len(level)}}} |\Z)", read(page), re.M | re.S
    )
    assert found, f"{page.name} has no heading {heading!r}"
    return found[1]


def test_generated_parts_are_up_to_date() -> None:
    pages = GENERATE.pages()
    names = {page.name for page in pages}
    assert names == {
        "api.md",
        "commands.md",
        "errors.md",
        "openapi.json",
        "settings.md",
        "tables.md",
    }
    stale = [page.name for page, wanted in pages.items() if wanted != read(page)]
    assert not stale, "run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    text = section(DOCS / "commands.md", f"### `omnix {name}`")
    for each in COMMANDS[name].params:
        if each.name != "help":
            assert each.help, f"`omnix {name}`: {each.name} has no help"
            word = each.opts[-1] if each.param_type_name == "option" else each.name.upper()
            assert f"`{word}`" in text


def test_options_before_the_command_are_documented() -> None:
    text = read(DOCS / "commands.md")
    assert all(word in text for word in ("--home", "OMNIX_HOME", "--version"))


@pytest.mark.parametrize("setting", describe(Settings), ids=lambda each: each.name)
def test_every_setting_is_documented(setting: Any) -> None:
    assert setting.about
    assert f"| `{setting.name}` | `{setting.variable}` |" in read(DOCS / "settings.md")


@pytest.mark.parametrize("name", all_tables())
def test_every_table_is_documented(name: str) -> None:
    table = all_tables()[name]
    text = section(DOCS / "tables.md", f"### `{name}`")
    assert f"Key: {', '.join(f'`{part}`' for part in table.key)}." in text
    for column, each in table.columns.items():
        assert f"| `{column}` | {each.dtype}" in text
    for rule in GENERATE.rules_of(table):
        assert f"- {rule}\n" in text


@pytest.mark.parametrize(
    "error",
    [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, OmnixError)],
)  # fmt: skip
def test_every_exit_code_is_documented(error: type[OmnixError]) -> None:
    text = read(DOCS / "errors.md")
    assert f"| `{error.__name__}` | {error.exit_code} |" in text
    assert f"\n| {error.exit_code} | " in section(DOCS / "errors.md", "## Exit codes")


def test_red_books_have_their_exit_code() -> None:
    from omnix.cli.run import RED

    assert f"| {RED} | the run is done, but the books do not balance |" in read(DOCS / "errors.md")


@pytest.mark.parametrize("name", shipped_presets())
def test_every_shipped_mapping_is_documented(name: str) -> None:
    assert f"`{name}`" in read(DOCS / "sources.md")


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_a_short_note(page: Path) -> None:
    lines = read(page).splitlines()
    assert len(lines) <= 12
    assert lines[0].startswith("# ")
    for part in ("**Decision.** ", "**Why.** ", "**Risk.** "):
        assert sum(line.startswith(part) for line in lines) == 1
    assert f"({page.name})" in read(DOCS / "decisions" / "index.md")


@pytest.mark.parametrize(
    "page", [each for each in DOCS.glob("*.md") if each.stem != "index"], ids=lambda page: page.name
)
def test_every_page_is_reached_from_the_index(page: Path) -> None:
    assert f"({page.name})" in read(DOCS / "index.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", prose(page)):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(there), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_speaks_of_one_machine(page: Path) -> None:
    assert not re.search(r"(?<![\w.])/(work|root|home|Users|tmp)/", read(page))


@pytest.mark.parametrize("block", [each for each in blocks("python") if not each.info], ids=str)
def test_python_runs(block: Block) -> None:
    exec(compile(block.text, str(block.page), "exec"), {"__name__": "docs"})


def lines_of(language: str) -> list[Any]:
    lines = [(each, line) for each in blocks(language) for line in each.text.splitlines()]
    return [pytest.param(line, id=f"{each.page.name}: {line}") for each, line in lines]


@pytest.mark.parametrize("line", lines_of("console"))
def test_commands_in_the_pages_exist(line: str) -> None:
    assert line.startswith("$ "), "a console block shows commands only"
    program, *words = shlex.split(line.removeprefix("$ "), comments=True)
    if program == "make":
        targets = re.findall(r"^([\w-]+):", read(ROOT / "Makefile"), re.M)
        assert words
        assert set(words) <= set(targets)
        return
    assert program == "omnix"
    if words[:1] == ["--home"]:
        words = words[2:]
    if words == ["--help"]:
        return
    name = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0]
    given = [word for word in words[len(name.split()) :] if word != ">"]
    if ">" in words:
        given.pop()
    COMMANDS[name].make_context(name, given, resilient_parsing=False)


@pytest.mark.parametrize("line", sorted({
    found for page in PAGES for found in re.findall(r"`(omnix [a-z][^`]*)`", prose(page))
}))  # fmt: skip
def test_commands_in_sentences_exist(line: str) -> None:
    words = line.split()[1:]
    assert any(name.split()[0] == words[0] for name in COMMANDS)
    known = {
        opt
        for name, each in COMMANDS.items()
        if name.split()[0] == words[0]
        for p in each.params
        for opt in p.opts
    }
    assert {word for word in words if word.startswith("--")} <= known


def test_the_system_in_the_pages_can_be_planned(copied: Path) -> None:
    (shown,) = [each for each in blocks("toml") if each.info.startswith("file=systems/")]
    folder = copied / "systems"
    folder.mkdir()
    (folder / "loyalty.toml").write_text(shown.text, "utf-8")
    graph = App.open(copied).graph
    assert graph.tables["loyal_customers"].system == "loyalty"
    assert not graph.broken


def test_settings_in_the_pages_are_taken(tmp_path: Path) -> None:
    shown = [each for each in blocks("toml") if each.page.name != "sources.md" and not each.info]
    assert shown
    for number, block in enumerate(shown):
        home = tmp_path / str(number)
        home.mkdir()
        (home / "omnix.toml").write_text(block.text, "utf-8")
        settings = Settings.load(home)
        for name, value in tomllib.loads(block.text).items():
            given = getattr(settings, name)
            assert (
                given == value
                if not isinstance(value, dict)
                else set(value) <= given.model_fields_set
            )


def test_the_mapping_in_the_pages_is_one(tmp_path: Path) -> None:
    (sql,) = [each for each in blocks("sql") if each.page.name == "sources.md"]
    (toml,) = [each for each in blocks("toml") if each.page.name == "sources.md"]
    (tmp_path / "orders.sql").write_text(sql.text, "utf-8")
    (tmp_path / "mapping.toml").write_text(toml.text, "utf-8")
    mapping = load_preset(tmp_path)
    assert mapping.reads("orders") == ("bestellungen",)
    assert mapping.missing({"bestellungen": ["nr", "kunde", "datum", "summe", "testkauf"]}) == []

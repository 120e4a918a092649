"""Definitions and their files: any text survives the way, any rubbish is refused in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.registered import shops
from omnix.app.registered.definition import NAME, SystemDefinition, system_of
from omnix.app.registered.files import as_text, read_all, write
from omnix.core.errors import ContractError

NAMES = st.from_regex(NAME, fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(str.strip)
SQL = st.text(
    st.sampled_from("select from'\"\\;$_\n\t é\u05d0{}[]#=`"), min_size=1, max_size=80
).filter(lambda s: s.strip().rstrip(";").strip())

TABLES = st.fixed_dictionaries(
    {
        "name": NAMES,
        "description": TEXTS.map(lambda text: f"One row per {text}x"),
        "sql": SQL,
        "key": st.lists(NAMES, min_size=1, max_size=3, unique=True),
        "checks": st.dictionaries(TEXTS, TEXTS, max_size=2),
        "columns": st.dictionaries(NAMES, TEXTS, max_size=2),
    }
)
SYSTEMS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "title": TEXTS,
        "description": TEXTS,
        "enabled": st.booleans(),
        "tables": st.lists(TABLES, min_size=1, max_size=2, unique_by=lambda t: t["name"]),
    }
)
RUBBISH: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def taken(given: Any) -> SystemDefinition | None:
    """The definition; None where it is refused in words. Anything else is a bug."""
    try:
        return system_of(given)
    except ContractError as error:
        told = error
    assert told.what
    assert told.step
    return None


@given(SYSTEMS)
def test_what_is_written_is_what_is_read(tmp_path_factory: Any, given: dict[str, Any]):
    system = taken(given)
    if system is None:
        return
    folder: Path = tmp_path_factory.mktemp("systems")
    path = write(folder, system)
    (read,) = read_all(folder)
    assert read.error is None, as_text(system)
    assert read.system is not None
    assert read.system == replace(system, title=system.shown)
    assert [each.name for each in folder.iterdir()] == [path.name]


@given(
    st.dictionaries(
        st.sampled_from(["name", "title", "description", "enabled", "tables", "x"]), RUBBISH
    )
)
def test_rubbish_is_refused_in_words(given: dict[str, Any]):
    taken(given)


@given(st.sampled_from(["name", "description", "sql", "key", "checks", "columns", "x"]), RUBBISH)
def test_a_table_of_rubbish_is_refused_in_words(field: str, rubbish: Any):
    taken(shops.system("loyalty", {**shops.loyal(), field: rubbish}))


@given(st.text(max_size=80))
def test_no_name_leads_out_of_the_folder(name: str):
    system = taken({**shops.system(), "name": name})
    assert system is None or NAME.fullmatch(name)


def test_sql_of_several_lines_stays_readable():
    text = as_text(system_of(shops.system()))
    assert "where ordered_at < $as_of and customer_id is not null\n" in text
    assert "\\n" not in text

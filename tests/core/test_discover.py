from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.core.discover import build_order, find_tables
from omnix.core.errors import ContractError
from omnix.core.table import Column, Table, table

Packages = Callable[[Mapping[str, str]], str]


def module(name: str, inputs: str = "") -> str:
    return f"""
from omnix.core.table import Column, table

@table(key=("id",), columns={{"id": Column("string", "It.")}})
def {name}({inputs}):
    \"\"\"One row per thing.\"\"\"
    return "select 'a' as id"
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Writes a package from its files' texts; gives its name."""

    def write(files: Mapping[str, str]) -> str:
        name = f"found_{tmp_path.name}".replace("-", "_")
        for path, text in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        for folder in [tmp_path / name, *(tmp_path / name).rglob("*/")]:
            (folder / "__init__.py").touch()
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()
        for loaded in [each for each in sys.modules if each.startswith(name)]:
            monkeypatch.delitem(sys.modules, loaded)
        return name

    return write


class TestFindTables:
    def test_every_module_is_found_at_any_depth(self, package: Packages) -> None:
        name = package({"b.py": module("b"), "a.py": module("a"), "deep/er/c.py": module("c")})
        found = find_tables(name)
        assert list(found) == ["a", "b", "c"]
        assert found["c"].module == f"{name}.deep.er.c"
        assert find_tables(importlib.import_module(name)) == found

    def test_private_modules_are_not_even_imported(self, package: Packages) -> None:
        name = package({"a.py": module("a"), "_b.py": "1 / 0", "_deep/c.py": "1 / 0"})
        assert list(find_tables(name)) == ["a"]

    def test_a_module_that_only_uses_tables_is_none(self, package: Packages) -> None:
        text = "from omnix.core.table import Table\nfrom {}.a import a\nfound: list[Table] = [a]\n"
        name = package({"a.py": module("a")})
        package({"user.py": text.format(name)})
        assert list(find_tables(name)) == ["a"]

    def test_a_table_under_another_name_is_refused(self, package: Packages) -> None:
        name = package({"sales.py": module("sales_daily")})
        with pytest.raises(ContractError, match=r"sales declares.*'sales_daily'.*sales_daily\.py"):
            find_tables(name)

    def test_two_tables_in_one_module_are_refused(self, package: Packages) -> None:
        name = package({"a.py": module("a") + module("b")})
        with pytest.raises(ContractError, match="One table = one module"):
            find_tables(name)

    def test_a_forgotten_decorator_is_told(self, package: Packages) -> None:
        name = package({"a.py": 'def a():\n    """One row per thing."""\n'})
        with pytest.raises(ContractError, match="reads like a table but is a plain function"):
            find_tables(name)

    def test_one_name_twice_names_both_places(self, package: Packages) -> None:
        name = package({"x/a.py": module("a"), "y/a.py": module("a")})
        with pytest.raises(ContractError, match=rf"twice: in {name}\.x\.a and in {name}\.y\.a"):
            find_tables(name)

    def test_omnix_itself_is_found(self) -> None:
        assert {"orders", "order_items", "customers"} <= set(find_tables("omnix.curation.tables"))
        assert {"sales_daily", "customer_features"} <= set(find_tables("omnix.systems"))


def reading(name: str, inputs: list[str]) -> Table:
    """A table `name` that reads `inputs`."""
    space: dict[str, Callable[..., None]] = {}
    exec(f"def {name}({', '.join(inputs)}): 'One row per thing.'", space)
    return table(key=("id",), columns={"id": Column("string", "It.")})(space[name])


def graph(edges: Mapping[str, list[str]]) -> dict[str, Table]:
    return {name: reading(name, inputs) for name, inputs in edges.items()}


class TestBuildOrder:
    def test_inputs_come_first_and_equals_alphabetically(self) -> None:
        tables = graph({"z": ["raw"], "c": ["a", "b"], "b": ["a"], "a": []})
        assert build_order(tables) == ["a", "z", "b", "c"]

    def test_a_circle_is_named(self) -> None:
        with pytest.raises(
            ContractError, match=r"in a circle: (a ← b ← c ← a|b ← c ← a ← b|c ← a ← b ← c)"
        ):
            build_order(graph({"a": ["b"], "b": ["c"], "c": ["a"], "d": []}))

    @given(st.data())
    def test_any_graph_without_circles_is_ordered(self, data: st.DataObject) -> None:
        names = [f"t{number}" for number in range(data.draw(st.integers(0, 8)))]
        edges = {
            name: data.draw(st.lists(st.sampled_from(names[:place]), unique=True)) if place else []
            for place, name in enumerate(names)
        }
        shuffled = dict(data.draw(st.permutations(list(edges.items()))))
        order = build_order(graph(shuffled))
        assert sorted(order) == sorted(names)
        assert order == build_order(graph(edges))
        for name, inputs in edges.items():
            assert all(order.index(each) < order.index(name) for each in inputs)

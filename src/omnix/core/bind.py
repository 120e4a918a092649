"""What a SELECT that nobody has a contract for would give: columns, types, origins, personal data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from omnix.core._binding import Statement, bound_columns, empty_tables
from omnix.core._lineage import Followed, Lineage, follow
from omnix.core.errors import ContractError, nearest
from omnix.core.sql import Contracts, real_tables, refuse_unstable, select_tree
from omnix.core.table import Dtype, quoted

if TYPE_CHECKING:
    from sqlglot import exp

Mark = Literal["id", "detail"] | None

#: DuckDB's types as a contract knows them. What is wider or narrower is cast to the nearest.
_CONTRACT_TYPES: Mapping[str, Dtype] = {
    "VARCHAR": "string", "UUID": "string", "INTEGER": "int32", "SMALLINT": "int32",
    "TINYINT": "int32", "UTINYINT": "int32", "USMALLINT": "int32", "BIGINT": "int64",
    "UINTEGER": "int64", "UBIGINT": "int64", "HUGEINT": "int64", "DOUBLE": "float64",
    "FLOAT": "float64", "BOOLEAN": "bool", "TIMESTAMP": "timestamp", "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp", "TIMESTAMP_NS": "timestamp", "DATE": "date",
}  # fmt: skip


@dataclass(frozen=True)
class Bound:
    """What a SELECT gives.

    columns: DuckDB's type of each column. reads: the tables it reads, in their order in the SQL.
    lineage: where each column comes from. marks: what each column tells of a person.
    takes_as_of: whether it has the parameter `$as_of`.
    """

    columns: Mapping[str, str]
    reads: tuple[str, ...]
    lineage: Lineage
    marks: Mapping[str, Mark]
    takes_as_of: bool


def tables_read(owner: str, sql: str) -> tuple[str, ...]:
    """The names of the tables that `sql` reads, as they are written, each once.

    Raises:
        ContractError: it is not one SELECT.

    """
    tree = select_tree(Statement(owner, sql))
    return tuple(dict.fromkeys(each.name for each in _all_tables(tree)))


def bind_sql(owner: str, sql: str, contracts: Contracts) -> Bound:
    """What `sql` gives over tables with these contracts; `owner` is how errors speak of it.

    Its only parameter may be `$as_of`.

    Raises:
        ContractError: it is not one SELECT; it reads what is in no contract, or the wall clock; the
            engine refuses it; a column is given twice; nobody can tell where one comes from.

    """
    statement = Statement(owner, sql)
    tree = select_tree(statement)
    takes_as_of = _takes_as_of(owner, tree)
    refuse_unstable(statement)
    aliases = _aliases(statement, tree, contracts)
    known = {name: contracts[name] for name in dict.fromkeys(aliases.values())}
    with empty_tables(known) as con:
        found = bound_columns(con, statement, known, aliases, as_of=takes_as_of)
    columns = dict(found)
    if len({name.lower() for name, _ in found}) < len(found):
        names = [name.lower() for name, _ in found]
        twice = next(name for name in names if names.count(name) > 1)
        raise ContractError(f"{owner}: its SQL gives {twice!r} twice.", "Rename one with `as`.")
    seen = follow(owner, tree, known)
    if len(seen.lineage) != len(columns):
        seen = Followed({}, frozenset(), lost=True)
    everything = [(name, "") for name in known]
    origins = list(seen.lineage.values()) or [everything] * len(columns)
    lineage = dict(zip(columns, origins, strict=True))
    if _unaccounted(tree, known, seen):
        seen = seen._replace(lost=True)
    return Bound(columns, tuple(known), lineage, _marks(known, columns, lineage, seen), takes_as_of)


def dtype_of(duckdb_type: str) -> Dtype | None:
    """The contract's type for a type of DuckDB; None where there is none."""
    plain = duckdb_type.upper()
    if plain.startswith("DECIMAL"):
        return "float64"
    if plain.startswith("ENUM"):
        return "string"
    return _CONTRACT_TYPES.get(plain)


def _takes_as_of(owner: str, tree: exp.Query) -> bool:
    """Whether the SQL has the parameter `$as_of`; any other is refused."""
    from sqlglot import exp

    found = list(tree.find_all(exp.Placeholder, exp.Parameter))
    for each in found:
        if each.name != "as_of":
            raise ContractError(
                f"{owner}: its SQL has the parameter {each.sql(dialect='duckdb')}.",
                "Only $as_of is bound: the day of the run's cut, as a timestamp.",
            )
    return bool(found)


def _all_tables(tree: exp.Query) -> Iterator[exp.Table]:
    """Every table that stands anywhere in the tree, but for names of its own `with`."""
    from sqlglot import exp

    own = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    seen = {id(each) for each in real_tables(tree)}
    for each in tree.find_all(exp.Table):
        makes_rows = isinstance(each.this, exp.Func)
        if id(each) in seen or not (makes_rows or each.name.lower() in own):
            yield each


def _aliases(statement: Statement, tree: exp.Query, contracts: Contracts) -> dict[str, str]:
    """What each alias stands for, of the tables read; all must have a contract."""
    known = {name.lower(): name for name in contracts}
    found: dict[str, str] = {}
    for each in _all_tables(tree):
        if each.name.lower() not in known or each.db:
            name, line = each.sql(dialect="duckdb"), each.this.meta_get("line")
            raise ContractError(
                f"{statement.at(line)}: it reads {name}, which is no table that it may read.",
                f"{nearest(each.name, known)}`omnix tables` lists them all.",
            )
        found[each.alias_or_name] = known[each.name.lower()]
    return found


def _unaccounted(tree: exp.Query, known: Contracts, seen: Followed) -> bool:
    """Whether a person's detail is named in the SQL without having been met on the way."""
    from sqlglot import exp

    met = {c for origins in seen.lineage.values() for _, c in origins} | {
        c for _, c in seen.deciding
    }
    named = {each.name.lower() for each in tree.find_all(exp.Identifier)}
    return any(
        column.person == "detail" and name.lower() in named and name not in met
        for columns in known.values()
        for name, column in columns.items()
    )


def _marks(
    known: Contracts, columns: Mapping[str, str], lineage: Lineage, seen: Followed
) -> dict[str, Mark]:
    """What each column tells of a person; in doubt too much.

    A column computed from a detail is one. A detail that decides which rows there are marks every
    column, as does a detail within reach where the SQL cannot be followed.
    """
    every: Mark = None
    if any(known[table][column].person == "detail" for table, column in seen.deciding if column):
        every = "detail"
    if seen.lost and any(c.person == "detail" for each in known.values() for c in each.values()):
        every = "detail"
    return {
        name: every or _inherited(known, origins, columns[name])
        for name, origins in lineage.items()
    }


def _inherited(known: Contracts, origins: list[tuple[str, str]], kind: str) -> Mark:
    """The strongest mark of the origins; a number that counts ids leads to nobody."""
    marks = {known[table][column].person for table, column in origins if column}
    if "detail" in marks:
        return "detail"
    return "id" if "id" in marks and kind in {"VARCHAR", "UUID"} else None


def cast_select(sql: str, columns: Mapping[str, str], types: Mapping[str, str]) -> str:
    """`sql` with those columns cast whose DuckDB type is not the wanted one; else as it is."""
    if all(columns[name] == types[name] for name in columns):
        return sql
    cells = ", ".join(
        quoted(name)
        if columns[name] == types[name]
        else f"cast({quoted(name)} as {types[name]}) as {quoted(name)}"
        for name in columns
    )
    return f"select {cells} from (\n{sql}\n)"

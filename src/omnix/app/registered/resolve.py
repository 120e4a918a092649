"""From declared systems to tables: columns and types from the engine, marks through lineage."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter

from omnix.app.registered.definition import NAME, SystemDefinition, TableDefinition
from omnix.app.registered.files import Declared
from omnix.core.bind import Bound, bind_sql, cast_select, dtype_of, tables_read
from omnix.core.errors import ContractError, OmnixError, nearest
from omnix.core.sql import Contracts, check_rules
from omnix.core.sql_table import SqlTable
from omnix.core.table import DUCKDB_TYPES, Column
from omnix.curation.records import RECORDS
from omnix.pipeline.graph import Broken, Graph

#: Names that mean something else wherever a table or a system can be named.
RESERVED = frozenset(
    {"quarantine", "runs", "raw", "curated", "curation", "analytics", "corrections", "records",
     "registered", "metrics", "home", "admin", "plan", *RECORDS}
)  # fmt: skip


@dataclass(frozen=True)
class Resolved:
    """The graph with the registered tables in it, and what each file declares."""

    graph: Graph
    declared: Mapping[str, Declared]
    bound: Mapping[str, Bound] = field(default_factory=dict)


def resolve(declared: Sequence[Declared], base: Graph) -> Resolved:
    """Every table of the enabled systems, bound; one that is wrong takes down what reads it."""
    tables: dict[str, SqlTable] = {}
    broken: dict[str, Broken] = {}
    bound: dict[str, Bound] = {}
    owner: dict[str, tuple[SystemDefinition, TableDefinition]] = {}
    for each in declared:
        _admit(each, base, owner, broken)
    off = _tables_of_disabled(declared)
    reads = {name: _reads(table, broken, system) for name, (system, table) in owner.items()}
    for name in _in_order(reads, owner, broken):
        system, table = owner[name]
        try:
            _refuse_unbuildable(name, reads[name], broken, off)
            known = {**base.contracts(), **{n: t.columns for n, t in tables.items()}}
            tables[name], bound[name] = make_table(system, table, known)
        except OmnixError as error:
            broken[name] = Broken(name, system.name, error)
        except Exception as error:  # no table of theirs may take down those that omnix brings
            broken[name] = Broken(name, system.name, _unforeseen(name, error))
    graph = Graph.of({**base.tables, **tables}, broken)
    return Resolved(graph, {each.name: each for each in declared}, bound)


def make_table(
    system: SystemDefinition, table: TableDefinition, known: Contracts
) -> tuple[SqlTable, Bound]:
    """The table that the declaration means, over what is `known`; and what its SQL gives.

    Raises:
        ContractError: it cannot be built as it is declared; says why and what to do.

    """
    _guard(table, known)
    bound = bind_sql(table.name, table.sql, known)
    _refuse_limit_without_order(table)
    columns = _columns(table, bound, known)
    types = {name: DUCKDB_TYPES[column.dtype] for name, column in columns.items()}
    text = cast_select(table.sql, bound.columns, types)
    made = SqlTable(
        table.name, "analytics", table.key, columns, dict(table.checks), _no_build,
        of=system.name, description=table.description, reads=bound.reads, text=text,
        cut=bound.takes_as_of,
    )  # fmt: skip
    check_rules(made)
    return made, bound


def _unforeseen(name: str, error: Exception) -> ContractError:
    return ContractError(
        f"{name}: its SQL cannot be followed ({type(error).__name__}).",
        "Write it in plainer SQL, and please report this.",
    )


def _no_build() -> None:
    """A registered table has no code."""


def _admit(
    each: Declared,
    base: Graph,
    owner: dict[str, tuple[SystemDefinition, TableDefinition]],
    broken: dict[str, Broken],
) -> None:
    """Take up the tables of one file whose names are free."""
    if each.system is None:
        error = each.error or ContractError(f"{each.name} cannot be read.", "Mend it.")
        broken[f"systems/{each.name}"] = Broken(f"systems/{each.name}", each.name, error)
        return
    if not each.system.enabled:
        return
    for table in each.system.tables:
        try:
            refuse_taken(each.system.name, base.systems(), "system")
            refuse_taken(table.name, [*base.tables], "table")
            if table.name in owner:
                raise _twice(table.name, owner[table.name][0].name)
        except OmnixError as error:
            name = table.name if table.name not in base.tables else f"{each.name}/{table.name}"
            if name in owner:
                name = f"{each.name}/{table.name}"
            broken[name] = Broken(name, each.name, error)
        else:
            owner[table.name] = (each.system, table)


def refuse_taken(name: str, taken: Sequence[str], what: str) -> None:
    """Refuse a name that omnix uses itself.

    Raises:
        ContractError: it does.

    """
    if name in taken or name in RESERVED:
        raise ContractError(f"The {what} {name!r} is omnix's own.", "Choose another name.")
    if name in _keywords():
        raise ContractError(f"The {what} {name!r} is a word of SQL.", "Choose another name.")


@cache
def _keywords() -> frozenset[str]:
    """The words that SQL keeps for itself."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as con:
        rows = con.execute(
            "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        ).fetchall()
    return frozenset(row[0] for row in rows)


def _twice(name: str, other: str) -> ContractError:
    return ContractError(
        f"The table {name!r} is declared by the system {other!r} already.", "Rename one of them."
    )


def _tables_of_disabled(declared: Sequence[Declared]) -> dict[str, str]:
    systems = [each.system for each in declared if each.system and not each.system.enabled]
    return {table.name: system.name for system in systems for table in system.tables}


def _reads(table: TableDefinition, broken: dict[str, Broken], system: SystemDefinition) -> set[str]:
    try:
        return {name.lower() for name in tables_read(table.name, table.sql)}
    except OmnixError as error:
        broken[table.name] = Broken(table.name, system.name, error)
    except Exception as error:
        broken[table.name] = Broken(table.name, system.name, _unforeseen(table.name, error))
    return set()


def _in_order(
    reads: Mapping[str, set[str]],
    owner: Mapping[str, tuple[SystemDefinition, TableDefinition]],
    broken: dict[str, Broken],
) -> list[str]:
    """The declared tables, each after those it reads; those of a circle are broken."""
    left = {name: needs & reads.keys() for name, needs in reads.items() if name not in broken}
    while True:
        try:
            return [n for n in TopologicalSorter(left).static_order() if n in left]
        except CycleError as error:
            circle = list(dict.fromkeys(error.args[1]))
            words = " ← ".join([*circle, circle[0]])
            told = ContractError(
                f"Tables read one another in a circle: {words}.", "Break it: one must do without."
            )
            for name in circle:
                broken[name] = Broken(name, owner[name][0].name, told)
                left.pop(name, None)


def _refuse_unbuildable(
    name: str, reads: set[str], broken: Mapping[str, Broken], off: Mapping[str, str]
) -> None:
    for each in sorted(reads):
        if each in broken:
            raise ContractError(
                f"{name} reads {each}, which cannot be built: {broken[each].error.what}",
                f"Mend {each} first.",
            )
        if each in off:
            raise ContractError(
                f"{name} reads {each} of the system {off[each]!r}, which is disabled.",
                f"Enable {off[each]}, or read something else.",
            )


def _guard(table: TableDefinition, known: Contracts) -> None:
    """Refuse what untrusted SQL may not say before anything is bound.

    The guard knows no parameters; whatever it thinks of a null it thinks of a moment.
    """
    from omnix.sandbox.exposed import Exposed
    from omnix.sandbox.guard import examine

    tables = [Exposed(name, "main", columns, version=0) for name, columns in known.items()]
    try:
        examine(re.sub(r"\$as_of\b", "null", table.sql), tables)
        for rule in table.checks.values():
            examine(f"select ({rule}) from own", [Exposed("own", "main", {}, version=0)])
    except OmnixError as error:
        raise ContractError(f"{table.name}: {error.what}", error.step) from None


def _refuse_limit_without_order(table: TableDefinition) -> None:
    """Which rows a bare LIMIT keeps differs from run to run."""
    import sqlglot
    from sqlglot import exp

    for tree in sqlglot.parse(table.sql, dialect="duckdb"):
        for query in tree.find_all(exp.Query) if tree else ():
            if (query.args.get("limit") or query.args.get("offset")) and not query.args.get(
                "order"
            ):
                raise ContractError(
                    f"{table.name}: it limits rows without an order, so that they differ from run to run.",
                    "Write `order by` before `limit`, with what tells the rows apart.",
                )


def _columns(table: TableDefinition, bound: Bound, known: Contracts) -> dict[str, Column]:
    """The contract: types from the engine, marks from lineage, meanings from people."""
    given = list(bound.columns)
    for name in given:
        if not NAME.fullmatch(name):
            raise ContractError(
                f"{table.name}: its SQL gives a column {name!r:.80}.",
                "Name it with `as`: small letters, digits and underscores.",
            )
    for what, names in (("key", table.key), ("meanings", table.columns)):
        if unknown := [name for name in names if name not in given]:
            raise ContractError(
                f"{table.name}: its {what} name {unknown[0]!r:.80}, which its SQL does not give.",
                f"{nearest(unknown[0], given)}It gives {', '.join(given)}.",
            )
    return {name: _column(table, name, bound, known) for name in given}


def _column(table: TableDefinition, name: str, bound: Bound, known: Contracts) -> Column:
    kind = bound.columns[name]
    dtype = dtype_of(kind)
    if dtype is None:
        raise ContractError(
            f"{table.name}.{name} is {kind:.200}, which no table of omnix holds.",
            f"Cast it to one of {', '.join(sorted(set(DUCKDB_TYPES.values())))}.",
        )
    about = table.columns.get(name) or _told(name, bound.lineage[name], known)
    return Column(dtype, about, nullable=name not in table.key, person=bound.marks[name])


def _told(name: str, origins: Sequence[tuple[str, str]], known: Contracts) -> str:
    """What a column means that nobody explained: what it is copied or computed from."""
    if len(origins) == 1 and origins[0][1] == name:
        return known[origins[0][0]][name].about
    places = [f"{table}.{column}" if column else table for table, column in origins]
    return (
        f"Computed from {', '.join(places)}." if places else "Computed from nothing that is read."
    )

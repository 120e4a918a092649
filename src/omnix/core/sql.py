"""A table's SQL held against the contracts of what it reads and of what it promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omnix.core._binding import Statement, bound_columns, empty_tables
from omnix.core._lineage import Lineage, column_lineage
from omnix.core.errors import ContractError, nearest
from omnix.core.table import DUCKDB_TYPES, Column, Table, quoted

if TYPE_CHECKING:
    import duckdb
    from sqlglot import exp
    from sqlglot.tokenizer_core import Token

Contracts = Mapping[str, Mapping[str, Column]]

#: What DuckDB does not call CONSISTENT (`duckdb_functions().stability`; `error` only raises), and
#: its macros and keywords for the clock and the session. A test compares this with the engine.
# fmt: off
UNSTABLE = frozenset({
    "current_catalog", "current_connection_id", "current_database", "current_date",
    "current_localtime", "current_localtimestamp", "current_query", "current_query_id",
    "current_role", "current_schema", "current_schemas", "current_setting", "current_time",
    "current_timestamp", "current_transaction_id", "current_user", "currval", "gen_random_uuid",
    "get_current_time", "get_current_timestamp", "getvariable", "in_search_path", "localtime",
    "localtimestamp", "nextval", "now", "random", "session_user", "setseed", "setval",
    "sleep_ms", "stats", "today", "transaction_timestamp", "txid_current", "user", "uuid",
    "uuidv4", "uuidv7", "vector_type", "version", "write_log",
})
# fmt: on
_CLOCK_WORDS = frozenset({"now", "today", "tomorrow", "yesterday"})
_ROW_MAKERS = frozenset({"range", "generate_series", "generateseries", "unnest"})


@dataclass(frozen=True)
class Checked:
    """What a table's SQL gives: its columns with their DuckDB types, and where each comes from."""

    columns: Mapping[str, str]
    lineage: Lineage


def check_sql(table: Table, inputs: Contracts) -> Checked:
    """Prove that `table` can be built from `inputs` and keeps its word.

    `inputs` holds at least the contracts of `table.inputs`. A table that is not built by SQL is
    taken at its word; its checks are proved all the same.

    Raises:
        ContractError: the SQL reads what is no input, an unknown column or the wall clock; it is
            not one SELECT; what it gives differs from the contract; a check is no condition.

    """
    contracts = _inputs_of(table, inputs)
    given = {name: DUCKDB_TYPES[column.dtype] for name, column in table.columns.items()}
    lineage: Lineage = {name: [(each, "") for each in table.inputs] for name in table.columns}
    sql = table.sql()
    if sql is not None:
        statement = Statement(table.name, sql)
        tree = select_tree(statement)
        _refuse_parameters(table, tree)
        refuse_unstable(statement)
        aliases = _tables_read(statement, tree, contracts)
        with empty_tables(contracts) as con:
            found = bound_columns(con, statement, contracts, aliases)
        given = _kept_promise(table, found)
        origins = column_lineage(table.name, tree, contracts)
        lineage = dict(zip(given, origins.values(), strict=True))
    check_rules(table)
    return Checked(given, lineage)


def check_rules(table: Table) -> None:
    """Prove that every check of `table` is a condition on its own rows.

    Raises:
        ContractError: one is not.

    """
    with empty_tables({table.name: table.columns}) as con:
        _check_rules(con, table)


def lineage_of(table: Table, inputs: Contracts) -> Lineage:
    """Where each column of `table` comes from: pairs of input table and its column.

    The column is "" where the whole table is meant, as for every build that is not SQL.

    Raises:
        ContractError: the SQL cannot be followed.

    """
    sql = table.sql()
    if sql is None:
        return {name: [(each, "") for each in table.inputs] for name in table.columns}
    tree = select_tree(Statement(table.name, sql))
    return column_lineage(table.name, tree, _inputs_of(table, inputs))


def to_spark(table: Table) -> str:
    """The table's SQL for Spark, with `:as_of` as its named parameter.

    Raises:
        ContractError: it is not built by SQL, or holds what Spark has no twin for.

    """
    from sqlglot import exp
    from sqlglot.errors import ErrorLevel, UnsupportedError

    sql = table.sql()
    if sql is None:
        raise ContractError(
            f"{table.name} is not built by SQL.", "It runs beside Spark, not in it."
        )
    tree = select_tree(Statement(table.name, sql))
    if unread := tree.find(
        exp.Anonymous
    ):  # would be passed on as it stands, whatever it means there
        raise _no_twin(table, f"nobody knows what the function {unread.name}() is called there")
    try:
        return tree.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE, pretty=True)
    except UnsupportedError as error:
        raise _no_twin(table, str(error)) from None


def _no_twin(table: Table, what: str) -> ContractError:
    return ContractError(
        f"{table.name} has no twin on Spark: {what}.", "Say it in SQL that both engines know."
    )


def _inputs_of(table: Table, inputs: Contracts) -> Contracts:
    if missing := [name for name in table.inputs if name not in inputs]:
        raise ContractError(
            f"{table.name} reads {missing[0]!r}, which nobody has declared.",
            f"{nearest(missing[0], inputs)}Its build function's parameters name its inputs.",
        )
    return {name: inputs[name] for name in table.inputs}


def select_tree(statement: Statement) -> exp.Query:
    """The statement's tree; it must be one SELECT (or a union of them) that changes nothing."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError, SqlglotError

    try:
        trees = [tree for tree in sqlglot.parse(statement.sql, dialect="duckdb") if tree]
    except ParseError as error:
        line = error.errors[0].get("line") if error.errors else None
        said = error.errors[0].get("description") if error.errors else str(error)
        raise ContractError(
            f"{statement.at(line)}: this is no SQL: {said}.{statement.text_of(line)}", "Mend it."
        ) from None
    except (SqlglotError, RecursionError):
        raise ContractError(
            f"{statement.owner}: this is no SQL that can be read.", "Close what it opens."
        ) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise ContractError(
            f"{statement.owner}: its SQL is not one SELECT.", "A build returns exactly one."
        )
    changing = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Command)
    if found := trees[0].find(*changing):
        raise ContractError(
            f"{statement.owner}: its SQL changes something ({found.key}).",
            "A build only reads; the lake writes what it returns.",
        )
    return trees[0]


def _refuse_parameters(table: Table, tree: exp.Query) -> None:
    from sqlglot import exp

    for each in tree.find_all(exp.Placeholder, exp.Parameter):
        if each.name != "as_of" or not table.takes_as_of:
            raise ContractError(
                f"{table.name}: its SQL has the parameter {each.sql(dialect='duckdb')}.",
                "Only $as_of is bound, for builds that take as_of.",
            )


def refuse_unstable(statement: Statement) -> None:
    """Refuse what gives another answer at another time: same inputs, same result."""
    from sqlglot.dialects import DuckDB

    tokens = DuckDB().tokenize(statement.sql)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if word := _unstable(token, following):
            raise ContractError(
                f"{statement.at(token.line)}: {word} differs from run to run."
                f"{statement.text_of(token.line)}",
                "as_of is passed, never read from the wall clock; nothing is drawn by chance.",
            )


def _unstable(token: Token, following: Token | None) -> str:
    from sqlglot.tokenizer_core import TokenType

    word = token.text.lower()
    if token.token_type is TokenType.STRING:
        cast = following is not None and following.token_type is TokenType.DCOLON
        return repr(token.text) if cast and word in _CLOCK_WORDS else ""
    if following is not None and following.token_type is TokenType.L_PAREN:
        return f"{word}()" if word in UNSTABLE else ""
    keyword = token.token_type not in {TokenType.VAR, TokenType.IDENTIFIER}
    timely = word.startswith(("current_", "localtime"))
    if keyword and timely and word in UNSTABLE:
        return word
    return "a random sample" if word in {"tablesample", "sample"} and _samples(following) else ""


def _samples(following: Token | None) -> bool:
    from sqlglot.tokenizer_core import TokenType

    return following is not None and following.token_type is TokenType.NUMBER


def _tables_read(statement: Statement, tree: exp.Query, contracts: Contracts) -> dict[str, str]:
    """What each alias stands for, of the tables read; all must be inputs."""
    known = {name.lower(): name for name in contracts}
    aliases: dict[str, str] = {}
    for each in real_tables(tree):
        if each.name.lower() not in known or each.db:
            name, line = each.sql(dialect="duckdb"), each.this.meta_get("line")
            raise ContractError(
                f"{statement.at(line)}: it reads {name}, which is no input of {statement.owner}.",
                f"{nearest(each.name, known)}Make it a parameter of the build function.",
            )
        aliases[each.alias_or_name] = known[each.name.lower()]
    return aliases


def real_tables(tree: exp.Query) -> Iterator[exp.Table]:
    """The tables that `tree` reads by name: neither its own expressions nor makers of rows."""
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    for scope in traverse_scope(tree):
        for source in scope.sources.values():
            if not isinstance(source, exp.Table):
                continue
            makes_rows = isinstance(source.this, exp.Func) and (
                source.this.name.lower() in _ROW_MAKERS or source.this.key in _ROW_MAKERS
            )
            if not makes_rows:
                yield source


def _kept_promise(table: Table, found: list[tuple[str, str]]) -> dict[str, str]:
    """The columns found, when they are those of the contract."""
    given = dict(found)
    names = [name for name, _ in found]
    if twice := [name for name in given if names.count(name) > 1]:
        raise ContractError(f"{table.name}: its SQL gives {twice[0]!r} twice.", "Rename one.")
    if extra := [name for name in given if name not in table.columns]:
        raise ContractError(
            f"{table.name}: its SQL gives {extra[0]!r}, which its contract lacks.",
            f"{nearest(extra[0], table.columns)}Declare the column, or leave it out.",
        )
    if lacking := [name for name in table.columns if name not in given]:
        raise ContractError(
            f"{table.name}: its contract promises {lacking[0]!r}, which its SQL does not give.",
            "Select it, or take it out of the contract.",
        )
    for name, column in table.columns.items():
        wanted = DUCKDB_TYPES[column.dtype]
        if given[name] != wanted:
            raise ContractError(
                f"{table.name}.{name} is {given[name]} in the SQL; its contract says {wanted}.",
                f"cast(… as {wanted.lower()}), or declare another type.",
            )
    return given


def _refuse_several(statement: Statement, tree: exp.Query) -> None:
    """Refuse a rule that is more than one expression: brackets must not close what we open."""
    from sqlglot import exp

    if len(tree.selects) != 1 or not isinstance(tree.selects[0], exp.Paren):
        raise ContractError(
            f"{statement.owner}: it is not one condition.", "Write one expression for each rule."
        )


def _check_rules(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    own = {table.name: table.columns}
    for words, rule in table.checks.items():
        statement = Statement(
            f"{table.name}, rule {words!r}", f"select ({rule}) from {quoted(table.name)}"
        )
        _refuse_several(statement, select_tree(statement))
        refuse_unstable(statement)
        ((_, kind),) = bound_columns(con, statement, own, {})
        if kind != "BOOLEAN":
            raise ContractError(
                f"{statement.owner}: it gives {kind}, not true or false.", "Write a condition."
            )

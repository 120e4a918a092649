"""What DuckDB's own parser understands of a query: the tree that the engine would run.

Every node, function, type and table of it must stand on a list; what is on no list is refused, so
what a later version of the engine adds is refused until somebody has read it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from omnix.core.errors import nearest
from omnix.core.table import literal
from omnix.sandbox._text import at, functions, not_allowed
from omnix.sandbox.errors import RefusedError

if TYPE_CHECKING:
    import duckdb

Node = dict[str, Any]

#: Rows that `range` and its twins may be asked for in plain numbers.
MAX_RANGE = 10_000_000

_EXPRESSIONS = frozenset({
    "BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT",
    "FUNCTION", "LAMBDA", "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "TYPE", "WINDOW",
})  # fmt: skip
_QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_OTHERS = frozenset({
    "BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "SUBQUERY", "TABLE_FUNCTION",
    "DISTINCT_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "ORDER_MODIFIER",
    "ASCENDING", "DESCENDING", "ORDER_DEFAULT",
})  # fmt: skip
_ROW_MAKERS = frozenset({"generate_series", "range", "unnest"})
_TYPES = frozenset({
    "any", "array", "bigint", "bit", "blob", "bool", "boolean", "bpchar", "bytea", "char", "date",
    "datetime", "dec", "decimal", "double", "float", "float4", "float8", "hugeint", "int", "int1",
    "int128", "int16", "int2", "int32", "int4", "int64", "int8", "integer", "interval", "json",
    "list", "long", "map", "numeric", "oid", "real", "short", "signed", "smallint", "string",
    "struct", "text", "time", "timestamp", "timestamp_ms", "timestamp_ns", "timestamp_s",
    "timestamp_us", "timestamp with time zone", "timestamptz", "time with time zone", "timetz",
    "tinyint", "ubigint", "uhugeint", "uint16", "uint32", "uint64", "uint8", "uinteger", "union",
    "usmallint", "utinyint", "uuid", "varbinary", "varchar", "variant",
})  # fmt: skip
#: Words that stand alone and tell of the session.
_SESSION = frozenset({
    "current_catalog", "current_database", "current_role", "current_schema", "current_user",
    "session_user", "user",
})  # fmt: skip
_PARSING = threading.Lock()
_ONLY_SELECT = "A query is one SELECT (WITH is allowed) that only reads."
#: What to do instead of what reads, and yet is no plain SELECT.
_INSTEAD = {
    "SHOW_REF": "The schema lists tables and columns with their meaning.",
    "PIVOT": "Write one sum(…) filter (where …) for each column.",
}


def check_engine(sql: str, known: Mapping[str, str], schemas: Mapping[str, str]) -> frozenset[str]:
    """The names of the tables that the engine would read.

    Args:
        sql: the text, already measured by `check_text`.
        known: names of exposed tables by their lower-case name.
        schemas: the schema of each exposed table.

    Raises:
        RefusedError: it is no single SELECT, or something in it is on no list.

    """
    import orjson

    answer = orjson.loads(_serialized(sql))
    if answer["error"]:
        raise _unreadable(sql, answer)
    statements = answer["statements"]
    if len(statements) != 1:
        raise RefusedError("There is more than one statement.", "Send one SELECT at a time.")
    if statements[0].get("named_param_map"):
        raise RefusedError("Parameters are not bound here.", "Write the value itself.")
    walk = _Walk(sql, known, schemas)
    walk.query(statements[0]["node"], frozenset())
    return frozenset(walk.read)


def _serialized(sql: str) -> str:
    with _PARSING:  # a connection answers one at a time
        row = _parser().execute(f"execute serialize({literal(sql)})").fetchone()
    return str(row[0]) if row else "{}"


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """DuckDB's parser, ready: planning its call anew each time would take twice as long."""
    con = empty_engine()
    con.execute("pragma disable_optimizer")
    con.execute("prepare serialize as select json_serialize_sql($1::varchar)")
    return con


def empty_engine() -> duckdb.DuckDBPyConnection:
    """An engine in memory that can reach nothing, and tells errors as JSON."""
    import duckdb

    config: dict[str, Any] = {
        "threads": 1,
        "async_threads": 0,  # no threads of its own: the process that calls this may fork
        "memory_limit": "1GB",
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "python_enable_replacements": False,
    }
    con = duckdb.connect(":memory:", config=config)
    con.execute("set global errors_as_json = true")
    con.execute("set temp_directory = ''")
    con.execute("set enable_external_access = false")
    return con


def character(sql: str, byte: object) -> int | None:
    """The index of the character at a byte of the text; None where the engine names no place."""
    if not isinstance(byte, int) or byte >= 1 << 62:
        return None
    return len(sql.encode("utf-8", "surrogatepass")[:byte].decode("utf-8", "replace"))


def _unreadable(sql: str, answer: Node) -> RefusedError:
    if answer.get("error_type") != "parser":
        return RefusedError("This is no SELECT.", _ONLY_SELECT)
    position = str(answer.get("position", ""))
    where = at(sql, character(sql, int(position)) if position.isdigit() else None)
    said = str(answer.get("error_message", "")).splitlines()[0][:200]
    return RefusedError(f"{where}this cannot be read: {said}.", _ONLY_SELECT)


class _Walk:
    """Goes through every node, with the common table expressions that each can see."""

    def __init__(self, sql: str, known: Mapping[str, str], schemas: Mapping[str, str]) -> None:
        self._sql, self._known, self._schemas = sql, known, schemas
        self.read: set[str] = set()

    def _refuse(self, node: Node, what: str, step: str = _ONLY_SELECT) -> RefusedError:
        return RefusedError(
            f"{at(self._sql, character(self._sql, node.get('query_location')))}{what}", step
        )

    def query(self, node: Node, seen: frozenset[str]) -> None:
        """A SELECT, or what stands for one."""
        if node.get("type") not in _QUERIES:
            kind = str(node.get("type", "this")).partition("_")[0].lower()
            raise self._refuse(node, f"{kind} is not allowed.")
        if node["type"] in {"RECURSIVE_CTE_NODE", "CTE_NODE"}:
            seen |= {str(node.get("cte_name", "")).lower()}
        for entry in node.get("cte_map", {}).get("map", ()):
            name = str(entry["key"]).lower()
            inner = entry["value"]["query_node"]
            recursive = inner.get("type") == "RECURSIVE_CTE_NODE"
            self._each(entry["value"], seen | {name} if recursive else seen)
            seen |= {name}
        self._each({name: part for name, part in node.items() if name != "cte_map"}, seen)

    def _each(self, part: Any, seen: frozenset[str]) -> None:
        for value in part.values() if isinstance(part, dict) else part:
            if isinstance(value, dict):
                self._one(value, seen)
            elif isinstance(value, list):
                self._each(value, seen)

    def _one(self, node: Node, seen: frozenset[str]) -> None:
        kind = node.get("class") or node.get("type")
        if "class" in node:
            self._expression(node)
        elif isinstance(kind, str) and kind.endswith("_NODE"):
            self.query(node, seen)
            return
        elif isinstance(kind, str) and kind not in _OTHERS:
            step = _INSTEAD.get(kind, _ONLY_SELECT)
            raise self._refuse(node, f"{_word(kind)} is not allowed.", step)
        elif kind == "BASE_TABLE":
            self._table(node, seen)
        elif kind == "TABLE_FUNCTION":
            self._row_maker(node)
        self._each(node, seen)

    def _expression(self, node: Node) -> None:
        kind = node["class"]
        if kind not in _EXPRESSIONS:
            raise self._refuse(node, f"{_word(kind)} is not allowed.")
        check = _CHECKS.get(kind)
        if check:
            check(self, node)

    def _function(self, node: Node) -> None:
        name = str(node.get("function_name", ""))
        if node.get("schema") or node.get("catalog") or name.lower() not in functions():
            raise not_allowed(
                self._sql, character(self._sql, node.get("query_location")), name.lower()
            )
        if name.lower() in _ROW_MAKERS:
            self._bounded(node, node)

    def _type(self, node: Node) -> None:
        name = str(node.get("type_name", ""))
        if node.get("schema") or node.get("catalog") or name.lower() not in _TYPES:
            raise self._refuse(
                node, f"the type {name[:60]!r} is not known.", nearest(name.lower(), _TYPES)
            )

    def _column(self, node: Node) -> None:
        names = node.get("column_names", [])
        if len(names) == 1 and str(names[0]).lower() in _SESSION:
            raise self._refuse(
                node, f"{names[0]} tells of the session, not of data.", "Leave it out."
            )

    def _row_maker(self, node: Node) -> None:
        function = node.get("function", {})
        name = str(function.get("function_name", ""))
        if name.lower() not in _ROW_MAKERS or function.get("schema") or function.get("catalog"):
            raise self._refuse(
                node,
                f"{name[:60]}() cannot be read from.",
                "Read a table, or range(), generate_series() and unnest().",
            )

    def _bounded(self, node: Node, where: Node) -> None:
        for argument in node.get("arguments", ()):
            literal = argument.get("expression", {}).get("literal") or {}
            text = str(literal.get("text", ""))
            if literal.get("kind") == "INTEGER" and (len(text) > 9 or int(text) > MAX_RANGE):
                raise self._refuse(
                    where,
                    f"{node.get('function_name')}() would make more than {MAX_RANGE:,} rows.",
                    "Ask for fewer.",
                )

    def _table(self, node: Node, seen: frozenset[str]) -> None:
        name, schema = str(node.get("table_name", "")), str(node.get("schema_name", ""))
        if node.get("at_clause"):
            raise self._refuse(node, "another version cannot be read here.", "Leave out AT.")
        if not schema and not node.get("catalog_name") and name.lower() in seen:
            return
        found = self._known.get(name.lower())
        right = found is not None and schema.lower() in {"", self._schemas[found].lower()}
        if found is None or not right or node.get("catalog_name"):
            written = f"{schema}.{name}" if schema else name
            raise self._refuse(
                node,
                f"there is no table {written[:80]!r} that you may read.",
                f"{nearest(name.lower()[:80], self._known)}The schema lists all of them.",
            )
        self.read.add(found)


def _word(kind: object) -> str:
    words = {"SHOW_REF": "describe, show or summarize", "PARAMETER": "a parameter"}
    return words.get(str(kind), str(kind).lower().replace("_", " "))


_CHECKS: Mapping[str, Callable[[_Walk, Node], None]] = {
    "FUNCTION": _Walk._function,
    "WINDOW": _Walk._function,
    "TYPE": _Walk._type,
    "COLUMN_REF": _Walk._column,
}

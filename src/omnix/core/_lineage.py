"""Which input columns each output column of a SELECT is computed from.

Followed through subqueries, common table expressions, joins and set operations. What only decides
*which* rows count (where, join conditions, group by) is no origin; what a window sorts or divides
by is. `count(*)` comes from whole tables, written as a column without a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from omnix.core.errors import ContractError
from omnix.core.table import DUCKDB_TYPES, Column

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope

#: Output column → (input table, its column); the column is "" where the whole table is meant.
Lineage: TypeAlias = dict[str, list[tuple[str, str]]]
Origins: TypeAlias = frozenset[tuple[str, str]]


def column_lineage(
    owner: str, tree: exp.Query, contracts: Mapping[str, Mapping[str, Column]]
) -> Lineage:
    """The lineage of every output column of `tree`, in the order of the SQL.

    Raises:
        ContractError: the SQL cannot be followed.

    """
    from sqlglot.errors import OptimizeError
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    schema: dict[str, object] = {
        name: {column: DUCKDB_TYPES[each.dtype] for column, each in columns.items()}
        for name, columns in contracts.items()
    }
    try:
        qualified = qualify(
            tree.copy(),
            dialect="duckdb",
            schema=schema,
            validate_qualify_columns=False,
            quote_identifiers=False,
            identify=False,
        )
        root = build_scope(qualified)
    except OptimizeError as error:
        raise ContractError(
            f"{owner}: nobody can tell where its columns come from: {error}.",
            "Write that part in plainer SQL.",
        ) from None
    if root is None:
        return {}
    follow = _Follow(contracts)
    return {
        name: sorted(follow.output(root, place))
        for place, name in enumerate(qualified.named_selects)
    }


class _Follow:
    """Follows columns down to the tables, each output of each scope once."""

    def __init__(self, contracts: Mapping[str, Mapping[str, Column]]) -> None:
        self._names = {
            (table.lower(), column.lower()): (table, column)
            for table, columns in contracts.items()
            for column in ("", *columns)
        }
        self._known: dict[tuple[int, int], Origins] = {}

    def output(self, scope: Scope, place: int) -> Origins:
        """Origins of the output column at `place`."""
        mark = (id(scope), place)
        if mark not in self._known:
            self._known[mark] = frozenset()  # a recursive query meets itself here
            self._known[mark] = self._outputs(scope, place)
        return self._known[mark]

    def _outputs(self, scope: Scope, place: int) -> Origins:
        from sqlglot import exp

        tree = scope.expression
        if isinstance(tree, exp.SetOperation):
            name = tree.named_selects[place]
            return _united(
                self._named(side, name) if tree.args.get("by_name") else self.output(side, place)
                for side in scope.set_operation_scopes
            )
        if isinstance(tree, exp.Select):
            return self._expression(scope, tree.selects[place])
        if scope.is_udtf and scope.parent:
            return self._expression(scope.parent, tree)
        return frozenset()

    def _named(self, scope: Scope, name: str) -> Origins:
        names = getattr(scope.expression, "named_selects", [])
        if name in names:
            return self.output(scope, names.index(name))
        return self.output(scope, 0) if scope.is_udtf else frozenset()

    def _expression(self, scope: Scope, expression: exp.Expr) -> Origins:
        from sqlglot import exp

        found: set[tuple[str, str]] = set()
        for node in expression.walk(prune=lambda node: isinstance(node, exp.Query)):
            if isinstance(node, exp.Column):
                found |= self._column(scope, node)
            elif isinstance(node, exp.Count) and isinstance(node.this, (exp.Star, type(None))):
                found |= self._rows(scope)
            elif isinstance(node, exp.Query):
                places = range(len(node.named_selects))
                for inner in scope.subquery_scopes:
                    if inner.expression is node.unnest():
                        found |= _united(self.output(inner, place) for place in places)
        return frozenset(found)

    def _column(self, scope: Scope, column: exp.Column) -> Origins:
        from sqlglot import exp

        level: Scope | None = scope
        while level is not None:
            source = level.sources.get(column.table)
            if isinstance(source, exp.Table):
                return self._origin(source.name, column.name)
            if source is not None:
                return self._named(source, column.name)
            level = level.parent
        return frozenset()

    def _rows(self, scope: Scope) -> Origins:
        """The tables whose rows are counted in `scope`."""
        from sqlglot import exp

        found: set[tuple[str, str]] = set()
        for _, source in scope.selected_sources.values():
            if isinstance(source, exp.Table):
                found |= self._origin(source.name, "")
            elif id(source) != id(scope):
                for side in source.set_operation_scopes or [source]:
                    found |= self._rows(side)
        return frozenset(found)

    def _origin(self, table: str, column: str) -> Origins:
        known = self._names.get((table.lower(), column.lower()))
        return frozenset({known} if known else ())


def _united(parts: Iterator[Origins]) -> Origins:
    return frozenset().union(*parts)

"""Which input columns each output column of a SELECT is computed from.

Followed through subqueries, common table expressions, joins and set operations. What only decides
*which* rows count (where, join conditions, group by) is no origin; what a window sorts or divides
by is. `count(*)` comes from whole tables, written as a column without a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from omnix.core.errors import ContractError
from omnix.core.table import DUCKDB_TYPES, Column

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope

#: Output column → (input table, its column); the column is "" where the whole table is meant.
Lineage: TypeAlias = dict[str, list[tuple[str, str]]]
Origins: TypeAlias = frozenset[tuple[str, str]]

#: The parts of a SELECT that say which rows there are, not what stands in them.
_DECIDING = ("where", "group", "having", "qualify", "order", "distinct", "limit", "sample")


class Followed(NamedTuple):
    """A SELECT followed to its tables: its lineage, what decides which rows it gives, and whether
    something in it could not be followed."""

    lineage: Lineage
    deciding: Origins
    lost: bool


def column_lineage(
    owner: str, tree: exp.Query, contracts: Mapping[str, Mapping[str, Column]]
) -> Lineage:
    """The lineage of every output column of `tree`, in the order of the SQL.

    Raises:
        ContractError: the SQL cannot be followed.

    """
    root = _scope(owner, tree, contracts)
    return _lineage(_Follow(contracts), root) if root else {}


def follow(owner: str, tree: exp.Query, contracts: Mapping[str, Mapping[str, Column]]) -> Followed:
    """Everything that `tree` reads of its tables, and what for.

    Raises:
        ContractError: the SQL cannot be followed.

    """
    root = _scope(owner, tree, contracts)
    if root is None:
        return Followed({}, frozenset(), lost=True)
    each = _Follow(contracts)
    lineage = _lineage(each, root)
    deciding = _united(each.deciding(scope) for scope in root.traverse())
    return Followed(lineage, deciding, lost=each.lost)


def _lineage(each: _Follow, root: Scope) -> Lineage:
    names: list[str] = getattr(root.expression, "named_selects", [])
    return {name: sorted(each.output(root, place)) for place, name in enumerate(names)}


def _scope(
    owner: str, tree: exp.Query, contracts: Mapping[str, Mapping[str, Column]]
) -> Scope | None:
    """The root scope of the qualified tree.

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
        return build_scope(qualified)
    except OptimizeError as error:
        raise ContractError(
            f"{owner}: nobody can tell where its columns come from: {error}.",
            "Write that part in plainer SQL.",
        ) from None


class _Follow:
    """Follows columns down to the tables, each output of each scope once."""

    def __init__(self, contracts: Mapping[str, Mapping[str, Column]]) -> None:
        self._names = {
            (table.lower(), column.lower()): (table, column)
            for table, columns in contracts.items()
            for column in ("", *columns)
        }
        self._known: dict[tuple[int, int], Origins] = {}
        self.lost = False

    def deciding(self, scope: Scope) -> Origins:
        """Origins of what decides which rows `scope` gives, in which order and groups."""
        from sqlglot import exp

        tree = scope.expression
        if isinstance(tree, (exp.Except, exp.Intersect)):
            places = range(len(tree.named_selects))
            return _united(self.output(scope, place) for place in places)
        if not isinstance(tree, exp.Select):
            return frozenset()
        joins = tree.args.get("joins") or []
        if tree.find(exp.Pivot, exp.Columns) or any(each.method == "NATURAL" for each in joins):
            self.lost = True
        parts = [tree.args.get(name) for name in _DECIDING]
        parts += [part for join in joins for part in (join.args.get("on"), join.args.get("using"))]
        if (group := tree.args.get("group")) and group.args.get("all"):
            parts += tree.selects
        flat = [each for part in parts for each in (part if isinstance(part, list) else [part])]
        return _united(self._expression(scope, each) for each in flat if each)

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
        self.lost = True
        return frozenset()

    def _named(self, scope: Scope, name: str) -> Origins:
        names = getattr(scope.expression, "named_selects", [])
        if name in names:
            return self.output(scope, names.index(name))
        if not scope.is_udtf:
            self.lost = True
            return frozenset()
        return self.output(scope, 0)

    def _expression(self, scope: Scope, expression: exp.Expr) -> Origins:
        from sqlglot import exp

        found: set[tuple[str, str]] = set()
        for node in expression.walk(prune=lambda node: isinstance(node, exp.Query)):
            if isinstance(node, exp.Column):
                found |= self._column(scope, node)
            elif isinstance(node, exp.Count) and isinstance(node.this, (exp.Star, type(None))):
                found |= self._rows(scope)
            elif isinstance(node, exp.TableColumn):  # a whole row as one value
                self.lost = True
            elif isinstance(node, exp.Query):
                inner = [s for s in scope.subquery_scopes if s.expression is node.unnest()]
                self.lost |= not inner
                places = range(len(node.named_selects))
                found |= _united(self.output(s, place) for s in inner for place in places)
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
        return self._own_output(scope, column)

    def _own_output(self, scope: Scope, column: exp.Column) -> Origins:
        """An alias of the same SELECT, as `order by` may name it; else nobody knows what."""
        names = getattr(scope.expression, "named_selects", [])
        if not column.table and column.name in names:
            return self.output(scope, names.index(column.name))
        self.lost = True
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
        self.lost |= known is None
        return frozenset({known} if known else ())


def _united(parts: Iterator[Origins]) -> Origins:
    return frozenset().union(*parts)

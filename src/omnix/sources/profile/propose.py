"""Propose a mapping for a shop nobody has described: roles of tables first, then their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from omnix.core.table import quoted
from omnix.sources.profile.cells import ColumnProfile
from omnix.sources.profile.express import number, state
from omnix.sources.profile.flat import read_flat
from omnix.sources.profile.look import Profile, TableProfile
from omnix.sources.profile.match import Match, assign, squash, table_score
from omnix.sources.profile.meaning import ESSENTIAL
from omnix.sources.profile.proposal import Mapped, Part, Proposal, RawTable, Unmapped, plain
from omnix.sources.profile.words import COLUMNS

#: These can be told by their columns alone; all others must also be called what they are.
CORE = ("customers", "products", "orders", "order_items")
#: One row of each has one key.
KEYED = {"customers": "customer_id", "products": "product_id", "orders": "order_id"}
_FULL_NAME = frozenset(
    [
        "name",
        "fullname",
        "customername",
        "kundenname",
        "nomclient",
        "nomcomplet",
        "nombrecompleto",
        "nombre",
        "clientname",
        "nomecompleto",
        "kunde",
        "client",
        "customer",
        "username",
        "displayname",
        "contactname",
    ]
)


@dataclass
class _Role:
    agreed: str
    raw: TableProfile
    matches: dict[tuple[str, str], Match]
    score: float


@dataclass
class _Draft:
    tables: dict[str, Mapped] = field(default_factory=dict)
    raw: dict[str, RawTable] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def propose_mapping(profile: Profile) -> Proposal:
    """A SELECT for each agreed table that the shop's tables can give, with confidence and reasons."""
    roles = _roles(profile, _roles_by_name(profile))
    roles = _roles(profile, {role.raw.name: role.agreed for role in roles})
    draft = _Draft()
    flat = _flat_table(profile, roles)
    for role in roles:
        if flat is None or role.raw.name != flat.name:
            _add(draft, role)
    if flat is not None:
        _add_flat(draft, flat, {role.agreed for role in roles if role.raw.name != flat.name})
    _with_totals(draft)
    order = {name: draft.tables[name] for name in COLUMNS if name in draft.tables}
    return Proposal(
        tables=order,
        raw=draft.raw,
        unmapped=tuple(_unmapped(profile, draft)),
        unused=_unused(profile, draft),
        notes=tuple(draft.notes),
        currency=_currency(profile, draft),
    )


def _roles_by_name(profile: Profile) -> dict[str, str]:
    best = {}
    for name in profile.tables:
        agreed = max(COLUMNS, key=lambda each: table_score(each, name))
        if table_score(agreed, name) > 0.6:
            best[name] = agreed
    return best


def _roles(profile: Profile, known: Mapping[str, str]) -> list[_Role]:
    """Each raw table's most likely role; a role is given once, to the likeliest."""
    candidates = [
        role
        for raw in profile.tables.values()
        for agreed in COLUMNS
        if (role := _candidate(agreed, raw, known)) is not None
    ]
    roles: list[_Role] = []
    for role in sorted(candidates, key=lambda each: -each.score):
        taken = {each.agreed for each in roles} | {each.raw.name for each in roles}
        if role.agreed not in taken and role.raw.name not in taken:
            roles.append(role)
    return roles


def _candidate(agreed: str, raw: TableProfile, known: Mapping[str, str]) -> _Role | None:
    named = table_score(agreed, raw.name)
    if not named and agreed not in CORE:
        return None
    matches = assign([(agreed, column) for column in COLUMNS[agreed]], raw, known)
    have = {column for _, column in matches}
    all_of, one_of = ESSENTIAL[agreed]
    if not have.issuperset(all_of) or (one_of and not have.intersection(one_of)):
        return None
    needed = [matches[agreed, column].score for column in all_of]
    covered = len(matches) / max(len(raw.columns), 1)
    score = 0.55 * named + 0.3 * sum(needed) / len(needed) + 0.15 * covered
    if agreed in KEYED and not _is_key(matches[agreed, KEYED[agreed]].column):
        score -= 0.35
    return _Role(agreed, raw, matches, score) if score >= (0.4 if named else 0.38) else None


def _is_key(column: ColumnProfile) -> bool:
    """Nearly every value comes once: dirt may repeat a few."""
    return column.filled > 0 and column.distinct >= 0.9 * column.filled


def _flat_table(profile: Profile, roles: list[_Role]) -> TableProfile | None:
    """The one table that holds orders and their lines in one, where there is one."""
    orders = next((role for role in roles if role.agreed == "orders"), None)
    items = next((role for role in roles if role.agreed == "order_items"), None)
    if orders and items:
        return None
    only = [orders or items] if orders or items else []
    for raw in [role.raw for role in only if role] or list(profile.tables.values()):
        if read_flat(raw) is not None:
            return raw
    return None


def _add(draft: _Draft, role: _Role) -> None:
    found = {agreed: match for (_, agreed), match in role.matches.items()}
    given = [agreed for agreed in COLUMNS[role.agreed] if agreed in found]
    parts = [_part(found[agreed], draft.notes, role) for agreed in given]
    if role.agreed == "customers" and (names := _split_name(role, found)):
        parts = [part for part in parts if part.agreed != "last_name"] + names
    parts = _with_own_key(role, parts)
    if role.agreed == "order_items":
        parts += _completed(found)
    if role.agreed == "payments":
        parts = _without_card_number(parts)
    draft.tables[role.agreed] = Mapped(
        role.agreed, role.raw.name, tuple(parts), _overall([part.confidence for part in parts])
    )
    money = _money(role.agreed, found)
    draft.raw[role.raw.name] = RawTable((role.agreed,), money)


def _part(match: Match, notes: list[str], role: _Role) -> Part:
    sql = quoted(match.column.name)
    if match.agreed in {"order_status", "payment_status", "shipment_status"}:
        sql, unknown = state(match.column, match.agreed)
        if unknown:
            words = ", ".join(map(repr, unknown))
            notes.append(
                f"{role.raw.name}.{match.column.name}: no agreed word is known for {words}."
            )
    if (
        match.column.looks == "number"
        and match.column.shares.get("whole", 0) == 1
        and match.column.is_text
        and "seconds since 1970" in match.reason
    ):
        sql = f"to_timestamp(try_cast({sql} as bigint))"
    return Part(match.agreed, sql, (match.column.name,), match.score, match.reason)


def _split_name(role: _Role, found: Mapping[str, Match]) -> list[Part]:
    used = {match.column.name for agreed, match in found.items() if agreed != "last_name"}
    alone = found.get("last_name")
    if "first_name" in found or (alone and squash(alone.column.name) not in _FULL_NAME):
        return []
    for name, column in role.raw.columns.items():
        if squash(name) in _FULL_NAME and column.looks == "text" and name not in used:
            cell = f"trim({quoted(name)})"
            reason = "the first word of the name", "the rest of the name"
            return [
                Part("first_name", f"split_part({cell}, ' ', 1)", (name,), 0.6, reason[0]),
                Part(
                    "last_name",
                    f"nullif(regexp_replace({cell}, '^\\S+\\s*', ''), '')",
                    (name,),
                    0.6,
                    reason[1],
                ),
            ]
    return []


def _with_own_key(role: _Role, parts: list[Part]) -> list[Part]:
    """A table without a key of its own takes the number of the raw row."""
    key = next(iter(COLUMNS[role.agreed]))
    keyless = {
        "order_items",
        "payments",
        "refunds",
        "shipments",
        "reviews",
        "inventory",
        "promotions",
        "consents",
    }
    own = next((role.raw.columns[part.columns[0]] for part in parts if part.agreed == key), None)
    if role.agreed in keyless and (own is None or not _is_key(own)):
        parts = [part for part in parts if part.agreed != key]
        number_of_row = Part(
            key,
            "cast(_row as varchar)",
            (),
            0.6,
            "the table has no key of its own; the number of the row",
        )
        return [number_of_row, *parts]
    return parts


def _without_card_number(parts: list[Part]) -> list[Part]:
    """The door leaves issuer and last four of a card number: 411111******1111."""
    number = next((part for part in parts if part.agreed == "card_number"), None)
    if number is None:
        return parts
    kept = [part for part in parts if part.agreed != "card_number"]
    masked = f"regexp_full_match(cast({number.sql} as varchar), '\\d{{6}}\\*+\\d{{4}}')"
    for agreed, end in (("card_bin", "left({}, 6)"), ("card_last_four", "right({}, 4)")):
        if agreed not in {part.agreed for part in kept}:
            sql = f"case when {masked} then {end.format(number.sql)} end"
            kept.append(Part(agreed, sql, number.columns, 0.8, "what is left of the card number"))
    return kept


def _completed(found: Mapping[str, Match]) -> list[Part]:
    """Pieces and their price, where a line gives only one of them or its amount."""
    parts = []
    if "quantity" not in found:
        parts.append(Part("quantity", "1", (), 0.5, "there is no quantity: one piece per row"))
    total = found.get("total_amount")
    if "unit_price" not in found and total:
        sql, columns = number(total.column), [total.column.name]
        if "quantity" in found:
            sql = f"{sql} / nullif({number(found['quantity'].column)}, 0)"
            columns.append(found["quantity"].column.name)
        why = "the amount of the line by its pieces"
        parts.append(Part("unit_price", sql, tuple(columns), 0.6, why))
    return parts


def _with_totals(draft: _Draft) -> None:
    """An order without an amount of its own is worth what its lines are."""
    orders, items = draft.tables.get("orders"), draft.tables.get("order_items")
    if orders is None or items is None or orders.raw == items.raw:
        return
    if any(part.agreed == "total_amount" for part in orders.parts):
        return
    worth = draft.raw[items.raw].money
    ours, theirs = (
        next(part.columns[0] for part in mapped.parts if part.agreed == "order_id")
        for mapped in (orders, items)
    )
    if worth is None:
        return
    sql = (
        f"(select sum({worth}) from {plain(items.raw)} as line "
        f"where line.{quoted(theirs)} = {plain(orders.raw)}.{quoted(ours)})"
    )
    total = Part("total_amount", sql, (), 0.6, f"the sum of its lines in {items.raw}")
    draft.tables["orders"] = replace(orders, parts=(*orders.parts, total))


def _money(agreed: str, found: Mapping[str, Match]) -> str | None:
    total = {"orders": "total_amount", "order_items": "total_amount"}.get(agreed, "amount")
    if total in found and agreed in {"orders", "order_items", "payments", "refunds"}:
        return number(found[total].column)
    if agreed == "order_items" and "unit_price" in found:
        product = number(found["unit_price"].column)
        if "quantity" in found:
            product = f"{number(found['quantity'].column)} * {product}"
        less = found.get("discount_amount")
        return f"{product} - coalesce({number(less.column)}, 0)" if less else product
    return None


def _overall(scores: list[float]) -> float:
    return sum(scores) / len(scores) if scores else 0.0


def _add_flat(draft: _Draft, raw: TableProfile, have: set[str]) -> None:
    flat = read_flat(raw)
    if flat is None:
        return
    for mapped in flat.tables():
        if mapped.agreed not in have:
            draft.tables[mapped.agreed] = mapped
    draft.raw[raw.name] = RawTable(flat.home, flat.money)
    draft.notes += flat.notes()


def _unmapped(profile: Profile, draft: _Draft) -> list[Unmapped]:
    used: dict[str, set[str]] = {}
    for mapped in draft.tables.values():
        for part in mapped.parts:
            used.setdefault(mapped.raw, set()).update(part.columns)
    return [
        Unmapped(table.name, column.name, _holds(column))
        for table in profile.tables.values()
        if table.name in used
        for column in table.columns.values()
        if column.name not in used[table.name]
    ]


def _holds(column: ColumnProfile) -> str:
    if column.looks == "empty":
        return "empty"
    shape = f", such as {column.patterns[0]!r}" if column.patterns else ""
    return f"{column.looks}{shape}; {column.distinct:,} different"


def _unused(profile: Profile, draft: _Draft) -> dict[str, str]:
    unused = dict(profile.unread)
    for name, table in profile.tables.items():
        if name not in draft.raw:
            columns = ", ".join(list(table.columns)[:12]) or "no columns"
            unused[name] = f"nothing in the agreed shape fits its columns ({columns})"
    return unused


def _currency(profile: Profile, draft: _Draft) -> str | None:
    orders = draft.tables.get("orders")
    if orders is None or any(part.agreed == "currency" for part in orders.parts):
        return None
    columns = profile.tables[orders.raw].columns.values()
    found = {column.currency for column in columns if column.currency}
    named = {
        code
        for column in columns
        if column.looks in {"money", "number"}
        for code in ("EUR", "USD", "GBP", "CHF")
        if column.name.upper().endswith((f"_{code}", f" {code}", f"({code})", f"[{code}]"))
    }
    both = found | named
    return both.pop() if len(both) == 1 else None

"""One table with a row per order line: orders, lines, products and customers out of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from omnix.core.table import quoted
from omnix.sources.profile.express import moment, number, state
from omnix.sources.profile.look import TableProfile
from omnix.sources.profile.match import Match, assign
from omnix.sources.profile.proposal import Mapped, Part, plain

#: What a line may say, in the order in which a column is looked for.
_WANTED: Mapping[str, tuple[str, ...]] = {
    "orders": (
        "order_id", "customer_id", "order_date", "order_status", "currency", "payment_method",
        "channel", "store_id", "coupon_code", "shipping_country", "shipping_city",
        "shipping_postal_code", "tax_amount", "shipping_amount",
    ),
    "order_items": ("product_id", "quantity", "unit_price", "discount_amount", "total_amount"),
    "products": ("product_name", "category_id", "brand"),
    "customers": ("email", "first_name", "last_name", "phone", "state", "customer_segment"),
}  # fmt: skip


@dataclass(frozen=True)
class Flat:
    """A table of order lines and what its columns are."""

    raw: TableProfile
    found: Mapping[str, Match]

    @property
    def home(self) -> tuple[str, ...]:
        """The agreed tables that share the rows between them."""
        return ("order_items", "refunds") if self._returns else ("order_items",)

    @property
    def money(self) -> str:
        """What a line is worth, as SQL."""
        return self._worth()[0]

    def notes(self) -> list[str]:
        """What the user should look at."""
        notes = [
            f"{self.raw.name} holds orders and their lines in one table: one order is all rows with the "
            f"same {self._order_words()}."
        ]
        if self._returns:
            column = self.found["quantity"].column.name
            notes.append(f"Rows with a negative {self.raw.name}.{column} are read as refunds.")
        return notes

    def tables(self) -> Iterator[Mapped]:
        """orders and order_items; products, customers and refunds where the columns are there."""
        yield self._orders()
        yield self._items()
        yield self._products()
        if "customer_id" in self.found:
            yield self._customers()
        if self._returns:
            yield self._refunds()

    @property
    def _returns(self) -> bool:
        quantity = self.found.get("quantity")
        return quantity is not None and quantity.column.negative

    def _number(self, agreed: str) -> str:
        return number(self.found[agreed].column)

    def _sold(self) -> str:
        return f"where coalesce({self._number('quantity')}, 0) >= 0" if self._returns else ""

    def _order_words(self) -> str:
        if "order_id" in self.found:
            return self.found["order_id"].column.name
        return " and ".join(self.found[each].column.name for each in ("customer_id", "order_date"))

    def _order_id(self) -> Part:
        if "order_id" in self.found:
            return self._plain("order_id")
        customer, date = self.found["customer_id"].column, self.found["order_date"].column
        sql = f"concat_ws('-', {quoted(customer.name)}, strftime({moment(date)}, '%Y%m%d'))"
        return Part(
            "order_id",
            sql,
            (customer.name, date.name),
            0.5,
            "there is no order number: one order per customer and day",
        )

    def _plain(self, agreed: str, named: str | None = None) -> Part:
        match = self.found[agreed]
        return Part(
            named or agreed,
            quoted(match.column.name),
            (match.column.name,),
            match.score,
            match.reason,
        )

    def _smallest(self, agreed: str, named: str | None = None) -> Part:
        part = self._plain(agreed, named)
        return Part(
            part.agreed,
            f"min({part.sql})",
            part.columns,
            part.confidence,
            f"{part.reason}; the same in all rows of one",
        )

    def _worth(self) -> tuple[str, tuple[str, ...]]:
        found = self.found
        if "unit_price" in found:
            sql, columns = self._number("unit_price"), [found["unit_price"].column.name]
            if "quantity" in found:
                sql = f"{self._number('quantity')} * {sql}"
                columns.insert(0, found["quantity"].column.name)
            if "discount_amount" in found:
                sql = f"{sql} - coalesce({self._number('discount_amount')}, 0)"
                columns.append(found["discount_amount"].column.name)
            return sql, tuple(columns)
        return self._number("total_amount"), (found["total_amount"].column.name,)

    def _orders(self) -> Mapped:
        order_id = self._order_id()
        parts = [order_id]
        if "customer_id" in self.found:
            parts.append(self._smallest("customer_id"))
        date = self.found["order_date"]
        parts.append(
            Part(
                "order_date",
                f"min({moment(date.column)})",
                (date.column.name,),
                date.score,
                date.reason,
            )
        )
        if "order_status" in self.found:
            status = self.found["order_status"]
            sql, _ = state(status.column, "order_status")
            parts.append(
                Part(
                    "order_status",
                    f"min({sql})",
                    (status.column.name,),
                    status.score,
                    status.reason,
                )
            )
        worth, columns = self._worth()
        parts.append(Part("total_amount", f"sum({worth})", columns, 0.8, "the sum of its lines"))
        parts += [
            self._smallest(agreed) for agreed in _WANTED["orders"][4:12] if agreed in self.found
        ]
        tail = "\n".join(filter(None, [self._sold(), f"group by {order_id.sql}"]))
        return self._mapped("orders", parts, row="min(_row)", tail=tail)

    def _items(self) -> Mapped:
        parts = [
            Part("order_item_id", "cast(_row as varchar)", (), 0.6, "the number of the row"),
            self._order_id(),
            self._plain("product_id"),
            self._quantity(),
            self._price(),
        ]
        if "discount_amount" in self.found and "unit_price" in self.found:
            parts.append(self._plain("discount_amount"))
        return self._mapped("order_items", parts, tail=self._sold())

    def _quantity(self) -> Part:
        if "quantity" in self.found:
            return self._plain("quantity")
        return Part("quantity", "1", (), 0.5, "there is no quantity: one piece per row")

    def _price(self) -> Part:
        if "unit_price" in self.found:
            return self._plain("unit_price")
        if "quantity" not in self.found:
            return self._plain("total_amount", "unit_price")
        sql = f"{self._number('total_amount')} / nullif({self._number('quantity')}, 0)"
        columns = tuple(self.found[each].column.name for each in ("total_amount", "quantity"))
        return Part("unit_price", sql, columns, 0.6, "the amount of the line by its pieces")

    def _products(self) -> Mapped:
        product = self._plain("product_id")
        parts = [product]
        for agreed in ("product_name", "category_id", "brand"):
            if agreed in self.found:
                part = self._plain(agreed)
                parts.append(
                    Part(
                        agreed,
                        f"max_by({part.sql}, _row)",
                        part.columns,
                        part.confidence,
                        f"{part.reason}; the last one",
                    )
                )
        if "product_name" not in self.found:
            parts.append(
                Part(
                    "product_name",
                    product.sql,
                    product.columns,
                    0.5,
                    "the product has no other name",
                )
            )
        if "unit_price" in self.found:
            price = self._plain("unit_price", "price")
            parts.append(
                Part("price", f"max_by({price.sql}, _row)", price.columns, 0.6, "the last price")
            )
        tail = f"where {product.sql} is not null\ngroup by {product.sql}"
        return self._mapped("products", parts, row="min(_row)", tail=tail)

    def _customers(self) -> Mapped:
        customer = self._plain("customer_id")
        parts = [customer]
        parts += [self._smallest(agreed) for agreed in _WANTED["customers"] if agreed in self.found]
        where = {
            "shipping_country": "country",
            "shipping_city": "city",
            "shipping_postal_code": "postal_code",
        }
        parts += [
            self._smallest(agreed, named) for agreed, named in where.items() if agreed in self.found
        ]
        date = self.found["order_date"].column
        parts.append(
            Part("created_at", f"min({moment(date)})", (date.name,), 0.5, "the first order")
        )
        tail = f"where {customer.sql} is not null\ngroup by {customer.sql}"
        return self._mapped("customers", parts, row="min(_row)", tail=tail)

    def _refunds(self) -> Mapped:
        quantity = self.found["quantity"].column
        worth, columns = self._worth()
        date = self.found["order_date"].column
        parts = [
            Part("refund_id", "cast(_row as varchar)", (), 0.6, "the number of the row"),
            *([self._plain("customer_id")] if "customer_id" in self.found else []),
            self._plain("product_id"),
            Part(
                "quantity", f"-({number(quantity)})", (quantity.name,), 0.7, "its negative quantity"
            ),
            Part("amount", f"-({worth})", columns, 0.7, "what its line takes off"),
            Part("refunded_at", moment(date), (date.name,), 0.7, "the date of the row"),
        ]
        if "order_id" in self.found:
            order = quoted(self.found["order_id"].column.name)
            raw = plain(self.raw.name)
            known = (
                f"case when {order} in (select {order} from {raw} {self._sold()}) then {order} end"
            )
            parts.insert(
                1,
                Part(
                    "order_id",
                    known,
                    (self.found["order_id"].column.name,),
                    0.6,
                    "where that order was also sold",
                ),
            )
        for agreed, named in (("currency", "currency"), ("shipping_country", "country")):
            if agreed in self.found:
                parts.append(self._plain(agreed, named))
        return self._mapped("refunds", parts, tail=f"where {number(quantity)} < 0")

    def _mapped(
        self, agreed: str, parts: list[Part], *, row: str = "_row", tail: str = ""
    ) -> Mapped:
        confidence = sum(part.confidence for part in parts) / len(parts)
        return Mapped(agreed, self.raw.name, tuple(parts), confidence, row=row, tail=tail)


def read_flat(raw: TableProfile) -> Flat | None:
    """`raw` as a table of order lines, or None when it lacks what makes one.

    It needs a date, a product, an amount or a price, and an order number or a customer.
    """
    wanted = [(table, agreed) for table, columns in _WANTED.items() for agreed in columns]
    matches = assign(wanted, raw, {})
    found = {agreed: match for (_, agreed), match in matches.items()}
    if "product_id" not in found and "product_name" in found:
        name = found.pop("product_name")
        found["product_id"] = Match(
            "order_items", "product_id", name.column, name.score, name.reason
        )
    if "customer_id" not in found and "email" in found:
        mail = found["email"]
        found["customer_id"] = Match(
            "orders", "customer_id", mail.column, 0.7, "the e-mail stands for the customer"
        )
    needed = {"order_date", "product_id"} <= found.keys()
    worth = "unit_price" in found or "total_amount" in found
    whose = "order_id" in found or "customer_id" in found
    return Flat(raw, found) if needed and worth and whose else None

"""The lines of orders."""

from omnix.curation.shape import CrossRule, Derived, Field, Reference, Rule, curated, row_times


@curated(
    key=("order_item_id",),
    fields={
        "order_item_id": Field("text", "The shop's order line.", required=True),
        "order_id": Field("text", "The order it belongs to.", required=True),
        "product_id": Field("text", "What was ordered.", required=True),
        "quantity": Field("whole", "Pieces.", required=True),
        "unit_price_cents": Field(
            "money",
            "Price of one piece, before discount and tax.",
            source="unit_price",
            required=True,
        ),
        "discount_cents": Field(
            "money", "Taken off the line.", source="discount_amount", default="0"
        ),
        "tax_cents": Field(
            "money", "Tax on the line, part of the order's tax.", source="tax_amount", default="0"
        ),
        "total_cents": Field(
            "money",
            "Quantity × unit price − discount, before tax.",
            source="total_amount",
            default="quantity * unit_price_cents - coalesce(discount_cents, 0)",
        ),
        **row_times(),
    },
    derived={
        "gross_cents": Derived("int64", "Quantity × unit price.", "quantity * unit_price_cents"),
    },
    rules=[
        Rule("the quantity is above zero", "quantity > 0"),
        Rule("the price is not negative", "unit_price_cents >= 0"),
        Rule("discount and tax are not negative", "least(discount_cents, tax_cents) >= 0"),
        Rule(
            "quantity × price − discount = total, to the cent per piece",
            "abs(quantity * unit_price_cents - discount_cents - total_cents) <= greatest(1, quantity)",
            part="consistency",
        ),
    ],
    references=[Reference("order_id", "orders"), Reference("product_id", "products")],
    cross_rules=[
        CrossRule(
            "total = items + tax + shipping − discount",
            "orders",
            """
            select order_id
            from orders
            join (
                select order_id, sum(total_cents) as items_cents, count(*) as lines
                from order_items
                group by order_id
            ) using (order_id)
            where abs(items_cents + tax_cents + shipping_cents - discount_cents - total_cents) > lines
            """,
        ),
    ],
    money="total_cents",
)
def order_items(orders, products):
    """One row per line of an order."""

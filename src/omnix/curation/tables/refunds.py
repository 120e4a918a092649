"""Money given back. A refund counts on its own date, not on the order's."""

from omnix.curation.shape import Derived, Field, Reference, Rule, curated, row_times


@curated(
    key=("refund_id",),
    fields={
        "refund_id": Field("text", "The shop's refund.", required=True),
        "order_id": Field("text", "The order it undoes; empty where the shop does not say."),
        "order_item_id": Field("text", "The line it undoes; empty for the whole order."),
        "customer_id": Field("text", "Who gets it.", person="id"),
        "product_id": Field("text", "What came back."),
        "kind": Field(
            "text", "refund, cancellation or chargeback.", default="'refund'", normal="lower({})"
        ),
        "quantity": Field("whole", "Pieces that came back."),
        "amount_cents": Field(
            "money", "What was given back, as a positive amount.", source="amount", required=True
        ),
        "currency": Field("text", "ISO 4217 code.", default="$currency", normal="upper({})"),
        "country": Field("text", "Country in which it counts; empty: the order's."),
        "reason": Field("text", "Why, in the shop's words."),
        "refunded_at": Field("moment", "When, UTC.", required=True),
        **row_times(),
    },
    derived={
        "refunded_on": Derived(
            "date", "The day of `refunded_at`, UTC.", "cast(refunded_at as date)"
        ),
    },
    rules=[
        Rule("the amount is not negative", "amount_cents >= 0"),
        Rule(
            "the kind is refund, cancellation or chargeback",
            "kind in ('refund', 'cancellation', 'chargeback')",
        ),
        Rule("the quantity is above zero", "quantity is null or quantity > 0"),
        Rule(
            "the refund was not made in the future", "refunded_at <= $ingested_at + interval 1 day"
        ),
    ],
    references=[Reference("order_id", "orders")],
    money="amount_cents",
)
def refunds(orders):
    """One row per refund, cancellation or chargeback."""

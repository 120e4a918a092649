"""What customers ordered."""

from omnix.curation.shape import Derived, Field, Reference, Rule, curated, row_times


@curated(
    key=("order_id",),
    fields={
        "order_id": Field("text", "The shop's order.", required=True),
        "customer_id": Field("text", "Who ordered; empty for a guest.", person="id"),
        "ordered_at": Field("moment", "When, UTC.", source="order_date", required=True),
        "status": Field(
            "text",
            "pending, processing, shipped, delivered, cancelled, or the shop's own word.",
            source="order_status",
            default="'delivered'",
            normal="lower({})",
        ),
        "total_cents": Field(
            "money",
            "What the customer pays: items + tax + shipping − discount.",
            source="total_amount",
            required=True,
        ),
        "tax_cents": Field("money", "Tax on the whole order.", source="tax_amount", default="0"),
        "shipping_cents": Field("money", "Postage charged.", source="shipping_amount", default="0"),
        "discount_cents": Field(
            "money",
            "Taken off the order, beside the items' own discounts.",
            source="discount_amount",
            default="0",
        ),
        "currency": Field(
            "text", "ISO 4217 code of all its money.", default="$currency", normal="upper({})"
        ),
        "payment_method": Field("text", "How it was to be paid."),
        "channel": Field("text", "Where it was placed: web, app, store, marketplace and so on."),
        "store_id": Field("text", "The branch or shop, of several, that took the order."),
        "coupon_code": Field("text", "The coupon used.", normal="upper({})"),
        "device_id": Field("text", "The device it was placed on.", person="id"),
        "ip_country": Field("text", "Country of the network address."),
        "billing_country": Field("text", "Country of the bill."),
        "shipping_address_line1": Field("text", "Street and number.", person="detail"),
        "shipping_address_line2": Field("text", "Second address line.", person="detail"),
        "shipping_city": Field("text", "Town.", person="detail"),
        "shipping_state": Field("text", "State or region."),
        "shipping_postal_code": Field("text", "Postal code.", person="detail"),
        "shipping_country": Field("text", "Country it goes to."),
        "notes": Field(
            "text", "Free text on the order, card data masked at the door.", person="detail"
        ),
        **row_times(),
    },
    derived={
        "ordered_on": Derived("date", "The day of `ordered_at`, UTC.", "cast(ordered_at as date)"),
        "country": Derived(
            "string",
            "Where the order counts: shipping, else billing country.",
            "coalesce(shipping_country, billing_country)",
            nullable=True,
        ),
    },
    rules=[
        Rule("the total is not negative", "total_cents >= 0"),
        Rule(
            "tax, shipping and discount are not negative",
            "least(tax_cents, shipping_cents, discount_cents) >= 0",
        ),
        Rule(
            "the order was not placed in the future", "ordered_at <= $ingested_at + interval 1 day"
        ),
        Rule("the order is not older than 1990", "ordered_at >= timestamp '1990-01-01'"),
        Rule("the currency is a code of three letters", "regexp_full_match(currency, '[A-Z]{3}')"),
    ],
    references=[Reference("customer_id", "customers", severity="warning")],
    money="total_cents",
)
def orders(customers):
    """One row per order, in whatever state it is."""

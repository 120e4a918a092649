"""What a product cost, and since when."""

from omnix.curation.shape import Field, Reference, Rule, curated


@curated(
    key=("product_id", "valid_from", "currency"),
    fields={
        "product_id": Field("text", "The product.", required=True),
        "valid_from": Field("moment", "First moment of the price, UTC.", required=True),
        "price_cents": Field("money", "List price from then on.", source="price", required=True),
        "currency": Field("text", "ISO 4217 code.", default="$currency", normal="upper({})"),
    },
    rules=[Rule("the price is not negative", "price_cents >= 0")],
    references=[Reference("product_id", "products")],
    newest=None,
)
def price_history(products):
    """One row per product, currency and change of price."""

"""What others ask for the same product."""

from omnix.curation.shape import Field, Reference, Rule, curated


@curated(
    key=("product_id", "competitor_name", "observed_at"),
    fields={
        "product_id": Field("text", "Our product.", required=True),
        "competitor_name": Field("text", "Who sells it too.", required=True),
        "price_cents": Field("money", "What they ask.", source="competitor_price", required=True),
        "currency": Field("text", "ISO 4217 code.", default="$currency", normal="upper({})"),
        "observed_at": Field("moment", "When it was seen, UTC.", required=True),
    },
    rules=[Rule("the price is above zero", "price_cents > 0")],
    references=[Reference("product_id", "products")],
    newest=None,
)
def competitor_prices(products):
    """One row per product, competitor and moment of observation."""

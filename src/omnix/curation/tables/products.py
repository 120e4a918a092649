"""What is sold."""

from omnix.curation.shape import Derived, Field, Reference, Rule, curated, row_times


@curated(
    key=("product_id",),
    fields={
        "product_id": Field("text", "The shop's product.", required=True),
        "product_name": Field("text", "Its name."),
        "category_id": Field("text", "The category it stands in."),
        "description": Field("text", "What the shop says of it."),
        "sku": Field("text", "Stock keeping unit."),
        "price_cents": Field(
            "money", "List price of one piece, in hundredths of `currency`.", source="price"
        ),
        "cost_cents": Field("money", "What one piece costs the shop.", source="cost"),
        "currency": Field(
            "text", "ISO 4217 code of price and cost.", default="$currency", normal="upper({})"
        ),
        "weight": Field("number", "Weight of one piece, in the shop's unit."),
        "dimensions": Field("text", "Size as the shop writes it."),
        "brand": Field("text", "Brand."),
        "manufacturer": Field("text", "Maker."),
        "is_active": Field("flag", "Whether it can be bought.", default="true"),
        **row_times(),
    },
    derived={
        "margin_cents": Derived(
            "int64", "List price less cost.", "price_cents - cost_cents", nullable=True
        ),
        "price_class": Derived(
            "string",
            "budget below 10, low below 50, middle below 100, high below 500, else luxury.",
            "case when price_cents < 1000 then 'budget' when price_cents < 5000 then 'low' "
            "when price_cents < 10000 then 'middle' when price_cents < 50000 then 'high' "
            "when price_cents is not null then 'luxury' end",
            nullable=True,
        ),
    },
    rules=[
        Rule("the price is not negative", "price_cents is null or price_cents >= 0"),
        Rule("the cost is not negative", "cost_cents is null or cost_cents >= 0"),
        Rule("the weight is not negative", "weight is null or weight >= 0"),
        Rule(
            "the cost is not above the price",
            "cost_cents is null or price_cents is null or cost_cents <= price_cents",
            severity="warning",
            part="consistency",
        ),
    ],
    references=[Reference("category_id", "categories", severity="warning")],
)
def products(categories):
    """One row per product."""

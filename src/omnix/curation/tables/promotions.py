"""Coupons and sales."""

from omnix.curation.shape import Field, Rule, curated, row_times


@curated(
    key=("promotion_id",),
    fields={
        "promotion_id": Field("text", "The shop's promotion.", required=True),
        "promotion_code": Field("text", "The code a customer types.", normal="upper({})"),
        "promotion_name": Field("text", "Its name."),
        "description": Field("text", "What the shop says of it."),
        "discount_type": Field("text", "percentage or fixed.", required=True, normal="lower({})"),
        "discount_value": Field("number", "Percent, or major units of money.", required=True),
        "min_purchase_cents": Field(
            "money", "Smallest order it counts for.", source="min_purchase_amount"
        ),
        "max_discount_cents": Field("money", "Most it takes off.", source="max_discount_amount"),
        "starts_at": Field("moment", "First moment, UTC.", source="start_date", required=True),
        "ends_at": Field("moment", "Last moment, UTC.", source="end_date", required=True),
        "usage_limit": Field("whole", "How often it may be used."),
        "usage_count": Field("whole", "How often it was used.", default="0"),
        "is_active": Field("flag", "Whether it can be used.", default="true"),
        **row_times(),
    },
    rules=[
        Rule("the type is percentage or fixed", "discount_type in ('percentage', 'fixed')"),
        Rule("the value is not negative", "discount_value >= 0"),
        Rule(
            "a percentage is at most 100", "discount_type <> 'percentage' or discount_value <= 100"
        ),
        Rule("it starts before it ends", "starts_at <= ends_at", part="consistency"),
    ],
)
def promotions():
    """One row per promotion."""

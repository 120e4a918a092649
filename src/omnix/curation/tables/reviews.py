"""What customers say."""

from omnix.curation.shape import Field, Reference, Rule, curated, row_times


@curated(
    key=("review_id",),
    fields={
        "review_id": Field("text", "The shop's review.", required=True),
        "product_id": Field("text", "What it is about; empty where it is about the order."),
        "customer_id": Field("text", "Who wrote it.", person="id"),
        "rating": Field("whole", "One to five stars.", required=True),
        "title": Field("text", "Headline.", source="review_title", person="detail"),
        "body": Field(
            "text",
            "The review, card data masked at the door.",
            source="review_text",
            person="detail",
        ),
        "is_verified_purchase": Field(
            "flag", "Whether the shop knows of the purchase.", default="false"
        ),
        "helpful_count": Field("whole", "Readers who found it helpful.", default="0"),
        **row_times(),
    },
    rules=[
        Rule("the rating is one to five", "rating between 1 and 5"),
        Rule("the helpful count is not negative", "helpful_count >= 0"),
    ],
    references=[
        Reference("product_id", "products"),
        Reference("customer_id", "customers", severity="warning"),
    ],
)
def reviews(products, customers):
    """One row per review."""

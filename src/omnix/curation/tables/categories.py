"""The shop's tree of categories."""

from omnix.curation.shape import Field, Rule, curated, row_times


@curated(
    key=("category_id",),
    fields={
        "category_id": Field("text", "The shop's category.", required=True),
        "category_name": Field("text", "Its name.", required=True),
        "parent_category_id": Field("text", "The category above it; empty at the top."),
        "description": Field("text", "What the shop says of it."),
        "is_active": Field("flag", "Whether it is shown.", default="true"),
        **row_times(),
    },
    rules=[
        Rule(
            "a category is not its own parent",
            "parent_category_id is null or parent_category_id <> category_id",
            part="consistency",
        )
    ],
)
def categories():
    """One row per category."""

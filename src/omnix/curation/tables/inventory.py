"""What lies in which warehouse."""

from omnix.curation.shape import Derived, Field, Reference, Rule, curated, row_times


@curated(
    key=("inventory_id",),
    fields={
        "inventory_id": Field("text", "The shop's stock record.", required=True),
        "product_id": Field("text", "The product.", required=True),
        "warehouse_location": Field("text", "Where it lies."),
        "quantity_available": Field("whole", "Pieces on the shelf.", required=True),
        "quantity_reserved": Field("whole", "Of these, promised to orders.", default="0"),
        "reorder_point": Field("whole", "Pieces at which the shop orders more."),
        "reorder_quantity": Field("whole", "Pieces it then orders."),
        "last_restocked_at": Field("moment", "Last delivery from a supplier, UTC."),
        **row_times(),
    },
    derived={
        "quantity_free": Derived(
            "int64", "Pieces that can still be sold.", "quantity_available - quantity_reserved"
        ),
    },
    rules=[
        Rule("the quantity is not negative", "quantity_available >= 0"),
        Rule("the reserved quantity is not negative", "quantity_reserved >= 0"),
        Rule(
            "not more is reserved than available",
            "quantity_reserved <= quantity_available",
            part="consistency",
        ),
    ],
    references=[Reference("product_id", "products")],
)
def inventory(products):
    """One row per product and warehouse."""

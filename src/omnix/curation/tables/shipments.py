"""How orders travelled."""

from omnix.curation.shape import CrossRule, Derived, Field, Reference, Rule, curated, row_times


@curated(
    key=("shipment_id",),
    fields={
        "shipment_id": Field("text", "The shop's shipment.", required=True),
        "order_id": Field("text", "The order it carries.", required=True),
        "carrier": Field("text", "Who carries it."),
        "tracking_number": Field("text", "The carrier's number.", person="detail"),
        "status": Field(
            "text",
            "pending, in_transit, delivered, returned.",
            source="shipment_status",
            default="'pending'",
            normal="lower({})",
        ),
        "shipped_at": Field("moment", "When it left, UTC.", source="shipped_date"),
        "estimated_delivery_at": Field(
            "moment", "When it was promised for, UTC.", source="estimated_delivery_date"
        ),
        "delivered_at": Field("moment", "When it arrived, UTC.", source="actual_delivery_date"),
        "cost_cents": Field("money", "What the carrier charges the shop.", source="shipping_cost"),
        **row_times(),
    },
    derived={
        "transit_days": Derived(
            "int64",
            "Whole days from leaving to arriving.",
            "date_diff('day', shipped_at, delivered_at)",
            nullable=True,
        ),
        "days_late": Derived(
            "int64",
            "Days after the promised day; negative when early.",
            "date_diff('day', estimated_delivery_at, delivered_at)",
            nullable=True,
        ),
    },
    rules=[
        Rule("the cost is not negative", "cost_cents is null or cost_cents >= 0"),
        Rule(
            "it arrived after it left",
            "delivered_at is null or shipped_at is null or delivered_at >= shipped_at",
            part="consistency",
            severity="warning",
        ),
        Rule(
            "what is delivered has left",
            "status <> 'delivered' or shipped_at is not null",
            part="consistency",
            severity="warning",
        ),
    ],
    references=[Reference("order_id", "orders")],
    cross_rules=[
        CrossRule(
            "shipped after it was ordered",
            "shipments",
            """
            select shipment_id
            from shipments
            join orders using (order_id)
            where shipped_at < ordered_at
            """,
        ),
    ],
)
def shipments(orders):
    """One row per shipment of an order."""

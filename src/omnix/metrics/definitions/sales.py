"""Money and pieces, from the daily sales table."""

from omnix.metrics.metric import Metric, Relation

SALES = Relation(
    tables=("sales_daily",),
    sql="""
        select
            sold_on as day, currency, country, category_id, category_name,
            gross_cents, discount_cents, refund_cents, net_cents, tax_cents, quantity
        from sales_daily
    """,
    dimensions={
        "country": "Where the order counts.",
        "category_id": "The product's category.",
        "category_name": "The category's name.",
        "currency": "ISO 4217 code of the money.",
    },
)

net_sales = Metric(
    name="net_sales",
    title="Net sales",
    about="What was sold less discounts and refunds, before tax and postage.",
    unit="money",
    relation=SALES,
    expression="sum(net_cents)",
    systems=("market_intelligence", "global_market_pulse"),
    heads=("market_intelligence", "global_market_pulse"),
    floor=None,
)

gross_sales = Metric(
    name="gross_sales",
    title="Gross sales",
    about="Quantity × unit price of all that was sold, before discounts, refunds and tax.",
    unit="money",
    relation=SALES,
    expression="sum(gross_cents)",
    systems=("market_intelligence",),
)

discounts = Metric(
    name="discounts",
    title="Discounts",
    about="Taken off lines and whole orders.",
    unit="money",
    relation=SALES,
    expression="sum(discount_cents)",
    good="down",
    systems=("market_intelligence",),
)

refunds = Metric(
    name="refunds",
    title="Refunds",
    about="Money given back, on the day it was given: refunds, cancellations, chargebacks.",
    unit="money",
    relation=SALES,
    expression="sum(refund_cents)",
    good="down",
    systems=("market_intelligence", "compliance_guardian"),
)

units = Metric(
    name="units",
    title="Units sold",
    about="Pieces sold, returns not taken off.",
    unit="count",
    relation=SALES,
    expression="sum(quantity)",
    systems=("market_intelligence", "demand_insights"),
    heads=("demand_insights",),
)

refund_rate = Metric(
    name="refund_rate",
    title="Refund rate",
    about="Refunds as a share of gross sales of the same days. Refunds count on their own day.",
    unit="ratio",
    relation=SALES,
    expression="sum(refund_cents)",
    per=gross_sales,
    additive=False,
    good="down",
)

discount_rate = Metric(
    name="discount_rate",
    title="Discount rate",
    about="Discounts as a share of gross sales.",
    unit="ratio",
    relation=SALES,
    expression="sum(discount_cents)",
    per=gross_sales,
    additive=False,
    good="down",
)

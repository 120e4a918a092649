"""Whether payments go through, and what is charged back."""

from omnix.metrics.metric import Metric, Relation

PAYMENTS = Relation(
    tables=("payments",),
    sql="""
        select
            cast(paid_at as date) as day, currency, status,
            coalesce(payment_method, '(unknown)') as payment_method,
            coalesce(card_brand, '(none)') as card_brand
        from payments
        where paid_at is not null
    """,
    dimensions={
        "payment_method": "Card, transfer, wallet and so on.",
        "card_brand": "The card's brand; '(none)' where there was no card.",
        "currency": "ISO 4217 code of the payment.",
    },
)

CHARGEBACKS = Relation(
    tables=("refunds",),
    sql="""
        select refunded_on as day, currency, coalesce(country, '(unknown)') as country
        from refunds
        where kind = 'chargeback'
    """,
    dimensions={
        "country": "Country in which it counts, where the shop says so.",
        "currency": "ISO 4217 code of the money charged back.",
    },
)

payments = Metric(
    name="payments",
    title="Payments",
    about="Attempts to pay, whatever became of them.",
    unit="count",
    relation=PAYMENTS,
    expression="count(*)",
)

payment_failure_rate = Metric(
    name="payment_failure_rate",
    title="Failed payments",
    about="Share of attempts to pay that failed.",
    unit="ratio",
    relation=PAYMENTS,
    expression="count(*) filter (where status = 'failed')",
    per=payments,
    additive=False,
    good="down",
    systems=("compliance_guardian",),
    heads=("compliance_guardian",),
)

chargebacks = Metric(
    name="chargebacks",
    title="Chargebacks",
    about="Payments that the customer's bank took back, on the day it did.",
    unit="count",
    relation=CHARGEBACKS,
    expression="count(*)",
    good="down",
    systems=("compliance_guardian",),
)

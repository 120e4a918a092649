"""How orders were paid. Never a card number: brand, BIN, last four and a keyed token."""

from omnix.curation.shape import Field, Reference, Rule, curated, row_times


@curated(
    key=("payment_id",),
    fields={
        "payment_id": Field("text", "The shop's payment.", required=True),
        "order_id": Field("text", "The order it pays.", required=True),
        "payment_method": Field("text", "card, transfer, wallet and so on.", normal="lower({})"),
        "status": Field(
            "text",
            "pending, completed, failed, refunded, chargeback.",
            source="payment_status",
            default="'completed'",
            normal="lower({})",
        ),
        "amount_cents": Field("money", "What was to be paid.", source="amount", required=True),
        "currency": Field("text", "ISO 4217 code.", default="$currency", normal="upper({})"),
        "transaction_id": Field("text", "The payment provider's number."),
        "card_brand": Field("text", "visa, mastercard and so on.", normal="lower({})"),
        "card_bin": Field("text", "First six digits: the issuer.", person="detail"),
        "card_last_four": Field("text", "Last four digits.", person="detail"),
        "card_token": Field(
            "text",
            "Keyed token: the same card gives the same token, and nothing leads back.",
            person="id",
        ),
        "paid_at": Field("moment", "When, UTC.", source="payment_date"),
        **row_times(),
    },
    rules=[
        Rule("the amount is not negative", "amount_cents >= 0"),
        Rule(
            "the payment was not made in the future",
            "paid_at is null or paid_at <= $ingested_at + interval 1 day",
        ),
        Rule(
            "a completed payment has the provider's number",
            "status <> 'completed' or transaction_id is not null",
            severity="warning",
            part="consistency",
        ),
        Rule(
            "the BIN is six or eight digits",
            r"card_bin is null or regexp_full_match(card_bin, '\d{6}(\d{2})?')",
        ),
        Rule(
            "the last four are four digits",
            r"card_last_four is null or regexp_full_match(card_last_four, '\d{4}')",
        ),
    ],
    references=[Reference("order_id", "orders")],
    money="amount_cents",
)
def payments(orders):
    """One row per attempt to pay an order."""

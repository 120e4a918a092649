"""What customers allowed, and took back."""

from omnix.curation.shape import Field, Reference, Rule, curated


@curated(
    key=("consent_id",),
    fields={
        "consent_id": Field(
            "text",
            "The shop's record; made of customer, purpose and time where it has none.",
            default="concat_ws('/', customer_id, purpose, strftime(recorded_at, '%Y-%m-%dT%H:%M:%S'))",
        ),
        "customer_id": Field("text", "Who.", required=True, person="id"),
        "purpose": Field(
            "text", "What for: marketing, profiling and so on.", required=True, normal="lower({})"
        ),
        "granted": Field("flag", "True: allowed. False: taken back.", required=True),
        "recorded_at": Field("moment", "When, UTC.", required=True),
        "source": Field("text", "Where it was said: checkout, account page and so on."),
    },
    rules=[
        Rule(
            "the consent was not recorded in the future",
            "recorded_at <= $ingested_at + interval 1 day",
        ),
    ],
    references=[Reference("customer_id", "customers")],
    newest="recorded_at",
)
def consents(customers):
    """One row per time a customer allowed a purpose or took it back; the latest holds."""

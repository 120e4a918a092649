"""What a currency was worth on a day."""

from omnix.curation.shape import Field, Rule, curated


@curated(
    key=("rate_date", "currency", "base_currency"),
    fields={
        "rate_date": Field("day", "The day.", required=True),
        "currency": Field("text", "ISO 4217 code.", required=True, normal="upper({})"),
        "base_currency": Field(
            "text", "The currency it is told in.", default="$currency", normal="upper({})"
        ),
        "rate": Field("number", "Units of the base currency for one unit.", required=True),
    },
    rules=[Rule("the rate is above zero", "rate > 0")],
    newest=None,
)
def exchange_rates():
    """One row per day, currency and base currency."""

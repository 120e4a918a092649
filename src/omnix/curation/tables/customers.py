"""Who buys."""

from omnix.curation.shape import Derived, Field, Rule, curated, row_times


@curated(
    key=("customer_id",),
    fields={
        "customer_id": Field("text", "The shop's customer.", required=True, person="id"),
        "email": Field("text", "E-mail address, lower case.", person="detail", normal="lower({})"),
        "first_name": Field("text", "Given name.", person="detail"),
        "last_name": Field("text", "Family name.", person="detail"),
        "phone": Field("text", "Telephone number as the shop writes it.", person="detail"),
        "address_line1": Field("text", "Street and number.", person="detail"),
        "address_line2": Field("text", "Second address line.", person="detail"),
        "city": Field("text", "Town.", person="detail"),
        "state": Field("text", "State or region."),
        "postal_code": Field("text", "Postal code.", person="detail"),
        "country": Field("text", "Country, as the shop writes it (ISO 3166 where it does)."),
        "is_active": Field("flag", "Whether the shop holds the account open.", default="true"),
        "customer_segment": Field("text", "The shop's own label for the customer."),
        **row_times(),
    },
    derived={
        "email_domain": Derived(
            "string",
            "What stands after the @.",
            "nullif(split_part(email, '@', 2), '')",
            nullable=True,
        ),
    },
    rules=[
        Rule(
            "the e-mail looks like one",
            r"email is null or regexp_full_match(email, '[^@\s]+@[^@\s.]+(\.[^@\s.]+)+')",
            severity="warning",
        ),
        Rule(
            "the account was not opened in the future",
            "created_at is null or created_at <= $ingested_at + interval 1 day",
        ),
        Rule(
            "the account was opened before it was changed",
            "created_at is null or updated_at is null or created_at <= updated_at",
            severity="warning",
            part="consistency",
        ),
    ],
)
def customers():
    """One row per customer account."""

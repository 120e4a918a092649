"""Days on which people do not work, or shop more."""

from omnix.curation.shape import Field, curated


@curated(
    key=("holiday_date", "country", "holiday_name"),
    fields={
        "holiday_date": Field("day", "The day.", required=True),
        "country": Field("text", "Where.", required=True),
        "holiday_name": Field("text", "Its name.", required=True),
    },
    newest=None,
)
def holidays():
    """One row per holiday and country."""

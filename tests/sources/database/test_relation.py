"""The column that says when a row changed is found by name and type."""

from __future__ import annotations

import pyarrow as pa
import pytest

from omnix.sources.database.relation import Column, Relation


def relation(*columns: tuple[str, str | None]) -> Relation:
    stamps = [
        Column(name, "t", pa.timestamp("us"), name, moment=moment) for name, moment in columns
    ]
    return Relation(name="t", sql="t", columns=tuple(stamps))


@pytest.mark.parametrize(
    "name",
    ["updated_at", "updatedAt", "date_upd", "DATE_MODIFIED", "last_modified", "post_modified_gmt"],
)
def test_a_known_name_is_found(name: str) -> None:
    found = relation(("created_at", "naive"), (name, "utc")).watermark
    assert found is not None
    assert found.name == name


def test_the_most_telling_name_wins() -> None:
    found = relation(("modified", "naive"), ("updated_at", "naive")).watermark
    assert found is not None
    assert found.name == "updated_at"


def test_a_day_or_a_text_is_no_watermark() -> None:
    assert relation(("updated_at", None), ("created_at", "naive")).watermark is None

"""What the routes of home, catalogue, quality, quarantine and customers answer."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from omnix.api.data_models import (
    ComparisonAnswer,
    DataColumn,
    EmptyBecause,
    Money,
    Number,
    PeriodAnswer,
    PointAnswer,
    Sources,
    Unit,
)
from omnix.api.models import Answer

State = Literal["ok", "warning", "failed", "empty"]


class HealthAnswer(Answer):
    """How something stands."""

    state: State
    reasons: list[str]


class FreshnessAnswer(Answer):
    """How old numbers are."""

    as_of: dt.date | None
    built_at: dt.datetime | None = Field(description="Of the oldest table.")
    stale: bool = Field(description="Whether there are newer inputs.")


class HeadlineAnswer(Answer):
    """The number on a card."""

    metric: str
    label: str
    value: Number
    unit: Unit
    currency: str | None
    good: Literal["up", "down"]
    period: PeriodAnswer
    comparison: ComparisonAnswer | None
    sparkline: list[PointAnswer]


class CardAnswer(Answer):
    """One system at a glance."""

    system: str
    title: str
    about: str
    headline: HeadlineAnswer | None
    empty_reason: str | None
    freshness: FreshnessAnswer
    health: HealthAnswer
    tables: int
    registered: bool


class HomeAnswer(Answer):
    """A card for each system."""

    generated_at: dt.datetime
    cards: list[CardAnswer]
    provenance: Sources


class SystemAnswer(Answer):
    """A system of tables."""

    name: str
    title: str
    about: str
    registered: bool = Field(description="Declared by SQL in this home.")
    enabled: bool


class TableAnswer(Answer):
    """A table of the catalogue."""

    name: str
    layer: str
    system: str
    about: str
    rows: int | None
    version: int | None
    built_at: dt.datetime | None
    as_of: dt.date | None
    stale: bool
    quality: float | None
    health: HealthAnswer
    empty_because: EmptyBecause
    error: str | None
    columns_count: int
    key: list[str]
    registered: bool


class CatalogAnswer(Answer):
    """Every system and table."""

    systems: list[SystemAnswer]
    tables: list[TableAnswer]


class OriginAnswer(Answer):
    """What a column is computed from; without a column the whole table is meant."""

    table: str
    column: str


class ColumnAnswer(Answer):
    """A column of a table."""

    name: str
    type: str
    about: str
    nullable: bool
    person: Literal["id", "detail"] | None
    personal_hidden: bool = Field(description="Whether it is kept from this caller.")
    lineage: list[OriginAnswer]


class CheckAnswer(Answer):
    """A rule that every row keeps."""

    rule: str
    sql: str


class VersionAnswer(Answer):
    """One commit of a table."""

    version: int
    at: dt.datetime
    operation: str
    rows: int = Field(description="Rows that it wrote.")
    run_id: str | None


class TableDetailAnswer(TableAnswer):
    """A table in full."""

    columns: list[ColumnAnswer]
    checks: list[CheckAnswer]
    sql: str | None = Field(description="The SELECT that builds it; null for curated tables.")
    inputs: list[str]
    read_by: list[str]
    versions: list[VersionAnswer]
    provenance: Sources


class NodeAnswer(Answer):
    """A table in the picture of lineage."""

    name: str
    layer: str
    system: str
    rows: int | None
    health: State


class EdgeAnswer(Answer):
    """What flows from one table to another."""

    from_: str = Field(alias="from")
    to: str


class LineageAnswer(Answer):
    """The picture of lineage."""

    nodes: list[NodeAnswer]
    edges: list[EdgeAnswer]


class RuleAnswer(Answer):
    """A rule that rows broke."""

    rule: str
    severity: Literal["error", "warning"]
    rows: int
    share: float | None = Field(description="Of the rows that came.")


class TableQualityAnswer(Answer):
    """How good one table's data is."""

    table: str
    rows_mapped: int
    rows_curated: int
    rows_quarantined: int
    rows_excluded: int
    rows_duplicate: int
    completeness: float | None
    validity: float | None
    uniqueness: float | None
    consistency: float | None
    score: float | None
    empty_because: EmptyBecause
    line: float = Field(description="The score below which a table is bad.")
    blocked: bool = Field(description="Whether new versions are held back.")
    rules: list[RuleAnswer]


class QualityAnswer(Answer):
    """How good the data is."""

    tables: list[TableQualityAnswer]
    provenance: Sources


class BooksRow(Answer):
    """One step of one table."""

    step: str
    table_name: str
    rows_in: int
    rows_kept: int
    rows_quarantined: int
    rows_difference: int
    money_in_cents: Money
    money_kept_cents: Money
    money_quarantined_cents: Money
    money_difference_cents: Money
    differing_rows: str | None
    balanced: bool


class BooksAnswer(Answer):
    """Whether every row and cent is accounted for."""

    balanced: bool | None = Field(description="null: the books were never written.")
    rows: list[BooksRow]
    provenance: Sources


class QuarantineCount(Answer):
    """What one rule set aside or warned of."""

    table: str
    severity: Literal["error", "warning"]
    rule: str
    rows: int
    money_cents: Money


class QuarantineCountsAnswer(Answer):
    """What was set aside, by table and rule."""

    data: list[QuarantineCount]


class QuarantinedRow(Answer):
    """A row that broke rules."""

    row_id: int | None
    row_key: str | None
    severity: Literal["error", "warning"]
    rules: str
    money_cents: Money
    source_row: dict[str, Any] | None = Field(description="As it came; with tables:personal only.")


class QuarantineAnswer(Answer):
    """A page of rows that broke rules."""

    data: list[QuarantinedRow]
    next_cursor: str | None


class FailedTable(Answer):
    """A table that was not brought up to date."""

    table: str
    outcome: str
    message: str


class ReplayAnswer(Answer):
    """What a replay did."""

    run_id: str
    corrected: int = Field(description="Corrected rows that were taken in.")
    replayed: int = Field(description="Rows fewer in quarantine than before.")
    still_quarantined: int
    failed: list[FailedTable]


class CustomerAnswer(Answer):
    """One customer's features, a row for each currency."""

    customer_id: str
    data: list[dict[str, Any]] = Field(description="Columns as in customer_features.")
    provenance: Sources


class PreviewAnswer(Answer):
    """The first rows of a table."""

    columns: list[DataColumn]
    data: list[dict[str, Any]]
    provenance: Sources

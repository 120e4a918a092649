"""What bodies and answers are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

#: Fields that a body may have at its top.
MOST_FIELDS = 200


def _only_iso(value: object) -> object:
    """Numbers would pass for seconds since 1970."""
    if isinstance(value, str) and not value[:5].endswith("-"):
        raise ValueError("should be a moment such as 2026-01-31T12:00:00Z")
    return value


#: A moment as ISO 8601 writes it.
Moment = Annotated[datetime, BeforeValidator(_only_iso)]


def _in_utc(moment: datetime) -> datetime:
    """Our tables keep UTC without a zone; told without one, it would be taken for local time."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


#: A moment of ours, told with its zone.
Utc = Annotated[datetime, AfterValidator(_in_utc)]


class Body(BaseModel):
    """What is sent to us: a field that nobody reads is an error of the sender."""

    model_config = ConfigDict(extra="forbid", str_max_length=100_000)

    @model_validator(mode="before")
    @classmethod
    def _not_too_many(cls, given: Any) -> Any:
        """Thousands of unknown fields would each be told; they are refused at once."""
        if isinstance(given, dict) and len(given) > MOST_FIELDS:
            raise ValueError(f"has {len(given):,} fields; {MOST_FIELDS} are the most")
        return given


class CamelBody(Body):
    """A body of the account routes, whose fields are camelCase."""

    model_config = ConfigDict(
        extra="forbid", str_max_length=4_096, alias_generator=to_camel, validate_by_name=False
    )


class Answer(BaseModel):
    """What we send."""

    model_config = ConfigDict(from_attributes=True)


class CamelAnswer(Answer):
    """An answer of the account routes, whose fields are camelCase."""

    model_config = ConfigDict(
        from_attributes=True,
        alias_generator=to_camel,
        validate_by_name=True,
        serialize_by_alias=True,
    )


class Message(Answer):
    """What was done, in words."""

    message: str


class Provenance(Answer):
    """The table that an answer was built on."""

    table: str = Field(description="The table's name.")
    layer: str = Field(description="curated or analytics.")
    system: str = Field(description="The system that the table belongs to.")
    version: int | None = Field(description="The version that was read; null: never built.")
    as_of: date | None = Field(default=None, description="Nothing on or after this day counts.")
    built_at: datetime | None = Field(default=None, description="When this version was published.")
    run_id: str | None = Field(default=None, description="The run that built it.")
    model_version: str | None = Field(default=None, description="The model that made the rows.")


class ProblemAnswer(Answer):
    """An error (RFC 9457)."""

    type: str = Field(description="about:blank; the title and status say what it is.")
    title: str
    status: int
    detail: str = Field(description="What is wrong, with the thing and the value.")
    step: str | None = Field(default=None, description="What to do next.")
    instance: str | None = Field(default=None, description="The address that was asked for.")
    request_id: str | None = Field(default=None, description="Name it when you report this.")
    errors: list[dict[str, Any]] | None = Field(
        default=None, description="Each wrong field: {field, message}."
    )

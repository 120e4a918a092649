"""What the routes on trained models take and answer."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from omnix.api.data_models import EmptyBecause
from omnix.api.forecast_models import Needed, Saids
from omnix.api.models import Answer, Body


class DriverAnswer(Answer):
    """What a model's answers rest on."""

    name: str
    effect: float
    words: str
    said: Saids


class MeasureAnswer(Answer):
    """A metric of a version by what its name says: "mase_day_shop" is MASE by day, of the shop."""

    name: str
    score: str
    grain: str = Field(description="Empty where the name says nothing of it; so the level.")
    level: str
    words: str = Field(description="MASE by day, shop.")
    value: float
    baseline: float | None


class ModelVersionAnswer(Answer):
    """One trained version. Its files never change."""

    version: str
    state: str = Field(
        description="champion, challenger, refused, former champion, rolled back, registered."
    )
    reason: str
    reason_said: Saids
    made_at: dt.datetime
    metrics: dict[str, float]
    baseline: dict[str, float]
    measures: list[MeasureAnswer] = Field(description="The same in words, with the baseline's.")
    data_version: str
    code_version: str
    inputs: list[str]
    checksum: str
    purpose: str
    purpose_said: Saids
    trained_on: str
    trained_on_said: Saids
    limits: list[str]
    limits_said: list[Saids]
    drivers: list[DriverAnswer]


class ModelAnswer(Answer):
    """A model with the version that answers and the one that waits for its chance."""

    name: str
    title: str
    champion: ModelVersionAnswer | None
    challenger: ModelVersionAnswer | None
    versions: int


class ModelsAnswer(Answer):
    """Every trained model."""

    data: list[ModelAnswer]
    empty_because: EmptyBecause = None
    needed: Needed = None
    empty_said: Saids = Field(default=[])
    needed_said: Saids = Field(default=[])


class ModelDetailAnswer(ModelAnswer):
    """One model with all of its versions, the newest first."""

    all: list[ModelVersionAnswer]


class Promotion(Body):
    """Which version becomes champion."""

    version: str | None = Field(
        default=None, max_length=100, description="Its semantic version; null: the challenger."
    )


class Rollback(Body):
    """Why the champion before is to be champion again."""

    reason: str = Field(default="Rolled back by hand.", min_length=1, max_length=500)

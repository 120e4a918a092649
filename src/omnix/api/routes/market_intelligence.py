"""Forecasts by part of the shop, how good they were, trends, and competitors' prices."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from omnix.api.computing import EVENT_STREAM, answered
from omnix.api.csv_bodies import csv_body, takes_csv
from omnix.api.forecast_models import (
    AnyMetric,
    Day,
    GrainName,
    LevelName,
    LevelsAnswer,
    ModelComparisonAnswer,
    ScoreboardAnswer,
    SeriesAnswer,
)
from omnix.api.market_models import (
    CompetitivePricingAnswer,
    FeedAnswer,
    MarketTrendsAnswer,
    UploadAnswer,
)
from omnix.api.on_demand_models import (
    ComparedAnswer,
    CompareWish,
    ForecastWish,
    MadeForecastAnswer,
    WhatIfAnswer,
    WhatIfWish,
)
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.sending import forms, json_bytes
from omnix.api.visit import From
from omnix.app.analytics.query import dumps
from omnix.app.forecasting.service import (
    Change,
    CompareWanted,
    ForecastWanted,
    LevelsAsked,
    TrendsAsked,
    WhatIfWanted,
)
from omnix.auth.roles import Permission

router = APIRouter(prefix="/market-intelligence", tags=["market intelligence"])

Metric = Annotated[AnyMetric, Query(description="What is forecast.")]
Level = Annotated[LevelName, Query(description="The whole shop, or a kind of part of it.")]
Item = Annotated[
    str,
    Query(max_length=200, description="The country, or the id of the store, category or product; empty: the shop."),
]  # fmt: skip
Grain = Annotated[GrainName, Query(description="The periods.")]
_READ = rule("tables:read", cached=True)


@router.get("/levels", response_model=LevelsAnswer, **_READ)
def levels(
    service: ServiceHere,
    metric: Metric = "net_sales",
    search: Annotated[str, Query(max_length=200, description="Part of an id or a name.")] = "",
    level: Annotated[LevelName | None, Query(description="Only these.")] = None,
    parent: Annotated[str, Query(max_length=200, description="Products of this category.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[str, Query(max_length=500, description="`next_cursor` of a page.")] = "",
) -> Response:
    """The shop and its parts, those that sold most lately first, with what comes next."""
    asked = LevelsAsked(metric, level or "", parent, search, limit, cursor)
    return json_bytes(service.forecasting.levels(asked))


@router.get("/series", response_model=SeriesAnswer, **_READ)
def series(
    service: ServiceHere,
    level: Level = "shop",
    item: Item = "",
    metric: Metric = "net_sales",
    grain: Grain = "day",
    history: Annotated[int, Query(ge=0, le=3660, description="Periods of the past.")] = 180,
    horizon: Annotated[int, Query(ge=1, le=365, description="Periods ahead.")] = 30,
) -> Response:
    """One series: its past, the stored forecast with intervals, events, and how good it was."""
    return json_bytes(service.forecasting.series(metric, level, item, grain, history, horizon))


@router.get("/comparison", response_model=ModelComparisonAnswer, **_READ)
def comparison(
    service: ServiceHere,
    metric: Metric = "net_sales",
    grain: Grain = "day",
    level: Annotated[LevelName | None, Query(description="The shop unless given.")] = None,
    item: Item = "",
) -> Response:
    """Every candidate on the same folds: of one series, or over all of a level."""
    return json_bytes(service.forecasting.comparison(metric, grain, level or "", item))


@router.get("/scoreboard", response_model=ScoreboardAnswer, **_READ)
def scoreboard(
    service: ServiceHere,
    metric: Metric = "net_sales",
    level: Level = "shop",
    item: Item = "",
    grain: Grain = "day",
    kind: Annotated[
        Literal["live", "backtest"] | None, Query(description="Both unless given.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=2000, description="Rows, the newest first.")] = 400,
) -> Response:
    """What was predicted against what happened, and whether it is getting better or worse."""
    found = service.forecasting.scoreboard(metric, level, item, grain, kind or "", limit)
    return json_bytes(found)


@router.get("/trends", response_model=MarketTrendsAnswer, **_READ)
def trends(
    service: ServiceHere,
    start_date: Annotated[
        Day | None, Query(description="90 days before the end unless given.")
    ] = None,
    end_date: Annotated[Day | None, Query(description="The newest day unless given.")] = None,
    level: Annotated[LevelName | None, Query(description="Only these.")] = None,
    item: Annotated[str | None, Query(max_length=200, description="Only this part.")] = None,
    metric: Annotated[AnyMetric | None, Query(description="Only this metric.")] = None,
) -> Response:
    """Growth, momentum and season of each part of the shop, and the days on which a level changed."""
    asked = TrendsAsked(start_date, end_date, level or "", item, metric or "")
    return json_bytes(service.forecasting.trends(asked))


@router.get("/competitive-pricing", response_model=CompetitivePricingAnswer, **_READ)
def competitive_pricing(
    service: ServiceHere,
    product_id: Annotated[str, Query(max_length=200, description="One product; else all.")] = "",
) -> Response:
    """Our prices beside competitors', with a suggestion that never falls below the margin floor."""
    return json_bytes(service.forecasting.pricing(product_id))


_FEED = takes_csv(
    rule("runs:start", costs=10),
    "Columns product_id, competitor_name, competitor_price, observed_at and, where it is not the "
    "shop's, currency.",
)


@router.post("/competitor-prices", response_model=FeedAnswer, **_FEED)
def competitor_prices(
    service: ServiceHere,
    caller: Caller,
    origin: From,
    content: Annotated[bytes, Depends(csv_body)],
    day_first: Annotated[
        bool | None, Query(description="How 01/05/2017 is meant; needed only for such days.")
    ] = None,
) -> Any:
    """Take in competitors' prices from a CSV, and build what hangs on them.

    The same file again changes nothing; wrong columns or another currency are refused as a whole.
    """
    taken = service.forecasting.take_in_prices(content, day_first=day_first)
    service.accounts.audit.record(
        "competitor_prices.sent", actor_id=caller.user_id, object="competitor_prices",
        origin=origin, detail={
            "upload_id": taken.upload_id, "rows": taken.rows, "accepted": taken.accepted,
            "run_id": taken.run_id,
        },
    )  # fmt: skip
    return taken


@router.get(
    "/competitor-prices/{upload_id}", response_model=UploadAnswer, **rule("quarantine:read")
)
def upload(
    service: ServiceHere,
    caller: Caller,
    origin: From,
    upload_id: Annotated[
        str, Path(max_length=40, description="As the answer to the file named it.")
    ],
    cursor: Annotated[str, Query(max_length=500, description="`next_cursor` of a page.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """What has become of a file of competitors' prices, and its rows that were set aside, with reasons."""
    personal = Permission.TABLES_PERSONAL in caller.permissions
    told = service.forecasting.upload(upload_id, cursor=cursor, limit=limit, personal=personal)
    if personal:
        service.accounts.audit.record(
            "quarantine.read", actor_id=caller.user_id, object="competitor_prices", origin=origin,
            detail={"upload_id": upload_id},
        )  # fmt: skip
    return json_bytes(dumps(told))


#: Beside JSON: what is going on, then the answer, as server-sent events. It is dear.
_COMPUTED = forms(rule("tables:read", costs=20), EVENT_STREAM)


@router.post("/forecast", response_model=MadeForecastAnswer, **_COMPUTED)
async def forecast(request: Request, service: ServiceHere, body: ForecastWish) -> Response:
    """A forecast of the shop or a part of it; with a model or days of one's own it is computed.

    Accept: text/event-stream gives `progress` {step, done, total, words; model, before}, `answer`,
    `end`; whoever hangs up ends the computation.
    """
    wanted = _wanted(body, body.model)
    return await answered(request, service, await to_thread(service.forecasting.forecast, wanted))


@router.post("/compare-models", response_model=ComparedAnswer, **_COMPUTED)
async def compare_models(request: Request, service: ServiceHere, body: CompareWish) -> Response:
    """Candidates tried on the same cuts of one series' past; events as `/forecast`."""
    wanted = CompareWanted(_wanted(body, "auto"), tuple(body.models))
    return await answered(request, service, await to_thread(service.forecasting.compare, wanted))


@router.post("/what-if", response_model=WhatIfAnswer, **_COMPUTED)
async def what_if(request: Request, service: ServiceHere, body: WhatIfWish) -> Response:
    """What a promotion, another price or a closed day would change; events as `/forecast`."""
    changes = tuple(Change(each.kind, each.from_, each.to, each.value) for each in body.changes)
    wanted = WhatIfWanted(body.metric, body.level, body.item, body.grain, body.horizon, changes)
    return await answered(request, service, await to_thread(service.forecasting.what_if, wanted))


def _wanted(body: ForecastWish | CompareWish, model: str) -> ForecastWanted:
    return ForecastWanted(
        body.metric, body.horizon, model, body.grain, body.product_id or "", body.category_id or "",
        body.store_id or "", body.country or "", body.start_date, body.end_date,
    )  # fmt: skip

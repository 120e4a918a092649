"""The first page over HTTP."""

from __future__ import annotations

from api.test_analytics import kept
from omnix.api import catalog_models as models
from serving import Served


def test_the_cards_keep_their_model(served: Served) -> None:
    told = kept(served.get("/home"), models.HomeAnswer)
    assert {card["system"] for card in told["cards"]} >= {"market_intelligence", "customer_intelligence"}  # fmt: skip
    for card in told["cards"]:
        assert card["headline"] or card["empty_reason"]


def test_the_cards_are_not_sent_twice(served: Served) -> None:
    tag = served.get("/home").headers["etag"]
    assert served.get("/home", headers={"If-None-Match": tag}).status_code == 304

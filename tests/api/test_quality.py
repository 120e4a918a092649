"""Quality and books over HTTP."""

from __future__ import annotations

from api.test_analytics import kept
from omnix.api import catalog_models as models
from serving import Served


def test_scores_and_rules_keep_their_model(served: Served) -> None:
    told = kept(served.get("/quality"), models.QualityAnswer)
    assert all(0 <= each["score"] <= 1 for each in told["tables"] if each["score"] is not None)


def test_the_books_keep_their_model(served: Served) -> None:
    assert kept(served.get("/books"), models.BooksAnswer)["rows"]

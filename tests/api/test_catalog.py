"""The catalogue over HTTP."""

from __future__ import annotations

import json

import pytest

from api.test_analytics import kept, problem
from omnix.api import catalog_models as models
from serving import Served


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/catalog", models.CatalogAnswer),
        ("/catalog/sales_daily", models.TableDetailAnswer),
        ("/catalog/customers", models.TableDetailAnswer),
        ("/catalog/books_balance", models.TableDetailAnswer),
        ("/catalog/orders/preview?limit=3", models.PreviewAnswer),
        ("/lineage", models.LineageAnswer),
        ("/lineage?table=sales_daily", models.LineageAnswer),
    ],
)
def test_answers_keep_their_models(served: Served, path, model) -> None:
    kept(served.get(path), model)


def test_every_table_of_the_catalogue_can_be_opened(served: Served) -> None:
    tables = served.get("/catalog").json()["tables"]
    for table in tables:
        told = kept(served.get(f"/catalog/{table['name']}"), models.TableDetailAnswer)
        assert len(told["columns"]) == table["columns_count"]
        kept(served.get(f"/catalog/{table['name']}/preview"), models.PreviewAnswer)


def test_hidden_columns_are_hidden_by_role(served: Served) -> None:
    for role, hidden in (("analyst", True), ("manager", False)):
        columns = served.get("/catalog/customers", role).json()["columns"]
        assert next(c for c in columns if c["name"] == "email")["personal_hidden"] is hidden
        shown = served.get("/catalog/customers/preview", role).json()["columns"]
        assert ("email" in {c["name"] for c in shown}) is not hidden
    actions = served.get("/admin/audit?action=personal.read", "admin").json()["data"]
    assert any(row["object"] == "customers" for row in actions)


@pytest.mark.parametrize("path", ["/catalog", "/catalog/orders", "/catalog/orders/preview", "/lineage", "/home", "/quality", "/books", "/metrics-catalog"])  # fmt: skip
def test_customers_and_strangers_see_nothing(served: Served, path) -> None:
    problem(served.get(path, "customer"), 403)
    problem(served.get(path, None), 401)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/catalog/nope", 404),
        ("/catalog/raw%2Forders", 404),
        ("/catalog/..%2F..%2Fx", 404),
        ("/catalog/%00", 404),
        ("/catalog/%ff", 404),
        ("/catalog/orders/preview?limit=0", 422),
        ("/catalog/orders/preview?limit=101", 422),
        ("/catalog/nope/preview", 404),
        ("/lineage?table=nope", 404),
        ("/lineage?tabel=orders", 422),
        (f"/catalog/{'x' * 300}", 422),
    ],
)
def test_what_is_not_there_is_told(served: Served, path, status) -> None:
    assert "/tmp" not in json.dumps(problem(served.get(path), status))

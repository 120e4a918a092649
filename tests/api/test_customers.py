"""One customer over HTTP: people see themselves alone, and cannot tell who else is there."""

from __future__ import annotations

import json

from api.test_analytics import kept, problem
from omnix.api import catalog_models as models
from serving import Served, email_of

ONE, OTHER = "C000001", "C000002"


def features(served: Served, customer: str, role: str):
    return served.get(f"/customers/{customer}/features", role)


def test_staff_look_anybody_up_without_details(served: Served) -> None:
    for role in ("analyst", "manager", "admin"):
        told = kept(features(served, ONE, role), models.CustomerAnswer)
        assert told["data"][0]["customer_id"] == ONE
        assert "@" not in json.dumps(told)


def test_customers_see_their_own_alone(served: Served) -> None:
    people = served.get(f"/admin/users?search={email_of('customer')}", "admin").json()["data"]
    assert features(served, ONE, "customer").status_code == 404
    body = {"customerId": ONE}
    assert served.ask("PATCH", f"/admin/users/{people[0]['id']}", "admin", json=body).status_code == 200  # fmt: skip
    served._tokens.pop("customer", None)
    kept(features(served, ONE, "customer"), models.CustomerAnswer)
    there = problem(features(served, OTHER, "customer"), 404)
    nobody = problem(features(served, "C999999", "customer"), 404)
    assert there["detail"].replace(OTHER, "") == nobody["detail"].replace("C999999", "")
    served.ask("PATCH", f"/admin/users/{people[0]['id']}", "admin", json={"customerId": None})
    served._tokens.pop("customer", None)


def test_names_that_nobody_has_are_told(served: Served) -> None:
    for name in ("nobody", "%00", "..%2Fx", "%27%20or%201=1", "%ff"):
        problem(features(served, name, "analyst"), 404)
    problem(features(served, "x" * 300, "analyst"), 422)

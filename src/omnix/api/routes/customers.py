"""One customer at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from omnix.api.catalog_models import CustomerAnswer
from omnix.api.points import Point
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.sending import json_bytes
from omnix.app.accounts import Principal
from omnix.app.analytics.customers import unknown
from omnix.auth.roles import Permission

router = APIRouter(prefix="/customers", tags=["customers"])


@router.get(
    "/{customer_id}/features",
    response_model=CustomerAnswer,
    **rule("customers:read", "customers:own"),
)
def features(
    service: ServiceHere,
    caller: Caller,
    customer_id: Annotated[str, Path(max_length=200, description="The shop's own id.")],
) -> Response:
    """What is known of a customer from what they bought. Customers see their own alone."""
    if not _may_see(caller, customer_id):
        raise unknown(customer_id)
    return json_bytes(service.analytics.customer(customer_id))


def _may_see(caller: Principal, customer_id: str) -> bool:
    """Whoever may look up customers; customers themselves only their own."""
    owns = Permission.CUSTOMERS_OWN in caller.permissions and caller.customer_id == customer_id
    return Permission.CUSTOMERS_READ in caller.permissions or owns


POINT = Point(
    prefix="/api/v1/customers/",
    suffix="/features",
    route="/customers/{customer_id}/features",
    may=_may_see,
    look=lambda service, key, stamp: service.analytics.customers.remembered(key, stamp),
)

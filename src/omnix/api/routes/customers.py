"""One customer at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from omnix.api.data_models import CustomerAnswer
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.sending import json_bytes
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
    owns = caller.customer_id is not None and caller.customer_id == customer_id
    if Permission.CUSTOMERS_READ not in caller.permissions and not owns:
        raise unknown(customer_id)
    return json_bytes(service.analytics.customer(customer_id))

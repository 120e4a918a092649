"""Accounts of others: list, invite, change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from omnix.api import visit
from omnix.api.account_models import ChangingUser, Inviting, ProfileAnswer, Role, UsersAnswer
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.visit import From

router = APIRouter(prefix="/admin/users", tags=["admin"], dependencies=[Depends(visit.no_store)])


@router.get("", **rule("users:manage"))
def users(
    service: ServiceHere,
    search: Annotated[str | None, Query(max_length=200)] = None,
    role: Role | None = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> UsersAnswer:
    """Accounts, the newest first; `search` looks at names and addresses."""
    found = service.accounts.users.list(search=search, role=role, cursor=cursor, limit=limit)
    data = [ProfileAnswer.model_validate(each) for each in found.data]
    return UsersAnswer(data=data, next_cursor=found.next_cursor)


@router.post("", status_code=201, **rule("users:manage"))
def invite(body: Inviting, caller: Caller, service: ServiceHere, origin: From) -> ProfileAnswer:
    """Invite somebody: a mail brings them a link to choose a password."""
    made = service.accounts.users.invite(body.email, body.name, body.role, by=caller, origin=origin)
    return ProfileAnswer.model_validate(made.user)


@router.patch("/{id}", **rule("users:manage"))
def change_user(
    user_id: Annotated[str, Path(alias="id", max_length=64)],
    body: ChangingUser,
    caller: Caller,
    service: ServiceHere,
    origin: From,
) -> ProfileAnswer:
    """Give another role, disable or enable, or say which customer of the shop it is."""
    changed = service.accounts.users.change(
        user_id,
        role=body.role,
        is_active=body.is_active,
        customer_id=body.customer_id,
        by=caller,
        origin=origin,
    )
    return ProfileAnswer.model_validate(changed)

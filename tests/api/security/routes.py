"""Every route of the API as OpenAPI describes it, and who must get in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from omnix.api.app import openapi
from omnix.api.rules import PUBLIC, RULE
from omnix.auth.roles import ROLES

#: Routes that are public by rule and look at the caller themselves: what they then ask for.
INSIDE: Mapping[str, list[str]] = {"GET /metrics": ["metrics:read"]}

#: API keys, each of somebody with a role, and with one scope.
KEYS = {"analyst's key for tables": ("analyst", "tables:read"),
        "admin's key for the audit log": ("admin", "audit:read"),
        "manager's key for runs": ("manager", "runs:read")}  # fmt: skip
CALLERS = ("anonymous", *sorted(ROLES), *KEYS)


@dataclass(frozen=True)
class Route:
    """One method of one path; `wants`: any of these permissions is enough."""

    method: str
    path: str
    wants: tuple[str, ...]
    body: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_public(self) -> bool:
        return self.wants == (PUBLIC,)

    @property
    def address(self) -> str:
        """The path with something in the place of each parameter."""
        return re.sub(r"\{[^}]+\}", "nothing", self.path)

    def expected(self, caller: str) -> int | str:
        """What `caller` must be told: 401, 403, or that they are in."""
        if self.is_public:
            return "in"
        if caller == "anonymous":
            return 401
        return "in" if permissions(caller) & set(self.wants) else 403


def permissions(caller: str) -> set[str]:
    """What a role or a key may do."""
    if caller in KEYS:
        return {KEYS[caller][1]}
    return {str(each) for each in ROLES[caller]}


def routes() -> list[Route]:
    """All of them, by path and method."""
    found = []
    for path, methods in openapi()["paths"].items():
        for method, described in methods.items():
            name = f"{method.upper()} {path}"
            wants = INSIDE.get(name) or described[RULE]
            content = described.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema")
            found.append(Route(method.upper(), path, tuple(wants), body))
    return sorted(found, key=lambda route: route.name)


def matrix() -> dict[str, dict[str, Any]]:
    """Who gets in where, by route: what `matrix.json` holds."""
    return {
        route.name: {
            "any of": list(route.wants),
            **{caller: route.expected(caller) for caller in CALLERS},
        }
        for route in routes()
    }


def written() -> str:
    """`matrix.json`: a line for each route, so that a review sees what changed."""
    import json

    lines = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in matrix().items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"

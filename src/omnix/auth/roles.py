"""Roles and what they may do. Whatever is not written here is denied."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """One thing that a route may ask for; its text is what API keys are scoped by."""

    SELF = "self"
    TABLES_READ = "tables:read"
    TABLES_PERSONAL = "tables:personal"
    TABLES_EXPORT = "tables:export"
    SQL_RUN = "sql:run"
    RUNS_READ = "runs:read"
    RUNS_START = "runs:start"
    QUARANTINE_READ = "quarantine:read"
    QUARANTINE_REPLAY = "quarantine:replay"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    USERS_MANAGE = "users:manage"
    AUDIT_READ = "audit:read"
    SYSTEMS_READ = "systems:read"
    SYSTEMS_MANAGE = "systems:manage"
    METRICS_READ = "metrics:read"
    CUSTOMERS_OWN = "customers:own"
    CUSTOMERS_READ = "customers:read"


#: What each permission lets one do, in words; the dashboard shows them where keys are made.
MEANINGS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.SELF: "See and change the own account.",
        Permission.TABLES_READ: "Read curated and analytics tables without personal details.",
        Permission.TABLES_PERSONAL: "See personal details, such as names and addresses.",
        Permission.TABLES_EXPORT: "Take tables away as CSV, Arrow or Parquet.",
        Permission.SQL_RUN: "Ask questions in SQL.",
        Permission.RUNS_READ: "See what runs did.",
        Permission.RUNS_START: "Start runs.",
        Permission.QUARANTINE_READ: "See rows that were set aside, as the shop gave them.",
        Permission.QUARANTINE_REPLAY: "Correct rows that were set aside.",
        Permission.SETTINGS_READ: "See the settings.",
        Permission.SETTINGS_WRITE: "Change the settings.",
        Permission.USERS_MANAGE: "Invite people, give roles, disable accounts.",
        Permission.AUDIT_READ: "Read the audit log.",
        Permission.SYSTEMS_READ: "See systems that were added without code.",
        Permission.SYSTEMS_MANAGE: "Add systems of tables.",
        Permission.METRICS_READ: "Read the service's own measurements.",
        Permission.CUSTOMERS_OWN: "See what is known of oneself as a customer.",
        Permission.CUSTOMERS_READ: "Look up a single customer by surrogate id.",
    }
)

_CUSTOMER = frozenset({Permission.SELF, Permission.CUSTOMERS_OWN})
_ANALYST = frozenset(
    {
        Permission.SELF,
        Permission.TABLES_READ,
        Permission.TABLES_EXPORT,
        Permission.SQL_RUN,
        Permission.RUNS_READ,
        Permission.SYSTEMS_READ,
        Permission.CUSTOMERS_READ,
    }
)
_MANAGER = _ANALYST | {
    Permission.TABLES_PERSONAL,
    Permission.QUARANTINE_READ,
    Permission.QUARANTINE_REPLAY,
    Permission.RUNS_START,
    Permission.SETTINGS_READ,
}
_ADMIN = _MANAGER | {
    Permission.SETTINGS_WRITE,
    Permission.USERS_MANAGE,
    Permission.AUDIT_READ,
    Permission.SYSTEMS_MANAGE,
    Permission.METRICS_READ,
}

ROLES: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {"admin": _ADMIN, "manager": _MANAGER, "analyst": _ANALYST, "customer": _CUSTOMER}
)


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role may do; an unknown role may do nothing."""
    return ROLES.get(role, frozenset())

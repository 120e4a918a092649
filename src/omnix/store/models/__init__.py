"""The tables of the store, one module per family. `Base.metadata` holds them all."""

from omnix.store.models.audit import AuditEntry, AuditHead
from omnix.store.models.base import Base, UtcDateTime
from omnix.store.models.keys import ApiKey
from omnix.store.models.runs import ServiceRun
from omnix.store.models.sessions import RefreshToken, SignIn
from omnix.store.models.throttle import Attempt
from omnix.store.models.tokens import OneTimeToken, Registration
from omnix.store.models.users import RecoveryCode, User
from omnix.store.models.vitals import WebVital

__all__ = [
    "ApiKey",
    "Attempt",
    "AuditEntry",
    "AuditHead",
    "Base",
    "OneTimeToken",
    "RecoveryCode",
    "RefreshToken",
    "Registration",
    "ServiceRun",
    "SignIn",
    "User",
    "UtcDateTime",
    "WebVital",
]

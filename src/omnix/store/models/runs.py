"""Runs that people asked the service for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from omnix.store.models.base import Base, UtcDateTime

STATUSES = ("queued", "running", "succeeded", "failed", "interrupted")


class ServiceRun(Base):
    """One row per run of the service, queued or done."""

    __tablename__ = "service_runs"
    __table_args__ = (CheckConstraint(f"status in {STATUSES}", name="status"),)

    run_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    requested_by: Mapped[str | None] = mapped_column(String(36))
    """The user's id; nobody for a schedule."""
    request: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message: Mapped[str] = mapped_column(Text, default="")
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

"""Attempts that count against somebody, shared by all processes and kept over a restart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from omnix.store.models.base import Base, UtcDateTime, new_id


class Attempt(Base):
    """One row per attempt and thing that it counts for; `bucket`, a keyed digest, names nobody."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_bucket_at", "bucket", "at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

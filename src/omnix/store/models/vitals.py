"""How fast the dashboard was in people's browsers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from omnix.store.models.base import Base, UtcDateTime


class WebVital(Base):
    """One row per measurement (https://web.dev/vitals); nobody's name stands in it."""

    __tablename__ = "web_vitals"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(10))
    value: Mapped[float]
    page: Mapped[str] = mapped_column(String(200))
    rating: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

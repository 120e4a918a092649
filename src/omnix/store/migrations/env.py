"""Alembic's entry: runs migrations on the connection that `store.migrating` hands over."""

from __future__ import annotations

from alembic import context

from omnix.store.models import Base

connection = context.config.attributes["connection"]
# SQLite can take back a table that it has made; so a migration is done whole or not at all.
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()

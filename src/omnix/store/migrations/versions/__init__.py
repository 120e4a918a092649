"""How the store came to its shape, one step after the other (Alembic)."""

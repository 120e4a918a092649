"""The operational store: people, sessions, keys, the audit log, runs of the service.

store = Store("", home)            # SQLite in the home; or "postgresql://…"
store.migrate()
with store.session() as session:   # one transaction: all of it or nothing
    session.add(User(...))
"""

from omnix.store.digests import Digests
from omnix.store.store import Store

__all__ = ["Digests", "Store"]

from app.accounts.world import world  # noqa: F401
from store.opening import migrated_home, store, store_server  # noqa: F401

from store.opening import migrated_home, store, store_server  # noqa: F401

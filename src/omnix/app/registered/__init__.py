"""Systems without code: tables that people declare by SQL in `<home>/systems/<name>.toml`."""

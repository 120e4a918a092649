"""From raw to curated: one agreed shape for every shop, one module per table."""

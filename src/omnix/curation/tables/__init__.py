"""The agreed shape: the curated tables, one module each."""

"""The analytics systems: one package each, one module per table; they talk through tables."""

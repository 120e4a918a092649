"""Customer intelligence: who buys, how often, how much."""

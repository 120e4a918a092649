"""What every room stands on: tables and their contracts, settings, errors, the clock, money."""

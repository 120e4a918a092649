"""Forecasts as people and programs ask for them: from the stored tables, or computed on demand."""

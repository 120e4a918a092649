"""The metrics, found by walking: every `Metric` that a module of this folder declares."""

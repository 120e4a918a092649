"""Measurements of speed and memory. They judge nothing: no test reads them."""

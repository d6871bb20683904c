"""Measures: what `make evaluate` counts, a table each."""

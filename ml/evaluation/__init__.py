"""Measures the reader: `evaluate.py` its accuracy, `bench.py` its speed."""

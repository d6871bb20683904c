"""Measures: counts how the reader does on one kind of picture each, and returns tables for the report."""

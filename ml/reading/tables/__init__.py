"""Reads tables: the grids of a page in, each of their cells read by itself out."""

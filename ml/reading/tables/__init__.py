"""Reads tables: finds the grid of rows and columns on a page, and reads each of its cells by itself."""

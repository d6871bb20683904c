"""Grids of a page: its rules followed, put together to lattices, and made rows, columns and cells."""

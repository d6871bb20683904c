"""Sheets that we draw and fill in with known values, and what cameras and scanners do to them."""

"""Sheets: draws documents with known values, and damages them as cameras and scanners do."""

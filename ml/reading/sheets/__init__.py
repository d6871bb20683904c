"""Sheets: finds the sheets on a page, aligns them to a layout, and judges whether the picture is good enough."""

"""Sheets: a page in, level sheets out, aligned to a layout, with what is wrong with the picture."""

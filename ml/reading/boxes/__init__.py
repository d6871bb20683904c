"""Boxes: a page without a layout in, a reading of every number that stands in a row of boxes for a digit each out."""

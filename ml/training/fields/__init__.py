"""Composed fields: pictures of whole amounts, dates and rows of boxes, in drawn or real digits, with labels."""

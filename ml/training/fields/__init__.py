"""Fields: whole amounts, dates and rows of boxes, composed of drawn or real digits, with what stands in them."""

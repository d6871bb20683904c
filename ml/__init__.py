"""Everything between pixels and numbers: reading, training, and evaluation. It never imports Django."""

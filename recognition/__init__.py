"""Documents and what was read on them: rows, the door to them, storage, checks."""

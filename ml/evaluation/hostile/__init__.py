"""Hostile pictures and files: made to take a reader's memory or time. `make fuzz`, the bench and tests read them."""

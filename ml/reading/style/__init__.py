"""Style: how a number was written, and how much two writings have in common."""

"""Acceptance: the evidence for a number in, the probability that it is right out, and what speaks against it."""

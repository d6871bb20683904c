"""Recognisers: a line in, hypotheses with probabilities out: each recogniser by itself, and their combination."""

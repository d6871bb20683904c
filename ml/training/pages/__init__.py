"""Drawn pages: whole pages of numbers of every kind that people drop, in given hands, with what stands on them."""

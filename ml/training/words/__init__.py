"""Amounts in words: lines of handwriting, composed in free fonts, from which the network of words learns."""

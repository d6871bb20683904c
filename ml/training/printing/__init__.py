"""Printing: numbers in typefaces, and lines of print beside lines of handwriting to train on."""

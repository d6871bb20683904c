"""Crafted files and pictures that no honest scanner makes: each is small, and takes a decoder or the reader far."""

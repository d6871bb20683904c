"""The bank's own directory: who comes through it, and which roles their groups give."""

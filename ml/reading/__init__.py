"""Reads numbers at run time: a file's bytes in, readings out.

`read.py` composes the stages; each has a room of its own.
"""

"""Reading at run time: a file's bytes in, readings out.

Each stage has a room, a subpackage. `read.py` composes them, and `elements` holds what they hand to one another.
"""

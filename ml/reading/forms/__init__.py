"""Forms: what a document is.

Layouts, the landmarks that tell forms apart, blank forms, and how amounts, dates, routing numbers and signs are
written.
"""

"""Sensitivity: on which constants set by eye the results hang. Each is moved by a fifth, one at a time."""

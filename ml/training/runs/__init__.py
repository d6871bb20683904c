"""Runs: the networks' layers, and the commands that train them."""

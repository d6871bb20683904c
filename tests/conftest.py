"""Fixtures for all tests; the pictures have a file of their own."""

pytest_plugins = ["tests.fixtures_images"]

"""Fixtures for all tests; the pictures have a file of their own."""

pytest_plugins = [
    "tests.fixtures_place",  # first: it moves the settings away from `var/`
    "tests.fixtures_images",
    "tests.fixtures_people",
    "tests.fixtures_branches",
    "tests.fixtures_fields",
    "tests.fixtures_servers",
    "tests.fixtures_clamd",
    "tests.fixtures_slips",
    "tests.fixtures_layouts",
    "tests.fixtures_marks",
    "tests.fixtures_triggers",
]

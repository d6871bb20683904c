"""Numbers: a page of which nothing is known in, a reading of every number on it out, with its marks and evidence."""

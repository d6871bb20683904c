"""Fields: a sheet and its layout in, a reading for each field out, with its checks; or every number of a page."""

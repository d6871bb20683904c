"""Ink: a sheet or a page in, lines and words of writing out, without the rules and boxes printed around them."""

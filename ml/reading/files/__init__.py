"""Files: bytes in, upright pages out. A file that cannot be read is refused with a sentence for its owner."""

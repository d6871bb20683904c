"""Files: bytes in, upright pages out. What cannot be read is refused with a sentence for its owner."""

"""Pages: reads whole pages, drawn and real, with our reader and a peer, and counts what passes right and wrong."""

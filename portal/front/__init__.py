"""Takes whole requests before Django sees them, and sends answers in pieces, so that no slow line holds a thread."""

"""Peers: other readers, measured beside ours in the same run."""

"""Peers: runs other readers beside ours, in the same run and on the same pictures."""

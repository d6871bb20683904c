"""Cross-field checks: a sheet's readings in, the same readings out after fields were compared with each other."""

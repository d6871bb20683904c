"""Documents and their readings: the database rows, who may see them, storage, and checks of the settings."""

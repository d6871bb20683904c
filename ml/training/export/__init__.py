"""Export: a trained network in, the file that ships and its card out."""

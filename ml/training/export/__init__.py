"""Export: a trained network in, the file that ships out, with its card."""

"""Calibration: from the recognisers' outputs to probabilities, and from an error rate to a threshold."""

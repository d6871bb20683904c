"""Calibration: the recognisers' posteriors in, confidences out; and a threshold for each error rate."""

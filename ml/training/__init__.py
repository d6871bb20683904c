"""Trains the networks that ship. Keras and TensorFlow live here alone."""

"""MICR: the ink at a cheque's foot in, the symbols of its E-13B line out."""

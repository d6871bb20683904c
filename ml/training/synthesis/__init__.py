"""Synthesis: what our own code draws. Digits in many hands, signs, marks that are no digit, print, and paper."""

"""Synthesis: pictures drawn by our code. Digits in many hands, signs, marks that are no digit, print, and paper."""

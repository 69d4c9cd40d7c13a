"""Figures gathered in sets; runs, scores and points read back."""

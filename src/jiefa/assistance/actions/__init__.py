"""Writes: plans and measures; loans and what becomes of them."""

"""Whose a violation and a case are, and what can be said against a wish, as pure functions and classes."""

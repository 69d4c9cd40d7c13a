"""Writes: a list compared, a pair decided, a lead looked into and reviewed."""

"""Reads: visits that may be known, findings to act on, talks."""

"""Reads: the one gate to complaints, lists to act on, counts for keepers and for the public."""

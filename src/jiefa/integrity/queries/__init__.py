"""Reads: progress of campaigns, violations, what was handed over, the case book, counts for the public."""

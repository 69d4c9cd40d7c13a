"""Money by double entry: where it came from, who holds it, what it was for, whom it reached."""

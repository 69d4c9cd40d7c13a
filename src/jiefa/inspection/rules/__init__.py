"""Who visits whom, in which state a finding is, and what can be said against a wish."""

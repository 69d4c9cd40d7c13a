"""Drawing a sample, replacing a household, taking answers in."""

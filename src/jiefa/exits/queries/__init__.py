"""What the standards ask of cards and of places, for many at once."""

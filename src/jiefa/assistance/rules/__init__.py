"""What measures and programmes are held to, as pure functions."""

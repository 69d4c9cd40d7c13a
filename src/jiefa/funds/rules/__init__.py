"""What a transfer must meet, and the arithmetic of an allocation, as pure functions."""

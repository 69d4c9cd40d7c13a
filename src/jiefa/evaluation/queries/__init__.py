"""The frame of a sample, its sheets, and what is estimated from its answers."""

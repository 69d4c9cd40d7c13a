"""What was promised for a place and a span of years, and where each promise stands."""

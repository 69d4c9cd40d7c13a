"""Writes: money posted and put right; orders that a second officer confirms; allocations; years closed."""

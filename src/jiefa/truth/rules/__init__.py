"""The statistics: pure functions over arrays."""

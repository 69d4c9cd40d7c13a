"""A synthetic Guizhou on the real divisions: deterministic, at any scale, with known faults. No real person is in it."""

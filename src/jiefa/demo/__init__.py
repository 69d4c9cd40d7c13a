"""A synthetic Guizhou on the real divisions: deterministic, at any scale, with known faults. Nobody in it is real."""

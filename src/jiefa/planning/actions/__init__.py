"""Writes: targets and capacities by list, plans made and changed, decisions on single households."""

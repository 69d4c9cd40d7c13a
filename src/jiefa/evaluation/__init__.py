"""The independent evaluation: a sample drawn from a frozen snapshot, blind sheets, answers from the field, estimates by the standard."""

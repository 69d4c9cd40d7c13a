"""Who changed what, in chains that cannot be altered unnoticed; who looked at whom."""

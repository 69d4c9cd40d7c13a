"""Reading snapshots for the checks, and reading back what the checks gave."""

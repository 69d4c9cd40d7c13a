"""Standards of leaving, item by item: of a household, of a village, of a county."""

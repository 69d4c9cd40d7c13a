"""What the records say when they are read back: quality rules, findings, snapshots of figures, indicators."""

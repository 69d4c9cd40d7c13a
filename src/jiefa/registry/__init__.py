"""The register itself: households, persons, annual cards, movements, changes; import and export."""

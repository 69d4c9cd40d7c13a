"""Lump-sum contracts for reduction, signed and settled; townships of concentrated investment. Uses ``funds`` for all money."""

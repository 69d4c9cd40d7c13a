"""Writes: contracts signed and settled by procedure, money that goes back under them, lists of concentrated investment."""

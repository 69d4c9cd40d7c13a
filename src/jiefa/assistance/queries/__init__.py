"""Reads: plans and measures; loans, funds and what is overdue."""

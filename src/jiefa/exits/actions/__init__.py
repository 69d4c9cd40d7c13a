"""Households, villages, townships and counties proposed to leave; what is asked before, what happens after."""

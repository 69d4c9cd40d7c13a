"""Reads: balances, transfers, what flowed from sources to holders, the way back from a household."""

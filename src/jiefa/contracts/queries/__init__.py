"""Reads: contracts with their money and heads, townships of concentrated investment with theirs."""

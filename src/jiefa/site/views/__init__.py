"""The edge: authorise, parse, call one action or query, render."""

"""Money, codes, periods, ID numbers, secrets and the error catalogue: plain Python, no Django, no I/O but keys."""

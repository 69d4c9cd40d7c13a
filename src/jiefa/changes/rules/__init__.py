"""What kinds of change there are, what each proposes, what speaks against it. Plain values."""

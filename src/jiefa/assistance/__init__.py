"""Help for households: what was agreed with each, the programmes that bring it, and what arrived of it."""

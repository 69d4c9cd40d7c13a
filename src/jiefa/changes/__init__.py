"""Changes of a household on any day: who comes, who leaves, who is the head, what was written wrongly; dated and decided."""

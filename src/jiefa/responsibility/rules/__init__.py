"""How many households a rank carries, what of visits is doubtful, how many days were served, how helpers are proposed. Plain values."""

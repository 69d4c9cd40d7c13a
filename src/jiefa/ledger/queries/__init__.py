"""What is counted from rows for each stated figure, and both beside each other."""

"""Plans as the pack has them on a day, and how far a target has been reached."""

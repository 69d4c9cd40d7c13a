"""Writes: campaigns and answers, violations and their putting right, groups and cases of livelihood supervision."""

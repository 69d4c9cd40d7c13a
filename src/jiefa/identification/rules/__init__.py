"""What an appraisal decides, what the four looks say, how a quota is split. Plain values."""

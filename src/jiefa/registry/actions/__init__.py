"""What officers do to the register, by subject: batches of rosters, single households."""

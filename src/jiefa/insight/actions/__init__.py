"""What is done with rules and figures, by subject: taking a roster in, findings, snapshots and what is computed from them."""

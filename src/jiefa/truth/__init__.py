"""Truth checks: what the figures of a snapshot look like where they were fitted, copied or entered in one go. Each is a question, not a finding."""

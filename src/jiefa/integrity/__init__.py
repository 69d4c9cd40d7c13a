"""Whether money and people are safe: self-inspection, violations put right, livelihood supervision with its own case book."""

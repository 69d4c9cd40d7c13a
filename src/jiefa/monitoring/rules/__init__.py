"""Which cards give a lead, who belongs to which group, when a watch may end; and a score that orders visits. Plain values."""

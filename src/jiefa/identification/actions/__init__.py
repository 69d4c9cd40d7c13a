"""Applications, appraisals, quotas, scores, look-back campaigns: what is done to find out who is poor."""

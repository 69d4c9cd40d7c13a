"""Who is poor: quotas, applications, village appraisal, look-back, changes of the household."""

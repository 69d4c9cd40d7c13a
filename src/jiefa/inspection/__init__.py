"""Unannounced visits, what they found and how it was put right; talks with officers who answer for it."""

"""Leaving the register: households, villages, townships, counties, each by its own standard and procedure."""

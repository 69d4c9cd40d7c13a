"""Leads raised, reported, closed; watches begun and ended by dossier; the score trained and tested."""

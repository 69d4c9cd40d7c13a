"""Writes: a visit planned, recorded or dropped; a finding replied to and looked at again; a talk held."""

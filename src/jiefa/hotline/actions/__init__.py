"""Writes: received, screened, routed, looked into, answered, called back, opened again; each look at who called is kept."""

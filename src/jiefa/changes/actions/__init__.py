"""Changes drawn up as dossiers, and what follows when they are decided."""

"""Where decisions are taken: the one table that says which capability stands behind which procedure."""

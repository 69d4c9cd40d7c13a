"""One engine for everything that moves level by level: a dossier, its steps, and the posts on whose desk it lies."""

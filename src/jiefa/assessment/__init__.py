"""How counties are assessed: schemes as data, figures from snapshots, evaluations and departments, every point explained, appeals."""

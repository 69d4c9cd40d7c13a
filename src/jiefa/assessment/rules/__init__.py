"""Pure rules: figures become points, points a score, a grade and a rank; every point is explained. No Django."""

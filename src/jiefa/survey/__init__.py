"""Survey statistics on anybody's microdata: income poverty, multidimensional poverty, design-based estimates.

For evaluators who bring a file of their own: needs no office, no database and no Django. Formulas and their sources stand in
the docstrings of ``poverty``, ``mpi`` and ``estimate``; what a missing value does stands there too.
"""

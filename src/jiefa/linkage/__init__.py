"""Who is the same person in two lists, or twice in one: exact where a number says so, probable by Fellegi and Sunter (1969) elsewhere.

Knows no register and no database: any table, its columns mapped by a specification.
"""

"""Rows in and out by the hundred thousand, and the few things that differ between SQLite and PostgreSQL.

The only folder that asks which database it is. It moves Arrow tables and knows no table's meaning.
"""

"""Dates in words of SQL, the same on both engines: days between two, the year of one, a day given as a parameter."""

from __future__ import annotations

from jiefa.stores.engine import is_postgres


def days_between(later: str, earlier: str) -> str:
    """The days from the column or mark ``earlier`` to ``later``, as a number."""
    return f"({later} - {earlier})" if is_postgres() else f"(julianday({later}) - julianday({earlier}))"


def year_of(column: str) -> str:
    """The calendar year of a column of dates, as a whole number. To stand in a statement with parameters."""
    return (
        f"CAST(extract(year FROM {column}) AS integer)"
        if is_postgres()
        else f"CAST(strftime('%%Y', {column}) AS integer)"
    )


def day_mark() -> str:
    """The mark of a parameter that is a day, where nothing else says so."""
    return "CAST(%s AS date)" if is_postgres() else "%s"

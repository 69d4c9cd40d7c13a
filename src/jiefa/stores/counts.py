"""Several bounded counts in one question that is composed once and asked any number of times.

Composing takes the ORM longer than the database takes to answer from an index.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


class Counts:
    """How many rows each of ``querysets`` has, no further than ``limit``, in one question."""

    def __init__(self, querysets: Iterable[QuerySet[Any]], limit: int) -> None:
        parts: list[str] = []
        self._values: list[Any] = []
        for rows in querysets:
            try:
                sql, values = rows.order_by().values("pk")[:limit].query.sql_with_params()
            except EmptyResultSet:  # an empty scope
                parts.append("0")
                continue
            parts.append(f"(SELECT count(*) FROM ({sql}) counted)")
            self._values += values
        self._sql = f"SELECT {', '.join(parts)}"

    def read(self) -> list[int]:
        """The counts of this moment, in the order of the querysets."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, self._values)
            return [int(count) for count in cursor.fetchone()]

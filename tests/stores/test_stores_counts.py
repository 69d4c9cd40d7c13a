"""What is composed once answers like the ORM, each time anew."""

from __future__ import annotations

import pytest

from jiefa.areas.models import Division
from jiefa.stores.counts import Counts

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def _places(*codes: str) -> None:
    Division.objects.bulk_create(Division(code=code, name=f"P{code}", level=len(code) // 2) for code in codes)


def test_counts_are_bounded_and_of_the_moment() -> None:
    _places("61", "62", "63")
    rows = Division.objects.filter(code__gte="61", code__lte="63")
    counts = Counts([rows, rows.filter(code="62"), rows.none(), rows.filter(code__gt="61")], 2)
    assert counts.read() == [2, 1, 0, 2]
    Division.objects.filter(code__in=["62", "63"]).delete()
    assert counts.read() == [1, 0, 0, 0]

"""Places for the rosters of these tests."""

from __future__ import annotations

import pytest

from jiefa.areas.models import Division


@pytest.fixture
def villages(request: pytest.FixtureRequest) -> list[str]:
    """Three villages of one county and one of another; with ``db`` or ``transactional_db``."""
    every = Division.objects.filter(level="village").order_by("code").values_list("code", flat=True)
    return [*every.filter(code__startswith="520326")[:3], *every.filter(code__startswith="520302")[:1]]

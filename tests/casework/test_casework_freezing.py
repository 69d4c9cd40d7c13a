"""A snapshot of everything: what is done before the first row leaves."""

from __future__ import annotations

import pytest

from jiefa import policy
from jiefa.casework import actions as casework
from jiefa.stores import bulk


@pytest.mark.usefixtures("committed_county")
def test_statistics_are_taken_of_every_table_that_grew_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []

    def refreshed(tables: list[str]) -> list[str]:
        looked_at.extend(tables)
        return []

    monkeypatch.setattr(bulk, "refresh_statistics", refreshed)
    casework.freeze(year=2015, now=False, pack=policy.load(), by="tests")

    assert {
        "registry_householdyear",
        "responsibility_visit",
        "responsibility_helper",
        "assistance_programmerecord",
        "funds_transfer",
    } <= set(looked_at)

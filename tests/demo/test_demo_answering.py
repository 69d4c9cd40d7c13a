"""Who answered in the demonstration: the published numbers, counted from rows."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.journeys.office import SHARES_PROVINCE

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.demo import answering as demo
from jiefa.demo.targets import scaled
from jiefa.registry.models import Household
from jiefa.responsibility.models import Helper, Round, TeamMember, Visit
from jiefa.responsibility.queries import answering, pairings, teams, visits

PROVINCE = Scope(("52",))
SCALE, YEAR = 0.001, 2015
YEARS_END = dt.date(YEAR, 12, 31)
LEDGER = {"T01": 56_000, "T03": 11_590, "T04": 9_000, "T05": 5, "V01": 86_300, "V02": 9_000, "V03": 100}

PAIRED = {
    "A01": 12, "A02": 8, "A03": 333_000_000_00, "A04": 39, "A05": 50, "A06": 1_000_000_000_00, "A07": 40,
    "A08": 101, "A09": 88, "A10": 127, "A11": 16, "A12": 1_270_000_000_00, "A13": 5_000_000_000_00,
}  # fmt: skip
FEN = ("A03", "A06", "A12", "A13")


@pytest.mark.sqlite  # the money of the same demonstration is counted in both kinds of records
@SHARES_PROVINCE
def test_numbers_of_the_ledger_are_counted_from_rows(demonstration: None) -> None:
    serving = teams.serving(PROVINCE, YEARS_END)
    covered = visits.coverage(Round.objects.get(), PROVINCE)
    found = {
        "T01": serving.people,
        "T03": serving.villages,
        "T04": serving.poor_villages,
        "T05": round(serving.people / serving.villages),
        "V01": covered.visitors,
        "V02": covered.villages_visited,
        "V03": 100 * covered.households_visited / covered.households,
    }

    found |= _paired()

    # Places do not shrink with the scale; people who visit do.
    money = {one: scaled(PAIRED[one], SCALE) for one in FEN}
    assert found == {**LEDGER, **PAIRED, "V01": scaled(LEDGER["V01"], SCALE), **money}
    assert all((link.counties, link.townships) == (1, 2) for link in pairings.leaders(PROVINCE, YEARS_END))
    assert {one.kind: one.missing for one in pairings.duties(PROVINCE, YEARS_END) if one.kind != "leader"} == {
        "central": [], "city": [], "department": [],
    }  # fmt: skip
    assert TeamMember.objects.filter(role="first_sec").count() == demo.VILLAGES
    without = answering.without_helper(PROVINCE, YEARS_END).count()
    assert 0 < without < Household.objects.count() / 50
    assert not teams.without_team(PROVINCE, YEARS_END)
    assert Helper.objects.filter(to_date__isnull=True).values("household").distinct().count() == Helper.objects.count()
    assert Visit.objects.filter(on__gte=demo.LAST_QUARTER).exists()


def _paired() -> dict[str, int]:
    """The ledger's figures of pairings, from rows."""
    kinds = {one.kind: one for one in pairings.by_kind(PROVINCE, YEARS_END, policy.load())}
    put_together = pairings.concentrated(PROVINCE, YEARS_END)
    return {
        "A01": kinds["state"].organisations,
        "A02": kinds["city"].organisations,
        "A03": kinds["city"].money.arrived_this_year,
        "A04": kinds["central"].organisations,
        "A05": kinds["central"].counties,
        "A06": kinds["private"].money.promised,
        "A07": kinds["leader"].leaders,
        "A08": kinds["department"].organisations,
        "A09": kinds["department"].counties,
        "A10": put_together.townships,
        "A11": put_together.counties,
        "A12": put_together.fiscal_fen,
        "A13": put_together.department_fen,
    }

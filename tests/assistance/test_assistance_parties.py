"""Roles of microcredit in a county: one unit at a time for each, who came before stays readable."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.procedures.people import COUNTY, People

from jiefa.assistance.actions import parties
from jiefa.assistance.queries import credit
from jiefa.audit import queries as audit
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Pack
from jiefa.registry.models import Household

Village = dict[str, Household]
SINCE, LATER = dt.date(2015, 1, 20), dt.date(2016, 1, 20)


def test_who_follows_ends_who_was_before(village: Village, people: People, pack: Pack) -> None:
    for role in ("management", "association"):
        parties.name_party(county=COUNTY, role=role, name="县扶贫办", on=SINCE, by=people.wang, pack=pack)

    parties.name_party(county=COUNTY, role="association", name=" 信用协会 ", on=LATER, by=people.wang, pack=pack)

    found = [(one.role, one.name, one.from_on, one.to_on) for one in credit.parties(COUNTY)]
    assert found == [
        ("association", "信用协会", LATER, None),
        ("association", "县扶贫办", SINCE, LATER),
        ("management", "县扶贫办", SINCE, None),
    ]
    assert audit.history("division", COUNTY)[0].action == "credit.party"
    assert not audit.verify().faults


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"role": "lender"}, parties.PartyUnknown),
        ({"name": "  "}, parties.PartyUnnamed),
        ({"on": SINCE}, parties.PartyBefore),
        ({"county": "520326"}, NotAllowed),
    ],
)
def test_what_is_refused_changes_nothing(
    village: Village, people: People, pack: Pack, changes: dict[str, object], refusal: type[JiefaError]
) -> None:
    parties.name_party(county=COUNTY, role="guarantee", name="担保公司", on=SINCE, by=people.wang, pack=pack)
    given: dict[str, object] = {"county": COUNTY, "role": "guarantee", "name": "新公司", "on": LATER, **changes}

    with pytest.raises(refusal):
        parties.name_party(by=people.wang, pack=pack, **given)  # type: ignore[arg-type]  # by name

    assert [(one.name, one.to_on) for one in credit.parties(COUNTY)] == [("担保公司", None)]


def test_helpers_and_villages_name_nobody(village: Village, people: People, pack: Pack) -> None:
    with pytest.raises(NotAllowed):
        parties.name_party(county=COUNTY, role="guarantee", name="担保公司", on=SINCE, by=people.li, pack=pack)

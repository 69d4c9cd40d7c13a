"""Pairings: who with which place, what was promised, what really came, what is missing; corrections are further lines."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.responsibility.conftest import NEXT_VILLAGE, entry

from jiefa.access.rules import Scope
from jiefa.areas.models import Designation
from jiefa.audit.models import Entry
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Pack
from jiefa.responsibility.actions import pairings
from jiefa.responsibility.actions import people as entering
from jiefa.responsibility.actions.pairings import NewArrival, NewCommitment, NewPairing
from jiefa.responsibility.models import Arrival, Cadre, Commitment, Organisation, Pairing
from jiefa.responsibility.queries import pairings as queries
from jiefa.responsibility.rules import refusals

pytestmark = pytest.mark.django_db
Cadres = dict[str, Cadre]
PROVINCE, PREFECTURE = Scope(("52",)), "5203"
FIRST, LATER, YEARS_END = dt.date(2014, 3, 1), dt.date(2015, 9, 1), dt.date(2015, 12, 31)


def new(area: str = COUNTY, kind: str = "central", **changes: Any) -> NewPairing:
    values = {"organisation": "中央单位甲", "organisation_kind": "central", "seat": "52", "on": FIRST}
    return NewPairing(kind=kind, area_code=area, **{**values, **changes})


@pytest.fixture
def paired(db: None, people: People, pack: Pack) -> Pairing:
    pairings.pair_many(pairings=[new()], by=people.zhao, pack=pack)
    return Pairing.objects.get()


def promise(paired: Pairing, fen: int = 500_000_00, **changes: Any) -> NewCommitment:
    values = {"on": FIRST, "form": "money", "what": "修路", "due": YEARS_END}
    return NewCommitment(pairing_id=paired.pk, amount_fen=fen, **{**values, **changes})


def arrival(paired: Pairing, fen: int = 200_000_00, **changes: Any) -> NewArrival:
    values = {"on": LATER, "form": "money", "what": "修路首款", "source": "own", "voucher": "PZ-1"}
    return NewArrival(pairing_id=paired.pk, amount_fen=fen, **{**values, **changes})


def test_pairing_is_made_once_and_many_with_many(people: People, pack: Pack) -> None:
    assert pairings.pair_many(pairings=[new()], by=people.zhao, pack=pack) == 1
    again = [new(on=LATER), new("520326", on=LATER), new(organisation="中央单位乙", on=LATER)]

    assert pairings.pair_many(pairings=again, by=people.zhao, pack=pack) == 2
    assert Organisation.objects.count() == 2
    assert sorted(Entry.objects.filter(action="organisation.paired").values_list("chain", flat=True)) == [
        COUNTY,
        COUNTY,
        "520326",
    ]
    assert [row.area_code for row in queries.inside(Scope((COUNTY,)), LATER)] == [COUNTY, COUNTY]
    assert [row.area_code for row in queries.over(Scope((TOWNSHIP,)), FIRST)] == [COUNTY]


def test_ended_pairing_keeps_its_book_and_another_may_begin(paired: Pairing, people: People, pack: Pack) -> None:
    pairings.promise_many(commitments=[promise(paired)], by=people.wang)

    pairings.end(pairing_id=paired.pk, on=LATER, by=people.wang)

    assert list(queries.inside(PROVINCE, LATER)) == []
    assert [one.amount_fen for one in queries.commitments(paired.pk)] == [500_000_00]
    for refused in (
        lambda: pairings.end(pairing_id=paired.pk, on=LATER, by=people.wang),
        lambda: pairings.promise_many(commitments=[promise(paired)], by=people.wang),
    ):
        with pytest.raises(refusals.PairingEnded):
            refused()
    assert pairings.pair_many(pairings=[new(on=LATER)], by=people.zhao, pack=pack) == 1


def test_a_promise_is_no_payment(paired: Pairing, people: People) -> None:
    pairings.promise_many(
        commitments=[promise(paired), promise(paired, 0, form="goods", what="图书三千册")], by=people.wang
    )
    assert queries.money([paired.pk], YEARS_END)[paired.pk] == queries.Money(500_000_00, 0, 0)

    came = [arrival(paired, 1_00, on=FIRST), arrival(paired, area_code=VILLAGE)]
    pairings.arrive_many(arrivals=came, by=people.wang)

    assert queries.money([paired.pk], YEARS_END)[paired.pk] == queries.Money(500_000_00, 200_001_00, 200_000_00)
    assert queries.money([paired.pk], FIRST)[paired.pk] == queries.Money(500_000_00, 1_00, 1_00)
    assert sum(one.amount_fen for one in queries.arrived(Scope((VILLAGE,)))) == 200_000_00


def test_correction_is_a_further_line_and_the_first_stays(paired: Pairing, people: People) -> None:
    pairings.arrive_many(arrivals=[arrival(paired)], by=people.wang)
    (first,) = queries.arrivals(paired.pk)
    right = arrival(paired, 20_000_00, corrects=first.pk, reason="多写一个零")

    pairings.arrive_many(arrivals=[right], by=people.wang)

    assert queries.money([paired.pk], YEARS_END)[paired.pk].arrived == 20_000_00
    assert Arrival.objects.count() == 2
    with pytest.raises(refusals.CorrectedBefore):
        pairings.arrive_many(arrivals=[right], by=people.wang)
    last = Arrival.objects.get(corrects=first)
    withdrawn = arrival(paired, 0, voucher="", corrects=last.pk, reason="没有到账")
    pairings.arrive_many(arrivals=[withdrawn], by=people.wang)
    assert queries.money([paired.pk], YEARS_END)[paired.pk].arrived == 0


def test_lines_are_never_rewritten(paired: Pairing, people: People) -> None:
    pairings.promise_many(commitments=[promise(paired)], by=people.wang)
    pairings.arrive_many(arrivals=[arrival(paired)], by=people.wang)

    for change in (
        lambda: Commitment.objects.update(amount_fen=1),
        lambda: Commitment.objects.all().delete(),
        lambda: Arrival.objects.update(amount_fen=1),
        lambda: Pairing.objects.update(area_code="520326"),
        lambda: Pairing.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"area": VILLAGE}, refusals.PlaceUnfit),
        ({"area": "529999"}, refusals.PlaceUnfit),
        ({"kind": "city", "area": COUNTY}, refusals.PlaceUnfit),
        ({"kind": "leader"}, refusals.LeaderMissing),
        ({"on": dt.date(2100, 1, 1)}, refusals.DayToCome),
    ],
)
def test_pairing_that_cannot_be(changes: dict[str, Any], refusal: type[JiefaError], people: People, pack: Pack) -> None:
    with pytest.raises(refusal):
        pairings.pair_many(pairings=[new(**changes)], by=people.zhao, pack=pack)
    assert not Pairing.objects.exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"fen": 0}, refusals.AmountMissing),
        ({"fen": -1}, refusals.AmountMissing),
        ({"what": " "}, refusals.AmountMissing),
        ({"voucher": ""}, refusals.AmountMissing),
        ({"area_code": "520326"}, refusals.ArrivalOutside),
        ({"on": FIRST - dt.timedelta(days=1)}, refusals.BeforePairing),
        ({"on": dt.date(2100, 1, 1)}, refusals.DayToCome),
        ({"reason": "没有可更正的"}, refusals.ReasonMissing),
        ({"corrects": 0, "reason": "没有这一条"}, refusals.CorrectedBefore),
    ],
)
def test_arrival_that_cannot_be(
    changes: dict[str, Any], refusal: type[JiefaError], paired: Pairing, people: People
) -> None:
    with pytest.raises(refusal):
        pairings.arrive_many(arrivals=[arrival(paired), arrival(paired, **changes)], by=people.wang)
    assert not Arrival.objects.exists()


def test_rights_end_at_the_area(paired: Pairing, people: People, pack: Pack) -> None:
    with pytest.raises(NotAllowed):
        pairings.pair_many(pairings=[new()], by=people.sun, pack=pack)
    with pytest.raises(NotAllowed):
        pairings.pair_many(pairings=[new("520326")], by=people.wang, pack=pack)
    with pytest.raises(refusals.PairingUnknown):
        pairings.arrive_many(arrivals=[arrival(paired)], by=people.wu)
    with pytest.raises(refusals.OrganisationUnknown):
        pairings.pair_many(pairings=[new(organisation="新单位")], by=people.wang, pack=pack)
    assert queries.pairing(paired.pk, Scope((TOWNSHIP,))) == paired
    assert queries.pairing(paired.pk, Scope(("520326",))) is None


def test_coverage_names_the_gaps(cadres: Cadres, people: People, pack: Pack) -> None:
    Designation.objects.bulk_create(
        Designation(division_id=code, kind="key_county", from_year=2011, source="tests") for code in (COUNTY, "520326")
    )
    leader = cadres["province"]
    made = [
        new(),
        new(PREFECTURE, "city", organisation="大连市", organisation_kind="city"),
        new(COUNTY, "leader", organisation="省级领导", organisation_kind="province", leader_id=leader.pk),
        new(TOWNSHIP, "leader", organisation="省级领导", organisation_kind="province", leader_id=leader.pk),
    ]
    pairings.pair_many(pairings=made, by=people.zhao, pack=pack)

    found = {one.kind: one for one in queries.duties(PROVINCE, YEARS_END)}

    assert (found["central"].wanted, found["central"].missing) == (2, ["520326"])
    assert (found["city"].wanted, found["city"].missing) == (1, [])
    assert found["leader"].missing == ["520326"]
    assert found["department"].covered == 0
    assert found["department"].wanted == len(found["department"].missing) == 88
    assert [(one.leader, one.counties, one.townships) for one in queries.leaders(PROVINCE, YEARS_END)] == [
        (leader.pk, 1, 1)
    ]
    kinds = {one.kind: one for one in queries.by_kind(PROVINCE, YEARS_END, pack)}
    assert (kinds["leader"].leaders, kinds["leader"].places, kinds["leader"].counties) == (1, 2, 1)
    assert kinds["group"] == queries.Kind("group", 0, 0, 0, 0, queries.Money())


def test_money_put_together_is_counted_by_source(people: People, pack: Pack) -> None:
    group = new(TOWNSHIP, "group", organisation="省扶贫办", organisation_kind="province")
    pairings.pair_many(pairings=[group], by=people.zhao, pack=pack)
    paired = Pairing.objects.get()
    came = [
        arrival(paired, 10_00, source="fiscal"),
        arrival(paired, 40_00, source="department", area_code=VILLAGE),
        arrival(paired, 5_00, source="own"),
    ]
    pairings.arrive_many(arrivals=came, by=people.zhao)

    assert queries.concentrated(PROVINCE, YEARS_END) == queries.Concentrated(1, 1, 10_00, 40_00)


def test_unit_of_a_village_is_near_in_a_proposal(cadres: Cadres, people: People, pack: Pack) -> None:
    entering.enter(cadre=entry("9", COUNTY), by=people.wang)
    unit = {"organisation": "扶贫办", "organisation_kind": "county", "seat": COUNTY}
    both = [new(VILLAGE, "unit", **unit), new(NEXT_VILLAGE, "unit", **unit)]
    pairings.pair_many(pairings=both, by=people.wang, pack=pack)

    found = queries.paired_villages({Cadre.objects.get(number="9").organisation_id}, Scope((COUNTY,)))

    assert list(found.values()) == [{VILLAGE, NEXT_VILLAGE}]

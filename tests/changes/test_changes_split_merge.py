"""One household becomes two, two become one: nobody is lost, nobody is counted twice, and what is an entry is said so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.changes import asking
from tests.changes.asking import CHILD, ON
from tests.procedures.people import VILLAGE, People
from tests.registry import rosters

from jiefa.audit import queries as audit
from jiefa.changes.rules import refusals
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household, HouseholdYear, Membership, Movement, PersonYear

Village = dict[str, Household]


def split(home: Household, people: People, pack: Pack, on: dt.date = ON, *, inherits: bool) -> tuple[int, Household]:
    """The second member goes, all three levels agree: the dossier, the new household."""
    _head, other = asking.keys(home)[:2]
    done = asking.submit(
        home, "split", people.li, pack, on, persons=(other,), relations={other: "head"}, inherits=inherits
    )
    assert done.outcome == ""
    assert asking.to_the_end(done, people, pack).outcome == "approved"
    return done.dossier, Household.objects.get(number=f"{home.number}-2")


def people_moved(household: Household) -> list[tuple[str, str | None, int]]:
    found = Movement.objects.filter(household=household, year=2015, reason__in=("split", "merge")).order_by("pk")
    return [(m.kind, m.reason, m.people) for m in found]


def test_split_off_household_keeps_the_status_only_by_decision_and_is_flagged(
    village: Village, people: People, pack: Pack
) -> None:
    home, before, living = village["B"], asking.poor_people(), asking.alive()
    other = asking.keys(home)[1]

    dossier, made = split(home, people, pack, inherits=True)

    assert Dossier.objects.get(pk=dossier).proposal["flags"] == ["new_entry", "restate_income"]
    assert (made.poverty_status, made.entered_year, made.village_code) == ("poor", 2013, VILLAGE)
    assert (made.split_from_id, made.size) == (home.pk, 1)
    assert asking.keys(made) == [other]
    assert PersonYear.objects.get(person=other, year=2015).labour == "ordinary"
    assert people_moved(home) == [("natural_loss", "split", -1)]
    assert people_moved(made) == [("natural_gain", "split", 1)]
    assert (asking.poor_people(), asking.alive()) == (before, living)
    asking.consistent()
    assert not audit.verify().faults


def test_without_the_status_it_applies_and_its_people_are_off_the_register(
    village: Village, people: People, pack: Pack
) -> None:
    home, before, living = village["B"], asking.poor_people(), asking.alive()

    dossier, made = split(home, people, pack, inherits=False)

    flags = Dossier.objects.get(pk=dossier).proposal["flags"]
    assert flags == ["applies", "people_leave", "restate_income"]
    assert (made.poverty_status, made.entered_year, made.split_from_id) == ("applicant", None, None)
    assert people_moved(made) == []
    assert (asking.poor_people(), asking.alive()) == (before - 1, living)
    asking.consistent()


def test_split_of_a_household_that_left_enters_nobody(village: Village, people: People, pack: Pack) -> None:
    before = asking.poor_people()

    dossier, made = split(village["D"], people, pack, inherits=True)

    assert Dossier.objects.get(pk=dossier).proposal["flags"] == ["restate_income"]
    assert (made.poverty_status, made.exited_year) == ("exited", 2014)
    assert asking.poor_people() == before
    asking.consistent()


def test_head_who_goes_leaves_a_head_behind(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    with pytest.raises(refusals.RelationMissing):
        asking.drawn(home, "split", pack, persons=(head,), relations={head: "head"})

    both = {head: "head", other: "head"}
    done = asking.submit(home, "split", people.li, pack, persons=(head,), relations=both, inherits=True)
    asking.to_the_end(done, people, pack)

    assert asking.relations(home) == {other: "head"}
    asking.consistent()


def test_split_needs_somebody_on_both_sides_and_a_number_of_its_own(
    village: Village, people: People, pack: Pack
) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    with pytest.raises(refusals.NobodyChosen):
        asking.drawn(home, "split", pack)
    with pytest.raises(refusals.NobodyStays):
        asking.drawn(home, "split", pack, persons=(head, other), relations={head: "head", other: "spouse"})
    with pytest.raises(refusals.NumberTaken):
        asking.drawn(home, "split", pack, persons=(other,), relations={other: "head"}, household_number="C")
    with pytest.raises(refusals.HeadUnfit):
        asking.drawn(home, "split", pack, persons=(other,), relations={other: "spouse"})


def test_merged_household_is_closed_and_its_people_conserved(village: Village, people: People, pack: Pack) -> None:
    home, target = village["B"], village["C"]
    before, living = asking.poor_people(), asking.alive()
    movers = asking.keys(home)
    relations = dict.fromkeys(movers, "sibling")

    done = asking.submit(home, "merge", people.li, pack, household_number="C", relations=relations)
    assert asking.to_the_end(done, people, pack).outcome == "approved"

    home.refresh_from_db()
    assert (home.poverty_status, home.size, home.card_year) == ("closed", 0, None)
    assert set(movers) < set(asking.keys(target))
    assert len(asking.keys(target)) == 4
    assert [m[2] for m in people_moved(home)] == [-1, -1]
    assert [m[2] for m in people_moved(target)] == [1, 1]
    assert (asking.poor_people(), asking.alive()) == (before, living)
    assert Dossier.objects.get(pk=done.dossier).proposal["flags"] == ["restate_income"]
    asking.consistent()


@pytest.mark.parametrize(("whose", "into", "flag"), [("D", "B", "people_enter"), ("B", "D", "people_leave")])
def test_merger_across_the_register_is_flagged(
    whose: str, into: str, flag: str, village: Village, people: People, pack: Pack
) -> None:
    movers = asking.keys(village[whose])
    asked = {"household_number": into, "relations": dict.fromkeys(movers, "other")}

    done = asking.submit(village[whose], "merge", people.li, pack, **asked)
    asking.to_the_end(done, people, pack)

    assert Dossier.objects.get(pk=done.dossier).proposal["flags"] == [flag, "restate_income"]
    asking.consistent()


def test_merger_needs_another_household_of_the_village(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    Household.objects.filter(pk=village["C"].pk).update(village_code="520324103201")
    relations = dict.fromkeys(asking.keys(home), "other")
    for number in ("", "B", "nothing", "C"):
        with pytest.raises(refusals.OtherUnknown):
            asking.drawn(home, "merge", pack, household_number=number, relations=relations)
    with pytest.raises(refusals.HeadUnfit):
        asking.drawn(home, "merge", pack, household_number="D", relations=dict.fromkeys(asking.keys(home), "head"))


def test_merger_stops_where_the_other_household_changed(village: Village, people: People, pack: Pack) -> None:
    relations = dict.fromkeys(asking.keys(village["B"]), "other")
    done = asking.submit(village["B"], "merge", people.li, pack, household_number="C", relations=relations)
    asking.submit(village["C"], "birth", people.li, pack, facts=CHILD)

    with pytest.raises(refusals.RecordChanged):
        asking.agree(done, people.sun, pack)


# What happens after the latest card: the memberships change, the roster of the year tells the movement.

NEXT = dt.date(2016, 3, 8)


@pytest.fixture
def next_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is a day of 2016."""
    monkeypatch.setattr(asking, "TODAY", dt.date(2016, 4, 1))


def roster_of_2016(folder: Path, families: dict[str, tuple[int, ...]], address: str = "") -> None:
    """The households with these serial numbers as members, the first the head."""
    homes, members = [], []
    for number, serials in families.items():
        homes.append(rosters.household(number, VILLAGE, 2016, stated_size=len(serials), address=address))
        for place, serial in enumerate(serials):
            row = rosters.member(number, serial, 2016)
            members.append(row | {"relation": "head" if place == 0 else "other"})
    assert rosters.load_unjudged(rosters.write(folder, homes, members)).held_back == 0


def flow_of_2016() -> tuple[int, int]:
    moved = sum(Movement.objects.filter(year=2016).values_list("people", flat=True))
    return asking.poor_people(2016), asking.poor_people(2015) + moved


def told_of(household: Household) -> list[tuple[str, str | None, dt.date, int]]:
    found = Movement.objects.filter(household=household, year=2016).order_by("people", "pk")
    return list(found.values_list("kind", "reason", "on", "people"))


def cards_of_2015() -> set[tuple[int, int]]:
    return set(HouseholdYear.objects.filter(year=2015).values_list("household_id", "size"))


@pytest.mark.usefixtures("next_year")
def test_split_after_the_card_is_told_by_the_next_roster(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    home, cards = village["B"], cards_of_2015()

    _dossier, made = split(home, people, pack, NEXT, inherits=True)

    assert cards_of_2015() == cards
    assert not Movement.objects.filter(year=2016).exists()
    assert (made.card_year, made.size, made.head_name) == (None, 1, Membership.objects.get(household=made).person.name)
    HouseholdYear.objects.filter(household__in=(village["A"].pk, village["D"].pk)).delete()
    for name in ("first", "again"):
        roster_of_2016(tmp_path / name, {"B": (20,), "B-2": (21,), "C": (30, 31)}, name)
        closing, told = flow_of_2016()
        assert closing == told == 4
    assert Movement.objects.get(household=made, year=2016).kind == "natural_gain"
    assert told_of(home) == [("natural_loss", "split", NEXT, -1)]
    assert told_of(made) == [("natural_gain", "split", NEXT, 1)]


@pytest.mark.usefixtures("next_year")
def test_merger_after_the_card_leaves_no_hole(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    relations = dict.fromkeys(asking.keys(village["B"]), "other")
    done = asking.submit(village["B"], "merge", people.li, pack, NEXT, household_number="C", relations=relations)

    asking.to_the_end(done, people, pack)

    HouseholdYear.objects.filter(household__in=(village["A"].pk, village["D"].pk)).delete()
    roster_of_2016(tmp_path / "roster", {"C": (30, 31, 20, 21)})
    closing, told = flow_of_2016()
    assert closing == told == 4


@pytest.mark.usefixtures("next_year")
def test_birth_and_death_after_the_card_are_not_counted_twice(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    asking.submit(home, "birth", people.li, pack, NEXT, facts=CHILD)
    asking.submit(home, "death", people.li, pack, NEXT, persons=(other,))
    child = Membership.objects.get(household=home, joined_reason="birth").person
    both = {head: "father", child.pk: "head"}
    asking.submit(home, "head", people.li, pack, NEXT, relations=both)
    home.refresh_from_db()
    assert (home.size, home.head_name) == (2, "张小宝")
    assert asking.relations(home) == both

    HouseholdYear.objects.filter(household__in=(village["A"].pk, village["D"].pk)).delete()
    homes = [rosters.household(number, VILLAGE, 2016) for number in ("B", "C")]
    members = [rosters.member("B", 20, 2016), *(rosters.member("C", n, 2016) for n in (30, 31))]
    members.append(
        rosters.member("B", 21, 2016, name="张小宝", id_number=None, birth_date=NEXT, sex="male", relation="son")
    )
    assert rosters.load_unjudged(rosters.write(tmp_path / "roster", homes, members)).held_back == 0

    closing, told = flow_of_2016()
    assert closing == told == 4
    assert asking.relations(home) == {head: "head", child.pk: "son"}
    assert told_of(home) == [("natural_loss", "death", NEXT, -1), ("natural_gain", "birth", NEXT, 1)]


@pytest.mark.usefixtures("next_year")
def test_death_that_a_change_told_is_a_natural_loss_though_the_next_roster_is_silent(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    home = village["B"]
    _head, other = asking.keys(home)
    asking.submit(home, "death", people.li, pack, NEXT, persons=(other,))

    HouseholdYear.objects.filter(household__in=(village["A"].pk, village["D"].pk)).delete()
    for name in ("first", "again"):
        roster_of_2016(tmp_path / name, {"B": (20,), "C": (30, 31)}, name)
        closing, told = flow_of_2016()
        assert closing == told == 3
        assert told_of(home) == [("natural_loss", "death", NEXT, -1)]


@pytest.mark.usefixtures("next_year")
def test_member_of_whom_nobody_says_anything_beside_one_who_died_is_a_correction(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    first, second = asking.keys(village["C"])
    asking.submit(village["C"], "death", people.li, pack, NEXT, persons=(second,))

    HouseholdYear.objects.filter(household__in=(village["A"].pk, village["D"].pk)).delete()
    roster_of_2016(tmp_path / "roster", {"B": (20,), "C": (30,)})

    closing, told = flow_of_2016()
    assert closing == told == 2
    assert told_of(village["B"]) == [("correction_out", "correction", dt.date(2016, 12, 31), -1)]
    assert told_of(village["C"]) == [("natural_loss", "death", NEXT, -1)]
    assert Membership.objects.get(person=first).left_on is None


def test_death_on_the_next_roster_is_a_natural_loss_on_its_day(village: Village, tmp_path: Path) -> None:
    home = rosters.household("B", VILLAGE, 2016, stated_size=1)
    gone = rosters.member("B", 21, 2016, change="death", changed_on=NEXT)

    rosters.load_unjudged(rosters.write(tmp_path / "roster", [home], [rosters.member("B", 20, 2016), gone]))

    assert told_of(village["B"]) == [("natural_loss", "death", NEXT, -1)]


def test_applicant_that_the_next_roster_has_as_poor_is_new_and_has_not_returned(
    village: Village, tmp_path: Path
) -> None:
    roster_of_2016(tmp_path / "roster", {"A": (10, 11), "D": (40, 41)})

    assert told_of(village["A"])[0][0] == "new"
    assert told_of(village["D"])[0][0] == "returned"

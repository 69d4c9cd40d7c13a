"""Each reason for which a roster's household waits, by a small roster; and where the village is found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.registry import rosters
from tests.registry.rosters import Row

from jiefa.access.rules import Scope
from jiefa.areas.models import Division
from jiefa.registry.intake.remarks import RULES
from jiefa.registry.models import Household, HouseholdYear, Membership, Person

pytestmark = pytest.mark.usefixtures("db")


class Office:
    """An office that sends rosters of households A (two people), B (two) and C (one)."""

    def __init__(self, villages: list[str], folder: Path) -> None:
        self.villages, self.folder, self.sent = villages, folder, 0

    def rows(self, year: int) -> tuple[dict[str, Row], dict[str, Row]]:
        """The rows of a year without any fault, by household and by household with place (``A0``)."""
        households, members = {}, {}
        for position, (number, size) in enumerate((("A", 2), ("B", 2), ("C", 1))):
            row, people = rosters.family(number, self.villages[position % 3], 10 * (position + 1), year, size)
            households[number] = row
            members |= {f"{number}{place}": person for place, person in enumerate(people)}
        return households, members

    def send(self, rows: tuple[dict[str, Row], dict[str, Row]]) -> Path:
        self.sent += 1
        return rosters.write(self.folder / f"roster{self.sent}", list(rows[0].values()), list(rows[1].values()))


@pytest.fixture
def office(villages: list[str], tmp_path: Path) -> Office:
    return Office(villages, tmp_path)


def _numbers() -> set[str]:
    return set(Household.objects.values_list("number", flat=True))


def test_roster_without_fault_goes_in_whole(office: Office) -> None:
    checked = rosters.load(office.send(office.rows(2014)))

    assert rosters.rules_said(checked) == set()
    assert (checked.batch.households, checked.batch.persons, checked.batch.accepted) == (3, 5, 3)
    assert (checked.batch.held_back, checked.batch.skipped) == (0, 0)
    assert _numbers() == {"A", "B", "C"}
    assert Person.objects.count() == Membership.objects.filter(left_on=None).count() == 5


@pytest.mark.parametrize(
    ("rule", "column", "value"),
    [("RO01", "village_code", "520326999999"), ("RO01", "village_code", None), ("RO02", "village_code", "outside")],
)
def test_place_holds_the_household_and_no_other(office: Office, rule: str, column: str, value: str | None) -> None:
    rows = office.rows(2014)
    rows[0]["B"][column] = office.villages[3] if value == "outside" else value

    checked = rosters.load(office.send(rows), within=Scope(("520326",)))

    assert rosters.rules_said(checked) == {(rule, "B")}
    assert _numbers() == {"A", "C"}


def test_ro03_household_number_twice(office: Office) -> None:
    rows = office.rows(2014)
    rows[0]["again"] = rows[0]["B"] | {"wage_income_fen": 1}

    checked = rosters.load(office.send(rows))

    assert ("RO03", "B") in rosters.rules_said(checked)
    assert _numbers() == {"A", "C"}


def test_ro04_member_without_household(office: Office) -> None:
    rows = office.rows(2014)
    rows[1]["lost"] = rosters.member("Z", 40)

    checked = rosters.load(office.send(rows))

    assert ("RO04", "Z") in rosters.rules_said(checked)
    assert _numbers() == {"A", "B", "C"}
    assert Person.objects.count() == 5


def test_ro05_new_member_without_reason(office: Office) -> None:
    rosters.load(office.send(office.rows(2014)))
    rows = office.rows(2015)
    rows[0]["B"]["stated_size"] = 3
    rows[1]["B2"] = rosters.member("B", 22, 2015)

    checked = rosters.load(office.send(rows))

    assert rosters.rules_said(checked) == {("RO05", "B")}
    assert set(HouseholdYear.objects.filter(year=2015).values_list("household__number", flat=True)) == {"A", "C"}


def test_new_member_with_reason(office: Office) -> None:
    rosters.load(office.send(office.rows(2014)))
    rows = office.rows(2015)
    rows[0]["B"]["stated_size"] = 3
    rows[1]["B2"] = rosters.member("B", 22, 2015) | {"change": "marriage_in", "changed_on": dt.date(2015, 5, 4)}

    checked = rosters.load(office.send(rows))

    assert rosters.rules_said(checked) == set()
    joined = Membership.objects.get(joined_reason="marriage_in")
    assert (joined.household.number, joined.joined_on, joined.left_on) == ("B", dt.date(2015, 5, 4), None)


def test_ro06_somebody_leaves_who_is_not_there(office: Office) -> None:
    rosters.load(office.send(office.rows(2014)))
    rows = office.rows(2015)
    rows[1]["B2"] = rosters.member("B", 22, 2015) | {"change": "death", "changed_on": dt.date(2015, 5, 4)}

    checked = rosters.load(office.send(rows))

    assert rosters.rules_said(checked) == {("RO06", "B")}


def test_ro07_member_missing_from_the_roster(office: Office) -> None:
    rosters.load(office.send(office.rows(2014)))
    rows = office.rows(2015)
    rows[0]["B"]["stated_size"] = 1
    del rows[1]["B1"]

    checked = rosters.load(office.send(rows))

    assert rosters.rules_said(checked) == {("RO07", "B")}
    (said,) = [row for row in checked.remarks.to_pylist() if row["rule"] == "RO07"]
    assert said["zh"].endswith("1")


def test_ro08_another_village_is_a_warning_and_moves_the_household(office: Office) -> None:
    rosters.load(office.send(office.rows(2014)))
    rows = office.rows(2015)
    rows[0]["B"]["village_code"] = office.villages[3]

    checked = rosters.load(office.send(rows))

    assert ("RO08", "B") in rosters.rules_said(checked, "warn")
    household = Household.objects.get(number="B")
    assert household.village_code == office.villages[3]
    assert set(household.people.values_list("village_code", flat=True)) == {office.villages[3]}


def test_ro09_card_edited_by_hand_is_not_overwritten(office: Office) -> None:
    rosters.load(office.send(office.rows(2014)))
    HouseholdYear.objects.filter(household__number="B").update(content_key=None, wage_income_fen=777)
    rows = office.rows(2014)
    for number in "ABC":
        rows[0][number]["wage_income_fen"] = 555_500

    checked = rosters.load(office.send(rows))

    assert rosters.rules_said(checked) == {("RO09", "B")}
    wages = dict(HouseholdYear.objects.values_list("household__number", "wage_income_fen"))
    assert wages == {"A": 555_500, "B": 777, "C": 555_500}


def test_ro10_number_of_somebody_in_another_household(office: Office) -> None:
    rosters.load(office.send(office.rows(2014)))
    rows = office.rows(2015)
    rows[0]["B"]["stated_size"] = 3
    rows[1]["B2"] = rosters.member("B", 22, 2015) | {"change": "moved_in", "changed_on": dt.date(2015, 5, 4)}
    rows[1]["B2"]["id_number"] = rows[1]["C0"]["id_number"]

    checked = rosters.load(office.send(rows))

    assert ("RO10", "B") in rosters.rules_said(checked)
    assert Membership.objects.filter(household__number="B").count() == 2


def test_ro11_year_before_the_last_card(office: Office) -> None:
    rosters.load(office.send(office.rows(2015)))

    checked = rosters.load(office.send(office.rows(2014)))

    assert rosters.rules_said(checked) == {("RO11", "A"), ("RO11", "B"), ("RO11", "C")}
    assert set(HouseholdYear.objects.values_list("year", flat=True)) == {2015}


def test_ro13_rows_of_another_year(office: Office) -> None:
    rows = office.rows(2014)
    rows[0]["B"]["year"] = rows[1]["B0"]["year"] = rows[1]["B1"]["year"] = 2013

    checked = rosters.load(office.send(rows))

    assert ("RO13", "B") in rosters.rules_said(checked)
    assert _numbers() == {"A", "C"}


@pytest.mark.parametrize(
    ("status", "held"), [("poor", True), ("pre_exit", True), ("returned", False), ("exited", False)]
)
def test_ro15_status_after_an_exit(office: Office, status: str, held: bool) -> None:
    rows = office.rows(2014)
    rows[0]["B"] |= {"poverty_status": "exited", "exited_year": 2014, "wage_income_fen": 900_000}
    rosters.load(office.send(rows))
    rows = office.rows(2015)
    rows[0]["B"] |= {"poverty_status": status, "wage_income_fen": 900_000}
    if status == "exited":
        rows[0]["B"]["exited_year"] = 2014
    else:
        rows[0]["B"]["entered_year"] = 2015

    checked = rosters.check(office.send(rows))

    assert (("RO15", "B") in rosters.rules_said(checked)) == held


def test_every_intake_rule_says_what_to_do_in_both_languages() -> None:
    for rule in RULES.values():
        assert rule.zh.strip()
        assert rule.en.strip()
        assert rule.level in ("error", "warn")


def test_fault_of_one_member_holds_the_household_whole_and_no_other(office: Office) -> None:
    rows = office.rows(2014)
    rows[1]["B1"]["id_number"] = str(rows[1]["B1"]["id_number"])[:-1] + "?"

    checked = rosters.load(office.send(rows))

    assert {household for _, household in rosters.rules_said(checked)} == {"B"}
    assert _numbers() == {"A", "C"}
    assert not Person.objects.filter(household__number="B").exists()
    waiting = [(row["sheet"], row["household"]) for row in checked.remarks.to_pylist() if row["rule"] == "RO14"]
    assert waiting == [("households", "B")]
    assert (checked.batch.accepted, checked.batch.held_back) == (2, 1)


def test_taking_over_keeps_a_household_with_a_fault_of_quality(office: Office) -> None:
    rows = office.rows(2014)
    rows[1]["B1"]["ethnic_group"] = None  # NU01
    rows[0]["C"]["village_code"] = "520326999999"  # RO01: no record can be made of it

    checked = rosters.load(office.send(rows), take_over=True)

    assert ("NU01", "B") in rosters.rules_said(checked)
    assert _numbers() == {"A", "B"}


def test_mended_roster_writes_what_was_held_and_skips_the_rest(office: Office) -> None:
    rows = office.rows(2014)
    rows[0]["B"]["village_code"] = None
    rosters.load(office.send(rows))
    before = dict(Household.objects.values_list("number", "version"))

    checked = rosters.load(office.send(office.rows(2014)))

    assert (checked.batch.accepted, checked.batch.held_back, checked.batch.skipped) == (1, 0, 2)
    assert _numbers() == {"A", "B", "C"}
    assert dict(Household.objects.exclude(number="B").values_list("number", "version")) == before


class TestVillages:
    def _send(self, office: Office, **place: str | None) -> str | None:
        rows = office.rows(2014)
        rows[0]["B"] |= {"village_code": None} | place
        rosters.load(office.send(rows), within=Scope(("520326",)))
        found = Household.objects.filter(number="B").first()
        return found.village_code if found else None

    def _named(self, *, unique: bool) -> tuple[Division, Division]:
        """A village of 520326 with its township: its name there once, or in two townships."""
        places = list(Division.objects.filter(level="village", code__startswith="520326"))
        names = [place.name for place in places]
        if not unique and len(set(names)) == len(names):  # no name twice in this county: give one away
            places[1].name = names[1] = names[0]
            places[1].save()
        for place in places:
            if (names.count(place.name) == 1) == unique and not any(
                other != place.name and other.startswith(place.name[:2]) for other in names
            ):
                assert place.parent is not None
                return place, place.parent
        raise AssertionError("no such village in this county")

    def test_by_code_with_blanks(self, office: Office) -> None:
        assert self._send(office, village_code=f" {office.villages[2]} ") == office.villages[2]

    @pytest.mark.parametrize("ending", ["村村委会", "村村民委员会", "村委会", "社区居委会"])
    def test_by_the_name_that_people_say(self, office: Office, ending: str) -> None:
        every = dict(Division.objects.filter(level="village").values_list("code", "name"))
        said = {code: name.removesuffix(ending) for code, name in every.items() if name.endswith(ending)}
        county, code = next(
            (code[:6], code)
            for code, name in said.items()
            if sum(other.startswith(name) for at, other in every.items() if at[:6] == code[:6]) == 1
        )
        rows = office.rows(2014)
        rows[0]["B"] |= {"village_code": None, "village_name": said[code] + ("社区" if ending[0] == "社" else "村")}

        checked = rosters.load(office.send(rows), within=Scope((county,)))

        assert checked.staged.households["village_code"].to_pylist()[1] == code

    def test_ambiguous_name_is_never_guessed(self, office: Office) -> None:
        village, _ = self._named(unique=False)

        assert self._send(office, village_name=village.name) is None

    def test_by_its_full_name(self, office: Office) -> None:
        village, _ = self._named(unique=True)

        assert self._send(office, village_name=village.name) == village.code

    def test_by_names_of_county_township_and_village(self, office: Office) -> None:
        village, township = self._named(unique=True)
        county = Division.objects.get(pk="520326").name

        found = self._send(office, county_name=county, township_name=township.name, village_name=village.name)

        assert found == village.code

    def test_name_in_the_wrong_township(self, office: Office) -> None:
        village, township = self._named(unique=True)
        other = Division.objects.filter(level="township", code__startswith="520326").exclude(pk=township.pk).first()
        assert other is not None

        assert self._send(office, township_name=other.name, village_name=village.name) is None

    def test_name_outside_the_scope(self, office: Office) -> None:
        inside = set(Division.objects.filter(code__startswith="520326").values_list("name", flat=True))
        outside = Division.objects.filter(level="village", code__startswith="522").exclude(name__in=inside).first()
        assert outside is not None

        assert self._send(office, village_name=outside.name) is None

"""Lists of courses, sites and hamlets: judged, accepted by a second officer, changed by a later list; cases that name them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from tests.assistance import help_lists as given
from tests.assistance import moving
from tests.procedures.people import COUNTY, ELSEWHERE, VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.assistance.models import Course, Hamlet, ProgrammeRecord, SettlementSite
from jiefa.assistance.queries import exports, registers
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import lists
from jiefa.kernel.errors import NotAllowed
from jiefa.lists import actions
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack
from jiefa.registry.models import Household

Village = dict[str, Household]
HEADERS = {
    "courses": moving.COURSE_HEADER,
    "sites": moving.SITE_HEADER,
    "hamlets": moving.HAMLET_HEADER,
    "training": moving.TRAINING_HEADER,
    "relocation": moving.RELOCATION_HEADER,
}


class County:
    """Wang sends, Zhou accepts."""

    def __init__(self, folder: Path, people: People, pack: Pack) -> None:
        self.folder, self.people, self.pack, self.sent = folder, people, pack, 0

    def file(self, kind: str, *rows: Sequence[object]) -> Path:
        self.sent += 1
        return given.written(self.folder, HEADERS[kind], *rows, name=f"{self.sent}.csv")

    def takes(self, kind: str, *rows: Sequence[object]) -> ReceivedList:
        return given.taken(self.file(kind, *rows), kind, self.people, self.pack)

    def hears(self, kind: str, *rows: Sequence[object]) -> set[tuple[int, str, str]]:
        """Row, level and rule of what is said of a list that waits."""
        staged = given.staged(self.file(kind, *rows), kind, self.people, self.pack)
        said = actions.folder_of(staged).remarks().to_pylist()
        return {(one["row"], one["level"], one["rule"]) for one in said if one["level"] != "fixed"}


@pytest.fixture
def county(village: Village, tmp_path: Path, people: People, pack: Pack) -> County:
    return County(tmp_path, people, pack)


def test_course_is_put_on_file_and_a_later_list_changes_what_it_says(county: County) -> None:
    made = county.takes("courses", moving.course(), moving.course("T2", places=30))

    assert (made.accepted, made.held_back, made.areas) == (2, 0, COUNTY)
    one = Course.objects.get(number="T1")
    assert (one.county_code, one.trade, one.days, one.places, one.fen_a_head) == (COUNTY, "welding", 20, 50, 120_000)
    bare = ("", "", "", "", "")
    again = county.takes("courses", moving.course(places=60, to_on="2015-04-02"), (*moving.course("T2")[:5], *bare))
    assert (again.accepted, again.held_back) == (1, 1)  # what a course must say may not be empty
    one.refresh_from_db()
    assert (one.places, one.to_on.isoformat(), Course.objects.count()) == (60, "2015-04-02", 2)
    entries = [json.loads(entry.diff) for entry in Entry.objects.filter(action="register.kept").order_by("pk")]
    assert [(entry.get("new"), entry.get("changed")) for entry in entries] == [(2, None), (None, 1)]
    assert not audit.verify().faults


def test_rows_of_another_county_twice_or_too_long_are_held_back(county: County) -> None:
    said = county.hears(
        "courses",
        moving.course(),
        moving.course(),
        moving.course("T2", county=ELSEWHERE),
        moving.course("T3", county=COUNTY[:4]),
        moving.course("九" * 61),
    )

    assert said == {(3, "error", "HP13"), (4, "error", "HP15"), (5, "error", "HP15"), (6, "error", "HP50")}
    assert not Course.objects.exists()


def test_township_and_another_county_send_no_course(county: County, pack: Pack) -> None:
    people, file = county.people, county.file("courses", moving.course())

    with pytest.raises(NotAllowed):
        lists.stage(file=file, name="x", kind="courses", by=people.li, pack=pack)
    with pytest.raises(actions.ListEmpty):
        lists.stage(file=file, name="x", kind="courses", by=people.wu, pack=pack)
    staged = given.staged(file, "courses", people, pack)
    with pytest.raises(actions.ListNotYours):
        lists.accept(list_id=staged.pk, by=people.wang, pack=pack)
    with pytest.raises(NotAllowed):
        lists.accept(list_id=staged.pk, by=people.wu, pack=pack)


def test_site_and_hamlet_are_put_on_file_and_an_empty_cell_changes_nothing(county: County) -> None:
    county.takes("sites", moving.site())
    county.takes("hamlets", moving.hamlet())
    county.takes("hamlets", (VILLAGE, "上寨", *[""] * 7, "2016-09-01"))

    site, hamlet = SettlementSite.objects.get(), Hamlet.objects.get()
    assert (site.kind, site.settled_in, site.flats_built, site.jobs) == ("county_town", "town", 100, 50)
    assert (hamlet.households, hamlet.poor_people, hamlet.reason) == (30, 70, "deep_mountain")
    assert (str(hamlet.decided_on), str(hamlet.moved_on)) == ("2016-03-01", "2016-09-01")
    same = county.takes("hamlets", moving.hamlet(moved="2016-09-01"))
    assert (same.accepted, same.unchanged) == (0, 1)


def test_hamlet_is_judged_with_what_is_on_file(county: County) -> None:
    county.takes("sites", moving.site())
    county.takes("hamlets", moving.hamlet(decided=""))

    nothing = [""] * 7
    assert county.hears("hamlets", (VILLAGE, "上寨", *nothing, "2016-05-01")) == set()
    late = (VILLAGE, "上寨", 60, "", "", "", "", "", "2016-05-01", "")
    assert county.hears("hamlets", late, moving.hamlet("下寨", site="无此地")) == {
        (2, "warn", "HP59"),
        (3, "warn", "HP66"),
    }


def test_case_that_names_nothing_on_file_goes_in_with_a_warning(county: County, village: Village) -> None:
    head = village["A"].people.order_by("pk")[0].name
    assert county.hears("training", moving.trained("A", head)) == {(2, "warn", "HP61")}
    assert county.hears("relocation", moving.moving("A")) == {(2, "warn", "HP66"), (2, "warn", "HP68")}
    county.takes("training", moving.trained("A", head, present=18))
    county.takes("courses", moving.course())
    county.takes("sites", moving.site())
    county.takes("hamlets", moving.hamlet())

    assert county.hears("training", moving.trained("A", head, present=17)) == set()
    assert county.hears("relocation", moving.moving("A", people=1)) == set()
    assert county.hears("training", moving.trained("A", head, trade="厨师", days=19, present=15)) == {
        (2, "error", "HP62"),
        (2, "error", "HP63"),
        (2, "warn", "HP65"),
    }
    assert ProgrammeRecord.objects.get().own["course"] == "T1"


@pytest.mark.parametrize(
    ("kind", "row"), [("courses", moving.course()), ("sites", moving.site()), ("hamlets", moving.hamlet())]
)
def test_what_leaves_as_excel_can_be_loaded_again(
    kind: str, row: Sequence[object], county: County, pack: Pack, tmp_path: Path
) -> None:
    county.takes("sites", moving.site())
    if kind != "sites":
        county.takes(kind, row)
    register = registers.REGISTERS[kind]
    stream = exports.register(register.table.objects.order_by("pk"), register, pack, "zh")
    file = tmp_path / "out.xlsx"
    file.write_bytes(stream.read())

    with pytest.raises(actions.ListLoaded):  # the same content, whichever way it came
        lists.stage(file=file, name="out.xlsx", kind=kind, by=county.people.wang, pack=pack)

    ReceivedList.objects.all().delete()
    again = lists.stage(file=file, name="out.xlsx", kind=kind, by=county.people.wang, pack=pack)
    assert (again.rows, again.accepted, again.unchanged, again.held_back) == (1, 0, 1, 0)
    first = next(openpyxl.load_workbook(file, read_only=True).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert first[0]


def test_registers_are_shown_to_who_works_in_the_county(county: County) -> None:
    county.takes("courses", moving.course(), moving.course("T2", trade="厨师"))
    county.takes("sites", moving.site())
    county.takes("hamlets", moving.hamlet(), moving.hamlet("下寨", decided=""))
    mine, elsewhere = Scope((VILLAGE,)), Scope((ELSEWHERE,))

    assert [one.number for one in registers.courses(mine, 2015)] == ["T1", "T2"]
    assert [one.number for one in registers.courses(mine, 2015, "cooking")] == ["T2"]
    assert [one.number for one in registers.courses(mine, 2015, text="2")] == ["T2"]
    assert not registers.courses(mine, 2014).exists()
    assert [one.name for one in registers.sites(mine, "county_town")] == ["县城安置区"]
    assert not registers.sites(mine, "park").exists()
    assert [one.name for one in registers.hamlets(mine, "proposed")] == ["下寨"]
    assert [one.name for one in registers.hamlets(mine, "decided")] == ["上寨"]
    one, site, hamlet = Course.objects.first(), SettlementSite.objects.get(), Hamlet.objects.first()
    assert one is not None
    assert hamlet is not None
    assert registers.site_of(hamlet) == site
    for within, seen in ((mine, True), (elsewhere, False), (Scope(()), False)):
        found = (
            registers.course(one.pk, within),
            registers.site(site.pk, within),
            registers.hamlet(hamlet.pk, within),
        )
        assert [bool(each) for each in found] == [seen] * 3
    assert not registers.courses(elsewhere, 2015).exists()
    assert not registers.hamlets(Scope((VILLAGE[:9] + "999",))).exists()

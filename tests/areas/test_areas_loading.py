"""The list of divisions, code changes, designations and yearly facts: taken whole or refused with line and reason."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from jiefa import policy
from jiefa.areas import actions, facts, queries
from jiefa.areas.bundled import FOLDER, county_designations
from jiefa.areas.models import Designation, Division, DivisionYear
from jiefa.areas.rules import DivisionListWrong, DivisionRow, DivisionUnknown, FactsOvertaken
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry

COUNTY, TOWNSHIP, VILLAGE = "520326", "520326100", "520326100001"


def _load(text: str, folder: Path, encoding: str = "utf-8") -> int:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return actions.load_divisions(rows=actions.read_list(path), source="list.csv", by="zhao")


@pytest.mark.usefixtures("db")
class TestDivisions:
    def test_guizhou_is_whole(self) -> None:
        levels = Counter(Division.objects.values_list("level", flat=True))

        assert levels == {"province": 1, "prefecture": 9, "county": 88, "township": 1477, "village": 18661}
        assert sum(levels.values()) == 20_236
        assert not Division.objects.exclude(level="province").filter(parent=None).exists()
        for code, parent in Division.objects.exclude(level="province").values_list("code", "parent_id"):
            assert code.startswith(parent)
            assert len(parent) < len(code)

    def test_load_again_changes_names_and_keeps_the_rest(self) -> None:
        rows = [DivisionRow(2, COUNTY, "务川县"), DivisionRow(3, f"{COUNTY}999", "新镇")]

        written = actions.load_divisions(rows=rows, source="news", by="zhao")

        assert written == 2
        assert Division.objects.count() == 20_237
        assert queries.division(COUNTY).name == "务川县"
        assert queries.division(f"{COUNTY}999").parent_id == COUNTY
        entry = Entry.objects.filter(action="divisions.loaded").order_by("-id").first()
        assert entry is not None
        assert (entry.by, entry.object_id, entry.diff) == ("zhao", "news", '{"new": 1, "rows": 2}')
        assert audit.verify().faults == ()

    def test_list_with_byte_order_mark_and_other_columns(self, tmp_path: Path) -> None:
        assert _load("name,x,code\n 新镇 ,1, 520326999 \n", tmp_path, "utf-8-sig") == 1

        assert queries.division("520326999").name == "新镇"

    @pytest.mark.parametrize(
        ("text", "line", "zh", "en"),
        [
            ("code,name\n520326998,甲\n52032x,乙\n", 3, "不是2、4、6、9或12位", "not a division code"),
            ("code,name\n520326998,甲\n520326998,乙\n", 3, "出现两次", "stands twice"),
            ("code,name\n520326998,\n", 2, "没有名称", "has no name"),
            ("code,name\n520326998\n", 2, "没有名称", "has no name"),
            ("code,name\n520326998,甲\n999999,乙\n", 3, "的上级“9999”不在表中", "its parent '9999'"),
            (f"code,name\n520326998,{'长' * 61}\n", 2, "超过60个字", "more than 60"),
            ("code,title\n520326998,甲\n", 1, "表头缺少 name", "the header lacks name"),
            ("", 1, "表头缺少 code、name", "the header lacks code, name"),
        ],
    )
    def test_bad_list_is_refused_with_line_and_reason(
        self, tmp_path: Path, text: str, line: int, zh: str, en: str
    ) -> None:
        with pytest.raises(DivisionListWrong) as caught:
            _load(text, tmp_path)

        assert caught.value.context["line"] == line
        assert zh in caught.value.message("zh")
        assert f"第 {line} 行" in caught.value.message("zh")
        assert en in caught.value.message("en")
        assert Division.objects.count() == 20_236
        assert not Division.objects.filter(code="520326998").exists()

    def test_list_in_another_encoding_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DivisionListWrong, match="UTF-8"):
            _load("code,name\n520326998,务川\n", tmp_path, "gbk")


@pytest.mark.usefixtures("db")
class TestTree:
    def test_way_up_from_a_village(self) -> None:
        village = Division.objects.filter(level="village").first()
        assert village is not None

        way = queries.way_up(village.code)

        assert [len(place.code) for place in way] == [2, 4, 6, 9, 12]

    def test_children(self) -> None:
        assert [place.code for place in queries.children(None)] == ["52"]
        assert len(queries.children("52")) == 9
        assert {place.parent_id for place in queries.children("5203")} == {"5203"}

    def test_unknown_division(self) -> None:
        with pytest.raises(DivisionUnknown, match="jiefa areas load"):
            queries.division("110101")

    def test_matching_by_name_and_code_broad_places_first_and_inside(self) -> None:
        found = list(queries.matching("遵义", ("52",)))
        by_code = list(queries.matching("5203", ("5203",)))
        outside = list(queries.matching("遵义", ("5201",)))

        assert [len(place.code) for place in found] == sorted(len(place.code) for place in found)
        assert found[0].code == "5203"
        assert by_code[0].code == "5203"
        assert {place.code[:4] for place in by_code} == {"5203"}
        assert all(place.code.startswith("5201") for place in outside)

    def test_named(self) -> None:
        assert queries.named(["52", "110101"]) == {"52": "贵州省"}


@pytest.mark.usefixtures("db")
class TestSuccessors:
    ROW = {"old": "520222", "new": "520281", "name": "盘州市", "date": "2017-04-10"}  # noqa: RUF012

    def test_old_code_ends_and_new_one_follows(self) -> None:
        assert actions.load_successors(rows=[self.ROW], by="zhao") == 1

        old, new = queries.division("520222"), queries.division("520281")
        assert (old.valid_to, old.successor_id) == (dt.date(2017, 4, 10), "520281")
        assert (new.name, new.level, new.parent_id, new.valid_from) == (
            "盘州市",
            "county",
            "5202",
            dt.date(2017, 4, 10),
        )
        codes = [place.code for place in queries.children("5202")]
        assert "520281" in codes
        assert "520222" not in codes

    def test_second_load_changes_nothing(self) -> None:
        for _ in range(2):
            actions.load_successors(rows=[self.ROW], by="zhao")

        assert Division.objects.filter(code="520281").count() == 1

    def test_code_that_is_not_on_file_is_left_out(self) -> None:
        assert actions.load_successors(rows=[self.ROW | {"old": "110101", "new": "110102"}], by="zhao") == 0


@pytest.mark.usefixtures("db")
class TestDesignations:
    def test_bundled_counties(self) -> None:
        actions.load_designations(rows=county_designations(), by="zhao")

        kinds = Counter(Designation.objects.values_list("kind", flat=True))
        assert kinds == {"key_county": 50, "area_county": 65}
        assert Designation.objects.values("division").distinct().count() == 66

    @pytest.mark.parametrize(("year", "holds"), [(2010, False), (2011, True), (2014, True), (2015, False)])
    def test_year_by_year(self, year: int, holds: bool) -> None:
        row = {"code": COUNTY, "kind": "poor_village", "from_year": "2011", "to_year": "2014", "source": "test"}
        actions.load_designations(rows=[row], by="zhao")

        assert queries.designations(COUNTY, year).exists() == holds

    def test_open_end_and_second_load(self) -> None:
        row = {"code": COUNTY, "kind": "key_county", "from_year": "2011", "source": "one"}
        actions.load_designations(rows=[row], by="zhao")
        actions.load_designations(rows=[row | {"source": "two", "to_year": "2017"}], by="zhao")

        (held,) = Designation.objects.all()
        assert (held.source, held.to_year) == ("two", 2017)

    def test_unknown_place_writes_nothing(self) -> None:
        good = {"code": COUNTY, "kind": "key_county", "from_year": "2011", "source": "one"}

        with pytest.raises(DivisionUnknown, match="110101"):
            actions.load_designations(rows=[good, good | {"code": "110101"}], by="zhao")
        assert not Designation.objects.exists()


@pytest.mark.usefixtures("db")
class TestFacts:
    def test_later_load_changes_what_it_states_of_that_year_and_nothing_else(self) -> None:
        village = Division.objects.filter(level="village").first()
        assert village is not None
        first = {
            "code": village.code,
            "rural_registered_people": 1200,
            "cultivated_land_mu": Decimal("830.50"),
            "bus": True,
            "own": {"groups": 7, "disasters": ["flood"]},
        }

        actions.load_facts(rows=[first | {"year": 2014}, first | {"year": 2015}], source="2015.xlsx", by="zhao")
        actions.load_facts(
            rows=[
                {
                    "code": village.code,
                    "year": 2015,
                    "rural_registered_people": 1190,
                    "own": {"groups": 8, "women": None},
                }
            ],
            source="mended.xlsx",
            by="zhao",
        )

        before, after = DivisionYear.objects.order_by("year")
        assert (before.rural_registered_people, before.cultivated_land_mu, before.bus) == (
            1200,
            Decimal("830.50"),
            True,
        )
        assert (after.rural_registered_people, after.bus, after.source) == (1190, True, "mended.xlsx")
        assert (after.cultivated_land_mu, after.own) == (Decimal("830.50"), {"groups": 8, "disasters": ["flood"]})
        assert (before.own["groups"], before.version, after.version) == (7, 1, 2)
        assert Entry.objects.filter(action="facts.loaded").count() == 2

    def test_unknown_place_writes_nothing(self) -> None:
        with pytest.raises(DivisionUnknown, match="110101"):
            actions.load_facts(
                rows=[{"code": COUNTY, "year": 2015}, {"code": "110101", "year": 2015}], source="x", by="y"
            )
        assert not DivisionYear.objects.exists()

    def test_the_whole_card_comes_in_by_the_list_and_goes_out_again(self, tmp_path: Path) -> None:
        """Headers by label, by number, by both; money in yuan, several disasters in a cell, measures exact."""
        village = Division.objects.filter(level="village").first()
        assert village is not None
        header = "行政区划代码,年度,B2,B13劳动力人数,集体经济收入,到乡镇的里程,整村推进,自然灾害,通客运班车"
        file = tmp_path / "村情.csv"
        file.write_text(f"{header}\n{village.code},2015,7,412,12000,6.50,正在实施,旱灾、滑坡,是\n", encoding="utf-8")

        assert facts.load(file, policy.load(), ("52",), by="zhao") == 1

        (row,) = queries.facts(village.code)
        assert (row.collective_income_fen, row.bus) == (1_200_000, True)
        own = {"groups": 7, "labourers": 412, "road_km": "6.5", "village_plan": "under_way"}
        assert row.own == own | {"disasters": ["drought", "landslide"]}
        assert queries.value_of(row, "collective_income") == 1_200_000
        assert queries.value_of(row, "labourers") == 412
        assert list(queries.facts_under(village.code[:6], 2015)) == [row]

    def test_one_officer_edits_and_the_second_is_told(self) -> None:
        village = Division.objects.filter(level="village").first()
        assert village is not None
        first = actions.edit_facts(
            code=village.code,
            year=2015,
            version=0,
            values={"women": 300, "road_km": Decimal("2.50"), "bus": True},
            by="li",
        )
        again = actions.edit_facts(
            code=village.code, year=2015, version=first.version, values={"women": None, "bus": False}, by="wang"
        )

        with pytest.raises(FactsOvertaken, match="2015"):
            actions.edit_facts(code=village.code, year=2015, version=first.version, values={"women": 1}, by="li")

        assert (again.version, again.own, again.bus) == (2, {"road_km": "2.5"}, False)
        newest, oldest = Entry.objects.filter(action="facts.edited").order_by("-pk")
        assert (oldest.object_id, oldest.by, newest.by) == (f"{village.code}/2015", "li", "wang")
        assert json.loads(newest.diff) == {"women": [300, None], "bus": [True, False]}

    def test_an_edit_that_changes_nothing_is_no_change(self) -> None:
        village = Division.objects.filter(level="village").first()
        assert village is not None
        values = {"women": 300, "collective_income": 100, "disasters": []}
        first = actions.edit_facts(code=village.code, year=2015, version=0, values=values, by="li")

        again = actions.edit_facts(code=village.code, year=2015, version=1, values=values, by="li")

        assert (first.version, again.version) == (1, 1)
        assert Entry.objects.filter(action="facts.edited").count() == 1


def test_every_item_of_the_card_is_a_column_with_its_number() -> None:
    pack = policy.load()
    (sheet,) = pack.form("places").sheets
    items = [field.card for field in sheet.fields if field.card]
    numbers = {item.number.rstrip("a") for item in items}

    assert numbers == {f"B{number}" for number in range(1, 48)}
    assert all(item.assumption for item in items)
    assert {item.part for item in items} < set(pack.codes("village_card_part").ids)
    indicators = {definition.id for definition in pack.indicators()}
    assert {item.counted for item in items if item.counted} <= indicators
    assert {field.id for field in sheet.fields if field.card and field.card.same} == {
        "reported_poor_households",
        "reported_poor_people",
    }


def test_bundled_successors_are_of_codes_on_the_list() -> None:
    listed = {row.code for row in actions.read_list(FOLDER / "divisions_guizhou.csv")}
    rows = [line.split(",") for line in (FOLDER / "successors.csv").read_text(encoding="utf-8").splitlines()[1:]]

    # The list is of 2016-07-31: what changed before stands there under its new code.
    assert len(rows) == 5
    for old, new, _, day, *_ in rows:
        assert (new if day < "2016-07-31" else old) in listed

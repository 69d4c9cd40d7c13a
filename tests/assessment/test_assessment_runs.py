"""Runs on the records: figures from every source in sets, kept and never changed, the same again, corrected by an appeal."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.assessment import schemes
from tests.site import county

from jiefa import policy
from jiefa.access.queries import Actor, holder, operator
from jiefa.access.rules import Role, Scope
from jiefa.areas import actions as areas
from jiefa.assessment.actions import appeals, running
from jiefa.assessment.models import Correction, CountyFigure, Run
from jiefa.assessment.queries import gathering, runs
from jiefa.assessment.rules import refusals
from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.casework import lists
from jiefa.demo.papers import paper
from jiefa.kernel.errors import NotAllowed
from jiefa.lists.actions import ListNotYours
from jiefa.policy.schemes import Places
from jiefa.procedures import actions as procedures
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

YEAR, COUNTY, OTHER = 2015, county.COUNTY, "520326"
HEADER = ("年度", "地区代码", "数据名称", "数值", "来源", "理由")
ZHAO = holder("zhao", [(Role.PROVINCE_OFFICER, "52")])
LU = holder("lu", [(Role.PROVINCE_OFFICER, "52")])
QIAN = holder("qian", [(Role.PREFECTURE_OFFICER, "5203")])
WANG = holder("wang", [(Role.COUNTY_OFFICER, COUNTY)])
EVERYWHERE = Scope(("52",))

pytestmark = pytest.mark.usefixtures("small_county")


@pytest.fixture
def assessed() -> None:
    """The ten counties of ecological function and two others are key counties; incomes of two years of one are on file."""
    codes = [*policy.load().scheme("key_counties", YEAR).group("ecological").codes, COUNTY, OTHER]
    rows = [{"code": code, "kind": "key_county", "from_year": "2011", "source": "test"} for code in codes]
    areas.load_designations(rows=rows, by="test")
    incomes = [(YEAR - 1, 600_000), (YEAR, 660_000)]
    facts = [{"code": COUNTY, "year": year, "disposable_income_per_person_fen": fen} for year, fen in incomes]
    areas.load_facts(rows=facts, source="communiqué", by="test")


def sent(folder: Path, *rows: tuple[object, ...], by: Actor = WANG) -> int:
    """The number of a list of figures that waits."""
    file = folder / f"figures-{len(list(folder.iterdir()))}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    found = lists.stage(file=file, name=file.name, kind="assessment_figures", by=by, pack=policy.load())
    assert found.held_back == 0
    return found.pk


def made(by: Actor = ZHAO) -> Run:
    return running.run(scheme="key_counties", year=YEAR, by=by, pack=policy.load())


def point(of: Run, item: str, code: str = COUNTY) -> tuple[Decimal | None, int, int]:
    found = of.scores.get(area_code=code).points.get(item=item)
    return found.figure, found.hundredths, found.of_hundredths


def test_figures_come_from_snapshot_facts_and_lists_and_add_up(assessed: None, tmp_path: Path) -> None:
    number = sent(tmp_path, (YEAR, COUNTY, "地区生产总值增长（%）", "9.5", "县统计局公报", ""))
    lists.accept(list_id=number, by=ZHAO, pack=policy.load())

    of = made()

    assert of.scores.count() == 12
    assert runs.adds_up(of)
    assert point(of, "income_growth")[0] == 10
    assert point(of, "gdp")[0] == Decimal("9.5")
    assert not of.scores.get(area_code="520424").points.filter(item="gdp").exists()
    figure, points, full = point(of, "forest")
    assert (figure, points) == (None, 0)
    assert full > 0
    assert point(of, "approval")[1:] == (0, 0)
    kept = of.scores.get(area_code=COUNTY).points.get(item="gdp").source
    assert (kept["kind"], kept["source"]) == ("typed", "县统计局公报")
    snapshot = of.scores.get(area_code=COUNTY).points.get(item="poor_reduction").source
    assert (snapshot["snapshot"], snapshot["indicator"], snapshot["of"]) == (
        of.snapshot,
        "exited_people",
        "opening_people",
    )
    assert Entry.objects.filter(action="assessment.run", object_id=str(of.pk)).count() == 1


def test_the_same_again_is_another_run_with_the_same_scores_and_no_run_ever_changes(assessed: None) -> None:
    first, second = made(), made()

    assert first.pk != second.pk
    assert first.digest == second.digest
    kept = [
        list(one.scores.order_by("area_code").values_list("area_code", "hundredths", "rank")) for one in (first, second)
    ]
    assert kept[0] == kept[1]
    assert len(kept[0]) == 12
    with pytest.raises(DatabaseError), transaction.atomic():
        Run.objects.filter(pk=first.pk).update(year=2014)


def test_queries_do_not_grow_with_the_places(assessed: None) -> None:
    with CaptureQueriesContext(connection) as few:
        made()
    rows = [
        {"code": code, "kind": "key_county", "from_year": "2011", "source": "test"}
        for code in ("520325", "520221", "520222")
    ]
    areas.load_designations(rows=rows, by="test")

    with CaptureQueriesContext(connection) as more:
        made()

    # Points are written in as many statements as SQLite's limit of values asks for.
    read = [sum(one["sql"].startswith("SELECT") for one in found.captured_queries) for found in (few, more)]
    assert read[0] == read[1] <= 20


def test_a_second_officer_accepts_figures_and_another_number_needs_a_reason(assessed: None, tmp_path: Path) -> None:
    row = (YEAR, COUNTY, "森林覆盖率（%）", "50", "县林业局", "")
    number = sent(tmp_path, row, by=QIAN)
    with pytest.raises(ListNotYours):
        lists.accept(list_id=number, by=QIAN, pack=policy.load())
    with pytest.raises(NotAllowed):
        lists.accept(list_id=number, by=WANG, pack=policy.load())
    lists.accept(list_id=number, by=ZHAO, pack=policy.load())
    assert CountyFigure.objects.get().by == "qian"

    file = tmp_path / "again.csv"
    file.write_text(",".join(HEADER) + f"\n{YEAR},{COUNTY},森林覆盖率（%）,51,县林业局,\n", encoding="utf-8")
    again = lists.stage(file=file, name="again", kind="assessment_figures", by=WANG, pack=policy.load())
    assert again.held_back == 1


def test_who_may_run_and_what_is_refused(assessed: None) -> None:
    for by in (WANG, QIAN):
        with pytest.raises(NotAllowed):
            made(by)
    areas.load_designations(
        rows=[{"code": "520424", "kind": "key_county", "from_year": "2011", "to_year": "2012", "source": "t"}], by="t"
    )
    with pytest.raises(refusals.PlacesUnfit, match="520424"):
        made()


def test_who_may_run_follows_from_the_places_that_a_scheme_assesses() -> None:
    trial = replace(schemes.scheme(), places=(Places("county", ("key_county",)),))
    assert gathering.may_run(scheme=trial, year=YEAR, by=QIAN)  # nobody is assessed: running says so
    rows = [{"code": code, "kind": "key_county", "from_year": "2011", "source": "test"} for code in (COUNTY, OTHER)]
    areas.load_designations(rows=rows, by="test")

    of_one_prefecture = [gathering.may_run(scheme=trial, year=YEAR, by=by) for by in (WANG, QIAN, ZHAO)]
    areas.load_designations(rows=[rows[0] | {"code": "520424"}], by="test")
    of_two = [gathering.may_run(scheme=trial, year=YEAR, by=by) for by in (WANG, QIAN, ZHAO)]

    assert of_one_prefecture == [False, True, True]
    assert of_two == [False, False, True]


def test_nobody_designated_is_refused() -> None:
    with pytest.raises(refusals.NobodyAssessed, match="key_county"):
        made()


def taken(dossier: Dossier, by: Actor, kind: str = "approve") -> None:
    dossier.refresh_from_db()
    version = policy.load().procedure(dossier.procedure, dossier.in_force_from)
    for evidence in version.by_id[dossier.step].evidence:
        procedures.lay_in(
            dossier_id=dossier.pk, kind=evidence, name="p.pdf", content=paper("x"), by=by, pack=policy.load()
        )
    decision = Decision(kind, by.name, by.posts, dt.date(2016, 3, 1), "" if kind == "approve" else "依据不足")
    casework.decide(
        dossier=dossier,
        version=None,
        decision=decision,
        by=by,
        key=f"{dossier.pk}-{dossier.version}",
        pack=policy.load(),
    )


def appealed(of: Run, value: str = "10", item: str = "gdp", reason: str = "公报已修订") -> Dossier:
    said = {"item": item, "value": Decimal(value), "reason": reason}
    return appeals.propose(
        run_number=of.pk, area_code=COUNTY, by=WANG, on=dt.date(2016, 2, 25), pack=policy.load(), **said
    )


def test_an_appeal_that_is_granted_corrects_the_figure_and_scores_anew(assessed: None) -> None:
    of = made()
    dossier = appealed(of)

    for by in (WANG, QIAN, ZHAO):
        taken(dossier, by)

    newest = runs.newest(policy.load().scheme("key_counties", YEAR), YEAR)
    assert (newest.corrects_id, newest.snapshot) == (of.pk, of.snapshot)
    assert point(of, "gdp")[0] is None
    assert point(newest, "gdp")[0] == 10
    assert runs.adds_up(newest)
    source = newest.scores.get(area_code=COUNTY).points.get(item="gdp").source
    assert (source["kind"], source["dossier"], source["instead"]) == ("correction", dossier.pk, None)
    assert Correction.objects.get().dossier_id == dossier.pk
    with pytest.raises(refusals.AppealNotNewest):
        appealed(of, "11")


def test_an_appeal_that_is_refused_changes_nothing(assessed: None) -> None:
    of = made()
    dossier = appealed(of)
    taken(dossier, WANG)
    taken(dossier, QIAN, "refuse")

    dossier.refresh_from_db()
    assert dossier.outcome == "refused"
    assert (Run.objects.count(), Correction.objects.count()) == (1, 0)


def test_an_appeal_is_not_granted_against_a_figure_that_is_another_by_now(assessed: None, tmp_path: Path) -> None:
    dossier = appealed(made())
    taken(dossier, WANG)
    number = sent(tmp_path, (YEAR, COUNTY, "地区生产总值增长（%）", "9", "县统计局公报", ""))
    lists.accept(list_id=number, by=ZHAO, pack=policy.load())
    made()

    with pytest.raises(refusals.AppealStale, match="9"):
        taken(dossier, QIAN)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"item": "nothing"}, refusals.AppealItem),
        ({"reason": " "}, refusals.AppealReason),
        ({"value": "1e12"}, refusals.AppealNumber),
        ({"item": "income_growth", "value": "10"}, refusals.AppealSame),
    ],
)
def test_an_appeal_is_refused_with_the_reason(assessed: None, said: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        appealed(made(), **said)


def test_a_county_sees_itself_and_what_its_group_comes_to(assessed: None) -> None:
    of = made()

    assert [one.area_code for one in runs.ranking(of, Scope((COUNTY,)))] == [COUNTY]
    assert runs.ranking(of, Scope(())) == []
    with pytest.raises(refusals.NotAssessed):
        runs.score(of, OTHER, Scope((COUNTY,)))
    with pytest.raises(NotAllowed):
        appeals.propose(
            run_number=of.pk, area_code=OTHER, item="gdp", value=Decimal(1), reason="x", by=WANG, on=dt.date(2016, 2, 25), pack=policy.load()
        )  # fmt: skip
    peers = runs.group(of, "others")
    assert (peers.places, operator(("52",)).name) == (2, "operator")
    assert peers.worst <= peers.mean <= peers.best

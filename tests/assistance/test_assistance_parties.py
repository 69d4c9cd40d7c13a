"""Roles of microcredit in a county: one unit at a time for each, by hand and by list; who came before stays readable."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from tests.assistance import help_lists as given
from tests.procedures.people import COUNTY, People
from typer.testing import CliRunner

from jiefa import sheets
from jiefa.access.rules import Scope
from jiefa.assistance.actions import parties
from jiefa.assistance.models import CreditParty
from jiefa.assistance.queries import credit, exports
from jiefa.audit import queries as audit
from jiefa.casework import lists
from jiefa.cli import app as command_line
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
        parties.name_party(by=people.wang, pack=pack, **given)

    assert [(one.name, one.to_on) for one in credit.parties(COUNTY)] == [("担保公司", None)]


def test_helpers_and_villages_name_nobody(village: Village, people: People, pack: Pack) -> None:
    with pytest.raises(NotAllowed):
        parties.name_party(county=COUNTY, role="guarantee", name="担保公司", on=SINCE, by=people.li, pack=pack)


HEADER = ("县代码", "角色", "承担单位", "起始日期")


def test_list_names_who_follows_and_leaves_as_it_came(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    parties.name_party(county=COUNTY, role="guarantee", name="担保公司", on=SINCE, by=people.wang, pack=pack)
    rows = (
        (COUNTY, "担保平台", "新担保公司", LATER),
        (COUNTY, "信用协会", "信用协会", LATER),
        (COUNTY, "信用协会", "县信用协会", SINCE),
    )

    taken = given.taken(given.written(tmp_path, HEADER, *rows), parties.PARTIES, people, pack)

    found = [(one.role, one.name, one.from_on, one.to_on) for one in credit.parties_of([COUNTY])]
    assert found == [
        ("association", "县信用协会", SINCE, LATER),
        ("association", "信用协会", LATER, None),
        ("guarantee", "担保公司", SINCE, LATER),
        ("guarantee", "新担保公司", LATER, None),
    ]
    assert (taken.accepted, taken.held_back) == (3, 0)
    assert audit.history("division", COUNTY)[0].action == "credit.parties"
    columns, written = exports.parties(credit.parties_inside(Scope((COUNTY,))), pack)
    sheets.stream_xlsx(written, columns, tmp_path / "四台一会.xlsx", sheet_name="四台一会", language="zh")
    again = given.staged(tmp_path / "四台一会.xlsx", parties.PARTIES, people, pack)
    assert (again.unchanged, again.held_back) == (4, 0)


def test_row_that_cannot_follow_is_held_back(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    parties.name_party(county=COUNTY, role="guarantee", name="担保公司", on=LATER, by=people.wang, pack=pack)
    rows = (
        (COUNTY, "担保平台", "旧担保公司", SINCE),
        (COUNTY, "公示平台", "长" * 101, SINCE),
        ("520326", "公示平台", "别县", SINCE),
        (COUNTY, "不是角色", "单位", SINCE),
        (COUNTY, "管理平台", "县扶贫办", SINCE),
    )

    waiting = given.staged(given.written(tmp_path, HEADER, *rows), parties.PARTIES, people, pack)

    assert (waiting.held_back, CreditParty.objects.count()) == (4, 1)
    with pytest.raises(NotAllowed):
        lists.accept(list_id=waiting.pk, by=people.li, pack=pack)


def test_commands_name_the_roles(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    parties.name_party(county=COUNTY, role="guarantee", name="担保公司", on=SINCE, by=people.wang, pack=pack)
    file = tmp_path / "out.xlsx"

    said = CliRunner().invoke(
        command_line.build("loans"), ["loans", "parties", "--place", COUNTY, "-o", str(file), "--json"]
    )

    (row,) = json.loads(said.output)
    assert (row["role"], row["name"], row["to_on"]) == ("guarantee", "担保公司", None)
    assert len(list(openpyxl.load_workbook(file).worksheets[0].iter_rows())) == 2

"""Departments' warnings by list: found on the register, each a lead after a second officer; what is wrong is said by row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.conf import settings
from tests.procedures.people import People

from jiefa.casework import lists
from jiefa.kernel.errors import NotAllowed
from jiefa.kernel.vault import Vault
from jiefa.lists.actions import ListEmpty, ListLoaded, ListNotYours, folder_of
from jiefa.lists.models import ReceivedList
from jiefa.monitoring.actions.lists import WARNINGS
from jiefa.monitoring.models import Event
from jiefa.policy import Pack
from jiefa.registry.models import Household, Person

HEADER = ("户编号", "风险情形", "金额", "日期", "部门", "说明")
MEDICAL = ("left-well", "自付医疗费用大", "12600", "2021-03-05", "医保", "大病住院")


def written(folder: Path, *rows: tuple[str, ...]) -> Path:
    file = folder / "预警.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    return file


def staged(folder: Path, people: People, pack: Pack, *rows: tuple[str, ...]) -> ReceivedList:
    file = written(folder, *rows)
    return lists.stage(file=file, name=file.name, kind=WARNINGS, by=people.wang, pack=pack)


def said(found: ReceivedList) -> list[tuple[int, str]]:
    return [(one["row"], one["rule"]) for one in folder_of(found).remarks().to_pylist()]


def test_a_warning_is_a_lead_once_a_second_officer_took_it_in(
    village: dict[str, Household], people: People, pack: Pack, tmp_path: Path
) -> None:
    waiting = staged(tmp_path, people, pack, MEDICAL)
    assert (waiting.accepted, waiting.held_back, Event.objects.count()) == (1, 0, 0)
    with pytest.raises(ListNotYours):
        lists.accept(list_id=waiting.pk, by=people.wang, pack=pack)

    lists.accept(list_id=waiting.pk, by=people.zhou, pack=pack)

    one = Event.objects.get()
    assert (one.household.number, one.trigger, one.source, one.department) == (
        *("left-well", "medical", "department"),
        "health_insurance",
    )
    assert (one.amount_fen, one.detail, one.state, one.of_list_id) == (1_260_000, "大病住院", "open", waiting.pk)


def test_a_certificate_finds_its_person_and_is_not_kept(
    village: dict[str, Household], people: People, pack: Pack, tmp_path: Path
) -> None:
    person = village["left-poor"].people.order_by("pk")[0]
    number = _number_of(person.pk)
    file = tmp_path / "预警.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = [("身份证号", "风险情形", "日期", "部门"), (number, "遭受灾害", "2021-03-05", "应急")]
        csv.writer(stream).writerows(rows)

    waiting = lists.stage(file=file, name=file.name, kind=WARNINGS, by=people.wang, pack=pack)
    lists.accept(list_id=waiting.pk, by=people.zhou, pack=pack)

    one = Event.objects.get()
    assert (one.household, one.person) == (village["left-poor"], person)
    kept = folder_of(waiting).households().to_pylist()
    assert number not in str(kept)
    assert number not in str([vars(event) for event in Event.objects.all()])


def _number_of(person: int) -> str:
    sealed = Person.objects.get(pk=person).id_sealed
    assert sealed is not None
    return Vault(settings.JIEFA_VAULT_KEY).open(bytes(sealed))


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("poor", *MEDICAL[1:]), "watch.in_poverty"),
        (("", *MEDICAL[1:]), "watch.no_number"),
        ((*MEDICAL[:2], "", *MEDICAL[3:]), "watch.amount"),
        ((*MEDICAL[:3], "2099-01-01", *MEDICAL[4:]), "watch.ahead"),
        ((*MEDICAL[:5], "电话13800000001"), "watch.number"),
        ((*MEDICAL[:5], "证件520324199001011234"), "watch.number"),
        ((*MEDICAL[:1], "彗星", *MEDICAL[2:]), "cell.code"),
    ],
)
def test_what_is_wrong_with_a_row_holds_it_back(
    row: tuple[str, ...], rule: str, village: dict[str, Household], people: People, pack: Pack, tmp_path: Path
) -> None:
    waiting = staged(tmp_path, people, pack, row, ("left-poor", "遭受灾害", "", "2021-03-05", "应急", ""))

    assert waiting.held_back == 1
    assert any(name.startswith(rule.split(".")[0]) and row_ == 2 for row_, name in said(waiting))
    if rule != "cell.code":
        assert (2, rule) in said(waiting)


def test_a_small_medical_cost_is_odd_and_goes_in(
    village: dict[str, Household], people: People, pack: Pack, tmp_path: Path
) -> None:
    waiting = staged(tmp_path, people, pack, (*MEDICAL[:2], "120", *MEDICAL[3:]))

    assert (waiting.held_back, waiting.warnings, waiting.accepted) == (0, 1, 1)
    assert said(waiting) == [(2, "watch.small")]


def test_before_the_limit_was_known_nothing_is_odd(
    village: dict[str, Household], people: People, pack: Pack, tmp_path: Path
) -> None:
    waiting = staged(tmp_path, people, pack, (*MEDICAL[:2], "120", "2016-03-05", *MEDICAL[4:]))

    assert said(waiting) == []


def test_rows_about_strangers_are_counted_and_not_kept(
    village: dict[str, Household], people: People, pack: Pack, tmp_path: Path
) -> None:
    waiting = staged(tmp_path, people, pack, MEDICAL, ("nobody", *MEDICAL[1:]))
    assert (waiting.strangers, waiting.accepted) == (1, 1)

    file = written(tmp_path, MEDICAL)
    with pytest.raises(ListEmpty):
        lists.stage(file=file, name=file.name, kind=WARNINGS, by=people.wu, pack=pack)


def test_the_same_warning_goes_in_once(
    village: dict[str, Household], people: People, pack: Pack, tmp_path: Path
) -> None:
    waiting = staged(tmp_path, people, pack, MEDICAL, MEDICAL)
    assert said(waiting) == [(3, "watch.twice")]
    lists.refuse(list_id=waiting.pk, reason="重复", by=people.zhou, pack=pack)
    first = staged(tmp_path, people, pack, MEDICAL)
    lists.accept(list_id=first.pk, by=people.zhou, pack=pack)

    with pytest.raises(ListLoaded):
        staged(tmp_path, people, pack, MEDICAL)
    more = staged(tmp_path, people, pack, MEDICAL, ("left-poor", "遭受灾害", "", "2021-03-05", "应急", ""))

    assert (more.accepted, more.unchanged) == (1, 1)


def test_who_loads_no_lists_sends_none(
    village: dict[str, Household], people: People, pack: Pack, tmp_path: Path
) -> None:
    file = written(tmp_path, MEDICAL)
    for actor in (people.li, people.sun, people.auditor):
        with pytest.raises(NotAllowed):
            lists.stage(file=file, name=file.name, kind=WARNINGS, by=actor, pack=pack)

    assert not ReceivedList.objects.exists()

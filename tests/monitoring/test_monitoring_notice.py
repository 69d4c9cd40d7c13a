"""The one notice of a watch: in the village, for the days of the rules in force, and never why."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.casework.going import step
from tests.procedures.people import People

from jiefa.disclosure import actions as disclosure
from jiefa.disclosure.models import NoticeRow
from jiefa.disclosure.rules import masked
from jiefa.monitoring.actions import events, watches
from jiefa.monitoring.actions.events import Happened
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household


@pytest.mark.parametrize(("on", "days"), [(dt.date(2015, 10, 8), 7), (dt.date(2021, 10, 8), 5)])
def test_the_notice_says_who_and_what_and_never_why(
    on: dt.date, days: int, village: dict[str, Household], people: People, pack: Pack
) -> None:
    home = village["left-well"]
    told = Happened("self", "medical", on, 800_000, "白血病住院")
    events.report(household=home, happened=told, today=on, by=people.li, pack=pack)
    (key,) = watches.propose(household_ids=[home.pk], by=people.li, on=on, pack=pack)
    dossier = Dossier.objects.get(pk=key)
    for _ in range(3):
        step(dossier, people, pack, on, at_risk=True)

    (notice,) = disclosure.post_notices(dossier_ids=[key], by=people.li, on=on, pack=pack)

    row = NoticeRow.objects.get()
    said = {name: value for name, value in vars(row).items() if name not in ("_state", "id", "notice_id", "dossier_id")}
    assert row.name == masked(home.head_name)
    assert notice.until == on + dt.timedelta(days=days)
    assert notice.place_code == home.village_code
    for secret in ("medical", "白血病", "医疗", "800000", home.number, home.head_name):
        assert secret not in str(said.values()), secret


def test_no_other_step_of_either_procedure_is_published(pack: Pack) -> None:
    for procedure in watches.PROCEDURES:
        for version in pack.procedure_versions(procedure):
            assert [one.id for one in version.steps if one.notice] == ["notice"]
            assert not [one.id for one in version.steps if one.part == "publisher" and not one.notice]

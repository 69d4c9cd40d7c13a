"""Dossiers brought to where their list is published, and what people do with the list then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import count

from tests.procedures.people import VILLAGE, People

from jiefa.access.queries import Actor
from jiefa.disclosure import actions as disclosure
from jiefa.disclosure.models import Channel, Notice, Objection
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures.actions import Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

ON = dt.date(2015, 3, 2)
DAY = dt.timedelta(days=1)
UNTIL = ON + 7 * DAY
PDF = b"%PDF-1.7 minutes"
PHOTO = b"\xff\xd8\xff photo"
VOTES = {"present": 30, "votes_for": 28, "votes_against": 2}
APPLICANTS = count(1)
NAMES = ("张三", "张小三", "欧阳小三", "阿依·古丽")


def opened(people: People, pack: Pack, names: Sequence[str] = NAMES, place: str = VILLAGE) -> list[int]:
    """Applications for identification under these names, drawn up and not submitted."""
    openings = [
        Opening(f"applicant:{next(APPLICANTS)}", place, name, 2015, {"members": number + 1})
        for number, name in enumerate(names)
    ]
    return actions.open_many(procedure="identification", openings=openings, by=people.li, on=ON, pack=pack)


def approve(
    keys: Sequence[int], by: Actor, pack: Pack, on: dt.date = ON, kind: str = "approve", **facts: object
) -> list[object]:
    """Everybody's decision on all of these; what was refused, and why."""
    key = f"{by.name}-{on}-{kind}-{Dossier.objects.get(pk=keys[0]).visit}"
    decision = Decision(kind, by.name, by.posts, on, "理由" if kind != "approve" else "", facts)
    _, refused = actions.decide_many(
        dossier_ids=keys, decision=decision, by=by, key=key, pack=pack, check=disclosure.check_published
    )
    return [left.reason for left in refused]


def at_first_notice(people: People, pack: Pack, names: Sequence[str] = NAMES, place: str = VILLAGE) -> list[int]:
    """Dossiers whose first list waits to be posted in the village."""
    keys = opened(people, pack, names, place)
    assert approve(keys, people.li, pack) == []
    for key in keys:
        actions.lay_in(dossier_id=key, kind="minutes", name="记录.pdf", content=PDF, by=people.li, pack=pack)
    assert approve(keys, people.li, pack, **VOTES) == []
    return keys


def posted(people: People, pack: Pack, names: Sequence[str] = NAMES) -> tuple[Notice, list[int]]:
    """The first list of the village, posted by Li, and its dossiers."""
    keys = at_first_notice(people, pack, names)
    return disclosure.post_notice(dossier_ids=keys, by=people.li, on=ON, pack=pack), keys


def at_announcement(people: People, pack: Pack, names: Sequence[str] = NAMES) -> list[int]:
    """Dossiers that the county has approved and has to announce."""
    notice, keys = posted(people, pack, names)
    assert notice.until is not None
    after = notice.until + DAY
    assert approve(keys, people.li, pack, after) == []
    assert approve(keys, people.sun, pack, after) == []
    second = disclosure.post_notice(dossier_ids=keys, by=people.sun, on=after, pack=pack)
    assert second.until is not None
    assert approve(keys, people.sun, pack, second.until + DAY) == []
    assert approve(keys, people.wang, pack, second.until + DAY) == []
    return keys


def object_to(
    notice: Notice, pack: Pack, on: dt.date = ON + DAY, line: int | None = None, text: str = "他家有小汽车"
) -> Objection:
    """An objection from the public page."""
    return disclosure.file_objection(
        notice_id=notice.pk, text=text, channel=Channel.PAGE, on=on, pack=pack, line=line, name="王二", contact="139"
    )


def step_of_objection(
    objection: Objection, by: Actor, pack: Pack, on: dt.date, kind: str = "approve", **facts: object
) -> list[object]:
    """One step in the dossier of an objection; what refused it."""
    key = f"{objection.pk}-{on}-{kind}-{Dossier.objects.get(pk=objection.dossier_id).visit}"
    _, refused = actions.decide_many(
        dossier_ids=[objection.dossier_id],
        decision=Decision(kind, by.name, by.posts, on, "查无实据" if kind != "approve" else "", facts),
        by=by,
        key=key,
        pack=pack,
        check=disclosure.check,
        effect=disclosure.effect,
    )
    return [left.reason for left in refused]


def answered(objection: Objection, by: Actor, pack: Pack, on: dt.date, kind: str = "refuse") -> None:
    """The objection taken in, inquired into and answered on one day."""
    assert step_of_objection(objection, by, pack, on) == []
    actions.lay_in(dossier_id=objection.dossier_id, kind="visit", name="核查.pdf", content=PDF, by=by, pack=pack)
    assert step_of_objection(objection, by, pack, on, visited_on=on, heard=True) == []
    assert step_of_objection(objection, by, pack, on, kind) == []

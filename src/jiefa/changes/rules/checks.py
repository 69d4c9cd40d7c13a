"""Whether dates, certificate numbers and heads fit. Plain values; each refusal names the record, the field and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from jiefa.changes.rules import refusals
from jiefa.kernel import id_numbers
from jiefa.kernel.errors import Words
from jiefa.kernel.id_numbers import IdForm

FIRST_DAY = dt.date(2013, 1, 1)
"""The register's baseline is the end of 2013; nothing of before is a change of it."""
DEATH = "death"
FULL = (IdForm.CITIZEN, IdForm.DISABILITY)


def check_day(title: str, on: dt.date, today: dt.date) -> None:
    """Raises ``InFuture``, ``TooOld``."""
    if on > today:
        raise refusals.InFuture(title=title, on=on)
    if on < FIRST_DAY:
        raise refusals.TooOld(title=title, on=on, first=FIRST_DAY)


def check_person_day(title: str, name: str, on: dt.date, born: dt.date | None, last: dt.date | None) -> None:
    """Raises ``BeforeBirth``, and ``BeforeLast`` where ``on`` is before the person's last joining or leaving."""
    if born is not None and on < born:
        raise refusals.BeforeBirth(title=title, name=name, on=on, born=born)
    if last is not None and on < last:
        raise refusals.BeforeLast(title=title, name=name, on=on, last=last)


def check_return(title: str, name: str, on: dt.date, left_on: dt.date | None, reason: str | None) -> None:
    """Whether somebody who left a household may join one on that day. Raises ``Deceased``, ``BeforeLast``."""
    if reason == DEATH:
        raise refusals.Deceased(title=title, name=name, on=left_on)
    check_person_day(title, name, on, None, left_on)


def check_number(
    title: str, name: str, number: str, sex: object, born: dt.date | None, today: dt.date, at: str = ""
) -> None:
    """Raises ``NumberUnfit`` where a number that was typed is none, or says otherwise than sex and date of birth."""
    if not number:
        return
    facts = id_numbers.facts(number)
    why = None
    if facts.form not in FULL:
        why = Words(f"应为 18 位（残疾证 20 或 22 位），现在是 {len(number)} 位", f"it has {len(number)} characters")
    elif not facts.checksum_ok:
        why = Words("校验位不对，有数字写错", "its check character does not fit: a digit is wrong")
    elif facts.birth_date is None or facts.birth_date > today:
        why = Words("其中的出生日期不对", "its date of birth is none")
    elif born is not None and facts.birth_date != born:
        why = Words(f"其中的出生日期与所填的 {born} 不同", f"its date of birth is not {born}")
    elif sex and facts.sex != sex:
        why = Words("其中的性别与所填的不同", "its sex is another than stated")
    if why is not None:
        raise refusals.NumberUnfit(title=title, name=name, why=why, at=at)


def check_relations(title: str, which: Words, names: Mapping[int, str], relations: Mapping[int, str]) -> None:
    """Raises ``RelationMissing`` for whom none is stated, ``HeadUnfit`` unless exactly one is the head."""
    for person, name in names.items():
        if not relations.get(person):
            raise refusals.RelationMissing(title=title, name=name, at=f"relation-{person}")
    heads = sum(relations[person] == "head" for person in names)
    if heads != 1:
        raise refusals.HeadUnfit(title=title, which=which, count=heads)

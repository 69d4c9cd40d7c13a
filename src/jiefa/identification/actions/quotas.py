"""A year's number of poor people allotted from the province down to the villages, level by level, to the last person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Role
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.identification import queries
from jiefa.identification.models import Quota
from jiefa.identification.rules import quotas as rules
from jiefa.kernel.division_codes import Level, level_of
from jiefa.kernel.errors import JiefaError, NotAllowed, Words

OFFICER = {
    Level.PROVINCE: Role.PROVINCE_OFFICER,
    Level.PREFECTURE: Role.PREFECTURE_OFFICER,
    Level.COUNTY: Role.COUNTY_OFFICER,
    Level.TOWNSHIP: Role.TOWNSHIP_OFFICER,
}


class NoQuota(JiefaError):
    code = "identification.no_quota"
    zh = "{place} {year} 年还没有上级分解的规模，不能再往下分解。"
    en = "{place} has no quota for {year} yet; nothing can be split."


@transaction.atomic
def set_total(*, code: str, year: int, people: int, by: Actor) -> Quota:
    """The number that comes from above the province. Raises ``NotAllowed`` for whoever holds no province post there."""
    _demand(by, code)
    if people < 0:
        raise rules.QuotaNegative(place=areas.division(code).name, people=people)
    made = Quota.objects.create(division_id=code, year=year, people=people, by=by.name, at=timezone.now())
    _log(code, year, {code: people}, by)
    return made


@transaction.atomic
def split(*, code: str, year: int, parts: Mapping[str, int], by: Actor) -> None:
    """The quota of ``code`` split among the places directly under it. Raises ``NoQuota``, ``SumWrong``, ``NotBelow``,
    ``QuotaNegative``, ``NotAllowed``."""
    _demand(by, code)
    division = areas.division(code)
    held = queries.quotas([code], year)
    if code not in held:
        raise NoQuota(place=division.name, year=year)
    children = list(areas.children(code).values_list("code", flat=True))
    rules.check_split(Words(division.name, division.name), year, held[code], parts, children)
    now = timezone.now()
    Quota.objects.bulk_create(
        Quota(division_id=child, year=year, people=people, by=by.name, at=now)
        for child, people in sorted(parts.items())
    )
    _log(code, year, parts, by)


def _demand(by: Actor, code: str) -> None:
    role = OFFICER.get(level_of(code))
    if role is None or (role, code) not in by.posts:
        raise NotAllowed(what=Words("分解规模", "splitting a quota"))


def _log(code: str, year: int, parts: Mapping[str, int], by: Actor) -> None:
    audit.record(
        chain=code,
        by=by.name,
        action="quota.split",
        object_type="division",
        object_id=code,
        diff={"year": year, "parts": dict(parts)},
    )

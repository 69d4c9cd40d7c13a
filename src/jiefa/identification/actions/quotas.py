"""A year's number of poor people allotted from the province down to the villages, level by level, to the last person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    audit.record_many([_entry([Split(code, {code: people})], year, by)])
    return made


@dataclass(frozen=True, slots=True)
class Split:
    """The quota of ``code`` split among the places directly under it; ``reason`` signs a difference."""

    code: str
    parts: Mapping[str, int]
    reason: str = ""


def split(*, code: str, year: int, parts: Mapping[str, int], by: Actor, reason: str = "") -> None:
    """The quota of ``code`` split among the places directly under it; ``reason`` signs a sum that differs.

    Raises ``NoQuota``, ``SumWrong``, ``NotBelow``, ``QuotaNegative``, ``NotAllowed``.
    """
    split_many(splits=[Split(code, parts, reason)], year=year, by=by)


@transaction.atomic
def split_many(*, splits: Sequence[Split], year: int, by: Actor) -> None:
    """Quotas of several places split at once, all or none; a few questions however many. Raises as ``split``."""
    codes = [one.code for one in splits]
    held = queries.quotas(codes, year)
    names = areas.named(codes)
    children: dict[str, list[str]] = defaultdict(list)
    for child, parent in areas.children_of(codes).values_list("code", "parent_id"):
        children[str(parent)].append(child)
    now = timezone.now()
    made = []
    for one in splits:
        _demand(by, one.code)
        name = names.get(one.code, one.code)
        if one.code not in held:
            raise NoQuota(place=name, year=year)
        reason = one.reason.strip()
        rules.check_split(Words(name, name), year, held[one.code], one.parts, children[one.code], reason)
        # A reason belongs to a difference; a sum that agrees needs none.
        kept = reason if sum(one.parts.values()) != held[one.code] else ""
        made += [
            Quota(division_id=child, year=year, people=people, reason=kept, by=by.name, at=now)
            for child, people in sorted(one.parts.items())
        ]
    Quota.objects.bulk_create(made, batch_size=2_000)
    by_chain: dict[str, list[Split]] = defaultdict(list)
    for one in splits:
        by_chain[one.code[:6] if len(one.code) > 4 else one.code].append(one)
    audit.record_many([_entry(own, year, by) for own in by_chain.values()])


def answers_for(by: Actor, code: str) -> bool:
    """Whether the actor holds the post that splits the quota of this place."""
    role = OFFICER.get(level_of(code))
    return role is not None and (role, code) in by.posts


def _demand(by: Actor, code: str) -> None:
    if not answers_for(by, code):
        raise NotAllowed(what=Words("分解规模", "splitting a quota"))


def _entry(splits: Sequence[Split], year: int, by: Actor) -> audit.Said:
    """One entry for splits that belong to one chain."""
    first = splits[0]
    parts = {code: people for one in splits for code, people in one.parts.items()}
    return audit.Said(
        chain=first.code,
        by=by.name,
        action="quota.split",
        object_type="division",
        object_id=first.code if len(splits) == 1 else f"{first.code}+{len(splits) - 1}",
        diff={"year": year, "parts": parts, "reason": "; ".join(one.reason for one in splits if one.reason)},
    )

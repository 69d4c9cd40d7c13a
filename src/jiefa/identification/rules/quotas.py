"""Scale allocation: a number of people from above split among the places below, to the last person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiefa.kernel.allocation import largest_remainder
from jiefa.kernel.errors import JiefaError, Words


class SumWrong(JiefaError):
    code = "identification.quota_sum"
    zh = "{place} {year} 年的规模是 {quota} 人，分解到下级合计 {total} 人，相差 {difference} 人。请改到相等再保存；确有原因的，写明差额理由后保存。"
    en = "{place} has {quota} people for {year}; those below come to {total}, {difference} apart. Make them equal, or give a reason for the difference."


class NotBelow(JiefaError):
    code = "identification.quota_not_below"
    zh = "{code} 不是 {place} 的直接下级，不能分解到它。"
    en = "{code} does not lie directly under {place}; nothing can be allotted to it."


class QuotaNegative(JiefaError):
    code = "identification.quota_negative"
    zh = "{place}的规模不能是负数（{people}）。"
    en = "The quota of {place} cannot be negative ({people})."


def check_split(
    place: Words, year: int, quota: int, parts: Mapping[str, int], children: Sequence[str], reason: str = ""
) -> None:
    """Nothing where ``parts`` split ``quota`` among ``children`` exactly, or the difference is signed with a ``reason``.

    Raises ``SumWrong``, ``NotBelow``, ``QuotaNegative``.
    """
    for code, people in parts.items():
        if code not in children:
            raise NotBelow(code=code, place=place)
        if people < 0:
            raise QuotaNegative(place=code, people=people)
    total = sum(parts.values())
    if total != quota and not reason.strip():
        raise SumWrong(place=place, year=year, quota=quota, total=total, difference=abs(total - quota))


def proposed(quota: int, weights: Mapping[str, int]) -> dict[str, int]:
    """``quota`` split in proportion to ``weights`` by largest remainder: a proposal that officers may change."""
    codes = sorted(weights)
    parts = largest_remainder(quota, [weights[code] for code in codes])
    return {code: int(part) for code, part in zip(codes, parts, strict=True)}


WITHIN, WAITING = "within", "waiting"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies: people of the household, and whether they meet the standard by the card (None: the card does not say)."""

    key: int
    people: int
    eligible: bool | None


def places(left: int | None, ranked: Sequence[Applicant]) -> dict[int, str]:
    """``within`` or ``waiting`` by key for those who may be eligible, in the order of the ranking; nothing without a quota.

    A quota says how many are taken this year, never who is poor: one who is not eligible takes no place however much is
    left, one who waits is not less eligible for it. Nobody is passed over for a smaller household further down.
    """
    if left is None:
        return {}
    found: dict[int, str] = {}
    taken, full = 0, False
    for one in ranked:
        if one.eligible is False:
            continue
        full = full or taken + one.people > left
        taken += 0 if full else one.people
        found[one.key] = WAITING if full else WITHIN
    return found

"""Scale allocation: a number of people from above split among the places below, to the last person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jiefa.kernel.allocation import largest_remainder
from jiefa.kernel.errors import JiefaError, Words


class SumWrong(JiefaError):
    code = "identification.quota_sum"
    zh = "{place} {year} 年的规模是 {quota} 人，分解到下级合计 {total} 人，相差 {difference} 人。请改到相等再保存。"
    en = "{place} has {quota} people for {year}; those below come to {total}, {difference} apart. Make them equal and save again."


class NotBelow(JiefaError):
    code = "identification.quota_not_below"
    zh = "{code} 不是 {place} 的直接下级，不能分解到它。"
    en = "{code} does not lie directly under {place}; nothing can be allotted to it."


class QuotaNegative(JiefaError):
    code = "identification.quota_negative"
    zh = "{place}的规模不能是负数（{people}）。"
    en = "The quota of {place} cannot be negative ({people})."


def check_split(place: Words, year: int, quota: int, parts: Mapping[str, int], children: Sequence[str]) -> None:
    """Nothing where ``parts`` split ``quota`` among ``children`` exactly. Raises ``SumWrong``, ``NotBelow``, ``QuotaNegative``."""
    for code, people in parts.items():
        if code not in children:
            raise NotBelow(code=code, place=place)
        if people < 0:
            raise QuotaNegative(place=code, people=people)
    total = sum(parts.values())
    if total != quota:
        raise SumWrong(place=place, year=year, quota=quota, total=total, difference=abs(total - quota))


def proposed(quota: int, weights: Mapping[str, int]) -> dict[str, int]:
    """``quota`` split in proportion to ``weights`` by largest remainder: a proposal that officers may change."""
    codes = sorted(weights)
    parts = largest_remainder(quota, [weights[code] for code in codes])
    return {code: int(part) for code, part in zip(codes, parts, strict=True)}

"""One household's card saved as typed, judged by the same rules as a roster: errors undo the save, warnings are told."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
from django.db import transaction

from jiefa.insight.actions import findings
from jiefa.insight.queries import judging
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.registry.actions import households
from jiefa.registry.actions.households import Edit
from jiefa.registry.models import Household
from jiefa.registry.queries import readout


class CardRefused(JiefaError):
    code = "insight.card_refused"
    zh = "有 {count} 处必须改正，没有保存。请按提示改好再保存。"
    en = "{count} things must be mended; nothing was saved. Mend them as shown and save again."

    def __init__(self, *, violations: pa.Table, count: int) -> None:
        super().__init__(count=count)
        self.violations = violations


class _TriedOnly(Exception):
    """Ends a trial: everything that it wrote is undone."""


@dataclass(frozen=True)
class Saved:
    """The household after the save, and what the rules still say of it (warnings, and errors that were there before)."""

    household: Household
    violations: pa.Table


def save(*, household_id: int, year: int, version: int, edit: Edit, pack: Pack, by: str) -> Saved:
    """The edit saved, its findings brought up to date. Raises ``CardRefused`` when it brings an error that was not there
    before, ``EditConflict``, ``CardMissing``."""
    with transaction.atomic():
        before = _errors(_violations(household_id, year, pack))
        household = households.save_card(
            household_id=household_id, year=year, version=version, edit=edit, policy=pack.for_year(year), by=by
        )
        after = _violations(household_id, year, pack)
        new = _errors(after) - before
        if new:
            raise CardRefused(violations=after, count=len(new))
        _follow(household_id, year, after, pack)
    return Saved(household, after)


def judge_again(*, household_id: int, year: int, pack: Pack) -> None:
    """The findings of a household brought up to date with its card of the year, however that was changed."""
    with transaction.atomic():
        _follow(household_id, year, _violations(household_id, year, pack), pack)


def _follow(household_id: int, year: int, violations: pa.Table, pack: Pack) -> None:
    alone = judging.rules_of_one_household(pack, year)
    findings.follow(year=year, violations=violations, snapshot="", pack=pack, household_id=household_id, judged=alone)


def try_out(*, household_id: int, year: int, version: int, edit: Edit, pack: Pack, by: str) -> pa.Table:
    """What the rules would say of the card as typed. Nothing is kept."""
    try:
        with transaction.atomic():
            households.save_card(
                household_id=household_id, year=year, version=version, edit=edit, policy=pack.for_year(year), by=by
            )
            violations = _violations(household_id, year, pack)
            raise _TriedOnly
    except _TriedOnly:
        return violations


def _violations(household_id: int, year: int, pack: Pack) -> pa.Table:
    cards, people = readout.household_cards(household_id, year)
    return judging.judge(people, cards, year, pack, judging.rules_of_one_household(pack, year))


def _errors(violations: pa.Table) -> set[tuple[str, int | None]]:
    return {(row["rule"], row["person_id"]) for row in violations.to_pylist() if row["level"] == "error"}

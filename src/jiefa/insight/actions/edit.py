"""One household's card saved as typed, on file already or new, judged by the same rules as a roster: errors undo the save,
warnings are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db import transaction

from jiefa.insight.actions import findings
from jiefa.insight.queries import judging
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.registry.actions import applicants, households
from jiefa.registry.actions.applicants import Application
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


def enter(*, application: Application, pack: Pack, by: str) -> Saved:
    """The household that applies on file, with its findings. Raises ``CardRefused`` on any error, its violations naming people
    by their place in the application (from 1), and ``NumberInUse``."""
    with transaction.atomic():
        entered, violations = _entered(application, pack, by)
        wrong = len(_errors(violations))
        if wrong:
            raise CardRefused(violations=_by_place(violations, entered.people), count=wrong)
        _follow(entered.household.pk, application.year, violations, pack)
    return Saved(entered.household, violations)


def try_entering(*, application: Application, pack: Pack, by: str) -> pa.Table:
    """What the rules would say of the application as typed, people named by their place in it. Nothing is kept."""
    try:
        with transaction.atomic():
            entered, violations = _entered(application, pack, by)
            raise _TriedOnly
    except _TriedOnly:
        return _by_place(violations, entered.people)


def _entered(application: Application, pack: Pack, by: str) -> tuple[applicants.Entered, pa.Table]:
    entered = applicants.enter(application=application, policy=pack.for_year(application.year), by=by)
    return entered, _violations(entered.household.pk, application.year, pack)


def _by_place(violations: pa.Table, people: Sequence[int]) -> pa.Table:
    place = {person: position for position, person in enumerate(people, start=1)}
    keys = [None if key is None else place[key] for key in violations["person_id"].to_pylist()]
    return violations.set_column(
        violations.schema.get_field_index("person_id"), "person_id", pa.array(keys, pa.int64())
    )


def _violations(household_id: int, year: int, pack: Pack) -> pa.Table:
    cards, people = readout.household_cards(household_id, year)
    return judging.judge(people, cards, year, pack, judging.rules_of_one_household(pack, year))


def _errors(violations: pa.Table) -> set[tuple[str, int | None]]:
    return {(row["rule"], row["person_id"]) for row in violations.to_pylist() if row["level"] == "error"}

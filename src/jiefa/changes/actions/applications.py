"""A household applies: what speaks against its people, then the household on file as an applicant.

The dossier that follows is drawn up by ``jiefa.casework``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.audit import queries as audit
from jiefa.changes import queries
from jiefa.changes.actions import drawing
from jiefa.changes.rules import checks, refusals
from jiefa.changes.rules.refusals import ChangeRefused
from jiefa.disclosure.rules import masked
from jiefa.identification.actions.households import PROCEDURE
from jiefa.insight.actions import edit as insight
from jiefa.kernel.errors import JiefaError, Words
from jiefa.kernel.id_numbers import mask
from jiefa.policy import Pack
from jiefa.procedures import queries as dossiers
from jiefa.registry.actions.applicants import Application
from jiefa.registry.actions.members import Joining
from jiefa.registry.models import Household, Person

COUNTY_DIGITS = 6


class ApplicationUnfit(JiefaError):
    code = "changes.application_unfit"
    zh = "有 {count} 人的证件号码不能这样登记，没有保存。请按提示核对。"
    en = "The certificate numbers of {count} people cannot be entered so; nothing was saved. Check them as shown."

    def __init__(self, *, refused: Sequence[ChangeRefused]) -> None:
        super().__init__(count=len(refused))
        self.refused = tuple(refused)


def received_by(*, actor: Actor, village: str, on: dt.date, pack: Pack) -> bool:
    """Whether a post of the actor takes applications of households of this village, that day."""
    return dossiers.may_take(actor, pack.procedure(PROCEDURE, on).first, village)


def year_of(on: dt.date, pack: Pack) -> int:
    """The year whose card an application of that day states: last year's until the day by which its cards are due."""
    due = pack.at(on).text("cards.update_due")
    return on.year - 1 if f"{on:%m-%d}" <= due else on.year


def carried_out(number: str, key: str, village: str) -> Household | None:
    """The household of that number that the form with this key has put on file already."""
    found = Household.objects.filter(number=number, village_code=village).first() if number and key else None
    if found is None:
        return None
    entries = audit.history("household", found.pk).filter(action="household.applied")
    return found if any(json.loads(entry.diff).get("key") == key for entry in entries) else None


@transaction.atomic
def enter(*, application: Application, by: Actor, on: dt.date, pack: Pack) -> Household:
    """The household on file as an applicant. All or nothing; raises ``ApplicationUnfit``, ``NumberInUse``, ``CardRefused``."""
    found = fitted(application, by.scope(Permission.HOUSEHOLD_VIEW), on)
    return insight.enter(application=found, pack=pack, by=by.name).household


def fitted(application: Application, within: Scope, on: dt.date) -> Application:
    """The application with those people who are on file without a household in their place. Raises ``ApplicationUnfit``.

    ``within``: where whoever asks may learn the village and the household of somebody; elsewhere the county is named.
    """
    keys = {one.number: queries.key_of_number(one.number) for one in application.members if one.number}
    on_file = queries.of_numbers(set(keys.values())) if keys else {}
    homes = _homes(on_file)
    left = queries.last_left([person.pk for people in on_file.values() for person in people])
    members: list[Joining] = []
    refused: list[ChangeRefused] = []
    seen: set[int] = set()
    for place, one in enumerate(application.members, start=1):
        key = keys.get(one.number)
        name, at = str(one.facts.get("name") or "—"), f"m{place}-id_number"
        try:
            known = _known(name, one.number, on_file.get(key, ()) if key else (), homes, within, at)
            if known is not None and (last := left.get(known.pk)) is not None:
                checks.check_return(name, name, on, last.left_on, last.left_reason)
            if key is not None and key in seen:
                raise refusals.NumberTwice(name=name, number=mask(one.number), at=at)
        except ChangeRefused as reason:
            refused.append(reason)
        else:
            members.append(replace(one, person_id=known.pk if known else None))
        seen |= {key} if key is not None else set()
    if refused:
        raise ApplicationUnfit(refused=refused)
    return replace(application, members=tuple(members))


def _homes(on_file: Mapping[int, Sequence[Person]]) -> dict[int, tuple[Household, dict[str, str]]]:
    """By key, the households in which these people live, with the names of the places. Two queries at most."""
    keys = {person.household_id for people in on_file.values() for person in people if person.household_id}
    homes = {home.pk: home for home in Household.objects.filter(pk__in=keys)} if keys else {}
    codes = {home.village_code[:digits] for home in homes.values() for digits in (COUNTY_DIGITS, 9, 12)}
    names = areas.named(sorted(codes)) if codes else {}
    return {key: (home, names) for key, home in homes.items()}


def _known(
    name: str,
    number: str,
    on_file: Sequence[Person],
    homes: Mapping[int, tuple[Household, dict[str, str]]],
    within: Scope,
    at: str,
) -> Person | None:
    living = next((person for person in on_file if person.household_id is not None), None)
    if living is not None and living.household_id is not None:
        where = _where(*homes[living.household_id], within)
        raise refusals.NumberElsewhere(name=name, number=mask(number), where=where, at=at)
    try:
        return drawing.free_person(name, name, on_file)
    except refusals.NumberOfAnother as reason:
        raise refusals.NumberOfAnother(**reason.context, at=at) from None


def _where(home: Household, names: Mapping[str, str], within: Scope) -> Words:
    """The place and the masked head inside the scope; outside it the county alone."""
    code = home.village_code
    county = names.get(code[:COUNTY_DIGITS], code[:COUNTY_DIGITS])
    if not within.covers(code):
        return Words(county, county)
    place, head = f"{names.get(code[:9], '')}{names.get(code, code)}", masked(home.head_name)
    return Words(f"{place}{head}户", f"the household of {head}, {place}")

"""How the register came to be: every entry, exit and return of a roster told as a dossier that went its whole way.

A roster of the demonstration says how its year ended. ``undecided`` puts back what was so before anybody decided;
``decide`` then takes the dossiers through the very procedures that officers use, and the year ends as the roster said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role, Scope
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.demo.manifest import RosterPart
from jiefa.demo.papers import paper
from jiefa.demo.stated import as_stated
from jiefa.disclosure import actions as disclosure
from jiefa.exits.actions import households as leaving
from jiefa.exits.queries import household as standards
from jiefa.exits.rules.household import unmet
from jiefa.identification.actions import households as entering
from jiefa.insight.actions import intake
from jiefa.kernel.division_codes import Level
from jiefa.policy import Pack, Step
from jiefa.procedures import actions as procedures
from jiefa.procedures.rules import Decision
from jiefa.registry.queries import households

FIRST_YEAR = 2013
"""The baseline: its cards are of the end of 2013, its households were identified in 2014."""

ROLES = {
    Level.VILLAGE: Role.VILLAGE_OFFICER,
    Level.TOWNSHIP: Role.TOWNSHIP_OFFICER,
    Level.COUNTY: Role.COUNTY_OFFICER,
    Level.PREFECTURE: Role.PREFECTURE_OFFICER,
    Level.PROVINCE: Role.PROVINCE_OFFICER,
}
STATED: Mapping[str, object] = {
    "present": 36,
    "votes_for": 31,
    "votes_against": 3,
    "food": True,
    "clothing": True,
    "cause": "家中有人患病或受灾",
    "leads_cleared": True,
}
SPOT = {"food": True, "clothing": True}
NOTICE_DAYS = 8
"""Days after which a notice of seven days has run."""


@dataclass(frozen=True)
class Outcomes:
    """What the roster of a year says was decided, by household number, and the rows as they end.

    ``restated``: of those who leave, whose cards at the year's end speak against it.
    """

    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    returning: tuple[str, ...]
    restated: tuple[str, ...]
    ended: pa.Table
    ended_members: pa.Table


NOTHING_OPEN = Outcomes((), (), (), (), pa.table({}), pa.table({}))
"""A register taken over as its years ended: nothing of it is left to decide."""


def undecided(part: RosterPart, pack: Pack) -> Outcomes:
    """The outcomes of the year; its files are written anew as they were before anybody decided."""
    ended, members = pq.read_table(part.households), pq.read_table(part.members)
    year = pa.scalar(part.year, pa.int64())
    status, entered, exited = ended["poverty_status"], ended["entered_year"], ended["exited_year"]
    now_in = pc.fill_null(pc.equal(pc.cast(entered, pa.int64()), year), False)
    now_out = pc.fill_null(pc.equal(pc.cast(exited, pa.int64()), year), False)
    back = pc.and_(now_in, pc.equal(status, "returned"))
    new = pc.and_(now_in, pc.is_in(status, value_set=pa.array(["poor", "pre_exit"])))
    out = pc.and_(now_out, pc.and_not(pc.equal(status, "exited"), now_in))
    before = pc.case_when(
        pc.make_struct(new, back, out),
        pa.scalar("applicant"),
        pa.scalar("exited"),
        pa.scalar("pre_exit"),
        status,
    )
    none = pa.scalar(None, entered.type)
    changed = {
        "poverty_status": before,
        "entered_year": pc.if_else(pc.or_(new, back), none, entered),
        "exited_year": pc.if_else(out, pa.scalar(None, exited.type), exited),
    }
    table = ended
    for name, values in changed.items():
        at = table.column_names.index(name)
        table = table.set_column(at, table.schema.field(at), values.cast(table.schema.field(at).type))

    def numbers(chosen: pa.ChunkedArray) -> tuple[str, ...]:
        return tuple(ended["household_number"].filter(chosen).to_pylist())

    leaving = numbers(out)
    table, stated, restated = as_stated(table, members, leaving, part.year, pack.for_year(part.year))
    pq.write_table(table, part.households, compression="zstd")
    if restated:
        pq.write_table(stated, part.members, compression="zstd")
    return Outcomes(numbers(new), leaving, numbers(back), restated, ended, members)


class Offices:
    """The officers of whole counties, one name a level: what each village decides is decided for all villages at once."""

    def __init__(self, counties: Sequence[str]) -> None:
        posts: dict[Level, list[tuple[Role, str]]] = {level: [] for level in ROLES}
        for county in counties:
            for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY):
                posts[level] += [(ROLES[level], code) for code in areas.codes_under(county, level)]
        for level, digits in ((Level.PREFECTURE, 4), (Level.PROVINCE, 2)):
            posts[level] += [(ROLES[level], code) for code in sorted({county[:digits] for county in counties})]
        self._by_level = {
            level: (holder(f"demo-{level}-1", own), holder(f"demo-{level}-2", own)) for level, own in posts.items()
        }

    def first(self, level: Level) -> Actor:
        """The first officer of a level."""
        return self._by_level[level][0]

    def of(self, step: Step, taken: Mapping[str, str]) -> Actor:
        """Who takes the step: the second where the first took one that shuts them out."""
        first, second = self._by_level[step.level]
        return second if any(taken.get(other) == first.name for other in step.not_by) else first


@cache
def offices_of(counties: tuple[str, ...]) -> Offices:
    """The officers of these counties, made once: 18,661 villages have as many posts."""
    return Offices(counties)


def walk(
    *,
    procedure: str,
    keys: Sequence[int],
    offices: Offices,
    begins: dt.date,
    pack: Pack,
    facts: Mapping[str, object],
    stops_at: str = "",
) -> dt.date:
    """The day of the last decision on the dossiers, all of one procedure and begun ``begins``: they came to their good end, or wait at
    the step ``stops_at``."""
    version, on = pack.procedure(procedure, begins), begins
    decided = begins
    taken: dict[str, str] = {}
    for step in version.steps:
        if step.id == stops_at:
            break
        by = offices.of(step, taken)
        for kind in step.evidence:
            procedures.lay_in_many(
                dossier_ids=keys, kind=kind, name=f"{step.zh}.pdf", content=paper(step.en), by=by, pack=pack
            )
        if step.notice:
            disclosure.post_notices(dossier_ids=keys, by=by, on=on, pack=pack)
            on += dt.timedelta(days=NOTICE_DAYS)
        stated = {ask.id: facts[ask.id] for ask in step.asks}
        _, refused = casework.decide_many(
            procedure=procedure,
            dossier_ids=keys,
            decision=Decision("approve", by.name, by.posts, on, "", stated),
            by=by,
            key=f"demo-{step.id}",
            pack=pack,
        )
        assert not refused, refused[0]
        taken[step.id] = by.name
        decided, on = on, on + dt.timedelta(days=step.days or 10)
    return decided


def decide(part: RosterPart, outcomes: Outcomes, pack: Pack, by: str) -> None:
    """All that the year decided about households; then the cards of the year's end come in of those that were stated otherwise.

    Whoever cannot meet the standard at all (a household without members) is taken over as having left.
    """
    offices = offices_of(part.counties)
    keys = households.keys_by_number([*outcomes.entering, *outcomes.leaving, *outcomes.returning])
    year = part.year
    begins = dt.date(2014, 1, 10) if year == FIRST_YEAR else dt.date(year, 8, 20)
    campaign = f"{year}"
    entering_keys = sorted(keys[number] for number in outcomes.entering if number in keys)
    if entering_keys:
        first = pack.procedure(entering.PROCEDURE, begins).first
        made = entering.propose(
            household_ids=entering_keys, year=year, by=offices.of(first, {}), on=begins, pack=pack, campaign=campaign
        )
        walk(procedure=entering.PROCEDURE, keys=made, offices=offices, begins=begins, pack=pack, facts=STATED)
    stated = {keys[number]: SPOT for number in outcomes.leaving if number in keys}
    items = standards.standard_of(sorted(stated), year, pack, stated)
    fit = sorted(key for key in stated if not unmet(items[key]))
    for procedure, chosen in (
        (leaving.EXIT, fit),
        (leaving.RETURN, sorted(keys[number] for number in outcomes.returning if number in keys)),
    ):
        if chosen:
            first = pack.procedure(procedure, begins).first
            made = leaving.propose(
                procedure=procedure,
                household_ids=chosen,
                year=year,
                by=offices.of(first, {}),
                on=begins,
                pack=pack,
                campaign=campaign,
            )
            walk(procedure=procedure, keys=made, offices=offices, begins=begins, pack=pack, facts=STATED)
    numbers = {key: number for number, key in keys.items()}
    decided = set(fit)
    unfit = {numbers[key] for key in stated if key not in decided}
    _take_over(sorted(unfit.union(outcomes.restated)), part, outcomes, pack, by)


def _take_over(numbers: Sequence[str], part: RosterPart, outcomes: Outcomes, pack: Pack, by: str) -> None:
    """The rows of these households as the year ended, as an office finds them in the register that it takes over."""
    if not numbers:
        return
    chosen = pa.array(numbers)
    folder = part.households.parent
    files = []
    for name, table in (("left-households", outcomes.ended), ("left-members", outcomes.ended_members)):
        file = folder / f"{name}-{part.year}-{part.counties[0]}.parquet"
        pq.write_table(table.filter(pc.is_in(table["household_number"], value_set=chosen)), file)
        files.append(file)
    intake.load_roster(path=files, pack=pack, within=Scope(("52",)), by=by, take_over=True)
    for file in files:
        Path(file).unlink()

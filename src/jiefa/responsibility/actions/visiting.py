"""Visits written down, one with a photograph or a whole list; rounds begun. What was written stays."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.kernel.division_codes import ancestors
from jiefa.procedures import evidence
from jiefa.responsibility.actions.checks import all_or_none, check_day, check_on, known
from jiefa.responsibility.models import Cadre, Round, Visit
from jiefa.responsibility.queries.visits import counted
from jiefa.responsibility.rules import refusals
from jiefa.stores import bulk

P = Permission
ROUND = "round"
TABLE = "responsibility_visit"
PICTURES = "JPEG, PNG, WebP"


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit to be written down: of a household, or of the village ``village_code`` itself.

    With ``corrects`` and a ``reason`` it stands instead of an earlier one; ``void``: there was no such visit at all.
    """

    on: dt.date
    cadre_id: int
    purpose: str
    found: str
    household_id: int | None = None
    village_code: str = ""
    next_step: str = ""
    place: str = ""
    corrects: int | None = None
    reason: str = ""
    void: bool = False


@dataclass(frozen=True, slots=True)
class _Where:
    number: str
    village: str


def record(*, visit: NewVisit, by: Actor, photo: tuple[str, bytes] | None = None) -> Visit:
    """The visit with its photograph ``(name, content)``. Raises as ``record_many`` and ``evidence.keep``."""
    kept = evidence.keep(Path(settings.JIEFA_HOME), *photo) if photo else None
    if kept is not None and not kept.media_type.startswith("image/"):
        raise evidence.EvidenceUnfit(name=photo[0] if photo else "", accepted=PICTURES)
    (key,) = _write([visit], by, "", (kept.sha256, kept.media_type) if kept else ("", ""))
    return Visit.objects.get(pk=key)


def record_many(*, visits: Sequence[NewVisit], by: Actor, of_list: str = "") -> int:
    """How many visits were written down, all or none; ``of_list``: digest of the list that they came in with.

    Raises ``NotAllowed``, ``DayToCome``, ``HouseholdUnknown``, ``CadreUnknown``, ``CadreNotServing``, ``VisitOfOther``,
    ``VisitEmpty``, ``NoRound``, ``ListLoaded``, ``ReasonMissing``, ``CorrectedBefore``, ``ChangedMeanwhile``.
    """
    if of_list and Visit.objects.filter(of_list=of_list, on__in={visit.on for visit in visits}).exists():
        raise refusals.ListLoaded(file=of_list[:12])
    return len(_write(visits, by, of_list, ("", "")))


@transaction.atomic
def _write(visits: Sequence[NewVisit], by: Actor, of_list: str, photo: tuple[str, str]) -> list[int]:
    if not visits:
        return []
    for on in {visit.on for visit in visits}:
        check_day(on)
    homes = _homes([visit.household_id for visit in visits if visit.household_id is not None])
    places = _places(visits, homes, by)
    _check_visitors(visits, by)
    for visit, place in zip(visits, places, strict=True):
        if not (visit.found.strip() or visit.void):
            raise refusals.VisitEmpty(title=place.number)
        if (visit.corrects is not None) != bool(visit.reason.strip()) or (visit.void and visit.corrects is None):
            raise refusals.ReasonMissing(what=place.number)
    _check_corrected(visits, places, by)
    rounds = _rounds(visits, places)
    count, text, now = len(visits), pa.string(), timezone.now()
    keys = bulk.new_ids(TABLE, count)
    rows = pa.table(
        {
            "id": keys,
            "on": pa.array([visit.on for visit in visits], pa.date32()),
            "cadre_id": pa.array([visit.cadre_id for visit in visits], pa.int64()),
            "household_id": pa.array([visit.household_id for visit in visits], pa.int64()),
            "village_code": pa.array([place.village for place in places], text),
            "of_round_id": pa.array(rounds, pa.int64()),
            "purpose": pa.array([visit.purpose for visit in visits], text),
            "found": pa.array([visit.found.strip()[:1000] for visit in visits], text),
            "next_step": pa.array([visit.next_step.strip()[:400] for visit in visits], text),
            "place": pa.array([visit.place.strip()[:120] for visit in visits], text),
            "photo": pa.array([photo[0]] * count, text),
            "photo_type": pa.array([photo[1]] * count, text),
            "of_list": pa.array([of_list] * count, text),
            "corrects_id": pa.array([visit.corrects for visit in visits], pa.int64()),
            "reason": pa.array([visit.reason.strip()[:200] for visit in visits], text),
            "void": pa.array([visit.void for visit in visits], pa.bool_()),
            "by": pa.array([by.name] * count, text),
            "at": pa.array([now] * count, pa.timestamp("us", "UTC")),
        }
    )
    with all_or_none():
        bulk.insert(TABLE, rows)
    made: list[int] = keys.to_pylist()
    _log(visits, places, made, by.name, of_list, photo[0])
    return made


def _homes(keys: Sequence[int]) -> dict[int, _Where]:
    rows = pa.table({"id": pa.array(sorted(set(keys)), pa.int64())})
    schema = pa.schema([("id", pa.int64()), ("number", pa.string()), ("village_code", pa.string())])
    with bulk.staged("visited_homes", rows, "id"):
        sql = "SELECT h.id, h.number, h.village_code FROM visited_homes w JOIN registry_household h ON h.id = w.id"
        found = bulk.read(sql, [], schema).to_pylist()
    return {row["id"]: _Where(row["number"], row["village_code"]) for row in found}


def _places(visits: Sequence[NewVisit], homes: Mapping[int, _Where], by: Actor) -> list[_Where]:
    """Where each visit was made, all of it where the actor records visits."""
    within = by.demand(P.VISIT_RECORD)
    codes = {home.village for home in homes.values()} | {one.village_code for one in visits if one.household_id is None}
    covered = {code: within.covers(code) for code in codes}
    found = []
    for visit in visits:
        if visit.household_id is None:
            if not covered[visit.village_code]:
                by.demand(P.VISIT_RECORD, visit.village_code)
            found.append(_Where(visit.village_code, visit.village_code))
            continue
        home = homes.get(visit.household_id)
        if home is None or not covered[home.village]:
            raise refusals.HouseholdUnknown(number=visit.household_id)
        found.append(home)
    return found


def _check_visitors(visits: Sequence[NewVisit], by: Actor) -> None:
    """Whoever assigns helpers records for others too; everybody else records their own visits."""
    wanted = {visit.cadre_id for visit in visits}
    if by.may(P.HELPER_ASSIGN):
        serving = known(wanted, by.scope(P.HELPER_ASSIGN))
    else:
        serving = {cadre.pk: cadre for cadre in Cadre.objects.filter(username=by.name).exclude(username="")}
        if wanted - set(serving):
            raise refusals.VisitOfOther
    for visit in visits:
        if visit.cadre_id not in serving:
            raise refusals.CadreUnknown(number=visit.cadre_id)
        check_on(serving[visit.cadre_id], visit.on)


def _check_corrected(visits: Sequence[NewVisit], places: Sequence[_Where], by: Actor) -> None:
    """Nothing where each corrected visit is the last word about the same household or village, and the actor's to correct."""
    wanted = {one.corrects: (one, place) for one, place in zip(visits, places, strict=True) if one.corrects is not None}
    if not wanted:
        return
    standing = {row.pk: row for row in counted(Visit.objects.filter(pk__in=wanted)).select_related("cadre")}
    for key, (visit, place) in wanted.items():
        row = standing.get(key)
        if row is None or (row.household_id, row.village_code) != (visit.household_id, place.village):
            raise refusals.CorrectedBefore(what=place.number)
        if by.name not in (row.by, row.cadre.username) and not by.may(P.HELPER_ASSIGN, row.village_code):
            raise refusals.VisitOfOther


def _rounds(visits: Sequence[NewVisit], places: Sequence[_Where]) -> list[int | None]:
    """The round of each visit that is made for one: the narrowest over its village on its day. One query."""
    if not any(visit.purpose == ROUND for visit in visits):
        return [None] * len(visits)
    over: dict[str, list[Round]] = defaultdict(list)
    days = [visit.on for visit in visits if visit.purpose == ROUND]
    for one in Round.objects.filter(begins__lte=max(days), ends__gte=min(days)).order_by("pk"):
        over[one.division_id].append(one)
    found: list[int | None] = []
    for visit, place in zip(visits, places, strict=True):
        if visit.purpose != ROUND:
            found.append(None)
            continue
        fit = [
            one
            for area in (*ancestors(place.village), place.village)
            for one in over.get(area, ())
            if one.begins <= visit.on <= one.ends
        ]
        if not fit:
            raise refusals.NoRound(on=visit.on, village=areas.division(place.village).name)
        found.append(fit[-1].pk)
    return found


def _log(
    visits: Sequence[NewVisit], places: Sequence[_Where], keys: Sequence[int], by: str, of_list: str, photo: str
) -> None:
    """One entry per county: which visits, of which households; never what was found."""
    by_county: dict[str, list[list[object]]] = defaultdict(list)
    for visit, place, key in zip(visits, places, keys, strict=True):
        by_county[place.village[:6]].append([visit.household_id or place.village, visit.cadre_id, visit.on, key])
    for county, own in sorted(by_county.items()):
        alone = len(own) == 1
        audit.record(
            chain=county,
            by=by,
            action="visit.recorded",
            object_type="household" if alone and isinstance(own[0][0], int) else "visit",
            object_id=own[0][0] if alone else f"{own[0][3]}+{len(own) - 1}",
            diff={"visits": own, "list": of_list, "photo": photo},
        )


@transaction.atomic
def begin_round(*, title: str, area: str, begins: dt.date, ends: dt.date, by: Actor) -> Round:
    """The round over an area between two days. Raises ``NotAllowed``."""
    by.demand(P.FINDING_WAIVE, area)
    made = Round.objects.create(title=title, division_id=area, begins=begins, ends=ends, by=by.name, at=timezone.now())
    audit.record(
        chain=area,
        by=by.name,
        action="round.begun",
        object_type="round",
        object_id=made.pk,
        diff={"title": title, "area": area, "begins": begins, "ends": ends},
    )
    return made

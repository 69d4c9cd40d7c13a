"""Programmes and their cases in the reader's language: sums, lists, one case, lists on their way in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.assistance.models import ProgrammeRecord
from jiefa.assistance.queries.gaps import Coverage
from jiefa.assistance.queries.programmes import Sums
from jiefa.assistance.rules import programmes as rules
from jiefa.lists.models import ListState, ReceivedList
from jiefa.policy import Programme
from jiefa.site.presenters import log
from jiefa.site.presenters.columns import column_value
from jiefa.site.reader import Reader

TONES = {ListState.STAGED: "open", ListState.ACCEPTED: "good", ListState.REFUSED: "refused"}
LEVELS = ("error", "warn", "fixed")
NOTHING = Sums(0, 0, 0, 0, 0, 0)


def name(reader: Reader, programme: Programme) -> str:
    return reader.words(programme.zh, programme.en)


def overview(reader: Reader, sums: Mapping[str, Sums]) -> list[dict[str, Any]]:
    """Every programme of the pack with what it did in the place and year."""
    return [
        {
            "label": name(reader, programme),
            "url": reader.at(
                reverse("site:programme", args=[programme.id]), place=reader.place.code if reader.place else None
            ),
            "sums": sums.get(programme.id, NOTHING),
            "trace": _trace(reader, programme),
            "assumption": programme.assumption,
        }
        for programme in reader.pack.programmes.values()
    ]


def _trace(reader: Reader, programme: Programme) -> str:
    stage = programme.stage(programme.trace)
    return reader.words(stage.zh, stage.en) if stage else ""


def stage(reader: Reader, programme: Programme, identity: str) -> str:
    """The name of a stage; that none is reached for ''."""
    found = programme.stage(identity)
    return reader.words(found.zh, found.en) if found else _("no stage reached yet")


def tone(programme: Programme, record: ProgrammeRecord) -> str:
    return "good" if record.traced_on else "open"


def row(reader: Reader, programme: Programme, record: ProgrammeRecord, places: Mapping[str, str]) -> dict[str, Any]:
    """A case as a row of the list."""
    return {
        "url": reverse("site:case", args=[record.pk]),
        "head": record.household.head_name or record.household.number,
        "household_url": reverse("site:household", args=[record.household_id]),
        "number": record.household.number,
        "person": record.person.name if record.person else "",
        "village": places.get(record.village_code, record.village_code),
        "above": places.get(record.village_code[:9], ""),
        "stage": stage(reader, programme, record.stage),
        "tone": tone(programme, record),
        "traced_on": record.traced_on,
        "fen": record.amount_fen,
        "what": _in_short(reader, programme, record.own),
    }


SHORT = 3


def _in_short(reader: Reader, programme: Programme, own: rules.Own) -> str:
    """The first words that say what it is: codes and texts, no days and no money."""
    said = [
        column_value(reader, field, own)
        for field in programme.fields
        if field.type in ("code", "text") and field.id in own
    ]
    return " · ".join(said[:SHORT])


def reached(reader: Reader, programme: Programme, counts: Mapping[str, int], cases: int) -> list[dict[str, Any]]:
    """How far the cases have come: of each column of days how many have it filled in."""
    stages = {one.field: one for one in programme.stages}
    return [
        {
            "label": reader.words(stages[name].zh, stages[name].en)
            if name in stages
            else reader.words(programme.own[name].zh, programme.own[name].en),
            "count": count,
            "share": count / cases if cases else None,
        }
        for name, count in counts.items()
    ]


def by_place(
    reader: Reader, programme: Programme, sums: Mapping[str, Sums], places: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What a programme did in each place below."""
    url = reverse("site:programme", args=[programme.id])
    return [
        {"name": places.get(code, code), "url": reader.at(url, place=code), "sums": found}
        for code, found in sums.items()
    ]


def covered(reader: Reader, found: Mapping[str, Coverage], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """One household, one person, one skill in each place below."""
    return [{"name": places.get(code, code), "coverage": one} for code, one in found.items()]


def case(
    reader: Reader, programme: Programme, record: ProgrammeRecord, people: Mapping[str, str], *, opens_list: bool
) -> dict[str, Any]:
    """One case with all its columns and the way that it has come; its list is a link for who ``opens_list``."""
    dossier = reverse("site:dossier", args=[record.dossier]) if record.dossier else ""
    return {
        "programme": name(reader, programme),
        "programme_url": reader.at(reverse("site:programme", args=[programme.id])),
        "year": record.year,
        "head": record.household.head_name or record.household.number,
        "household_url": reverse("site:household", args=[record.household_id]),
        "number": record.household.number,
        "person": record.person.name if record.person else "",
        "off_list": record.off_list,
        "dossier_url": dossier,
        "list_url": reverse("site:help-list", args=[record.of_list_id]) if opens_list else "",
        "at": record.at,
        "by": log.who(record.by, people),
        "fen": record.amount_fen,
        "columns": [
            {"label": reader.words(field.zh, field.en), "value": column_value(reader, field, record.own)}
            for field in programme.fields
            if field.id in record.own
        ],
        "months": [
            {"month": place, "fen": int(str(record.own[column]))}
            for place, column in enumerate(programme.monthly, start=1)
            if column in record.own
        ],
        "stages": [
            {
                "label": reader.words(one.zh, one.en),
                "on": rules.day(record.own, one.field),
                "trace": one.id == programme.trace,
            }
            for one in programme.stages
        ],
    }


def of_household(reader: Reader, records: Iterable[ProgrammeRecord]) -> list[dict[str, Any]]:
    """The cases of a household, for its page."""
    known = reader.pack.programmes
    return [
        {
            "label": name(reader, known[record.programme]),
            "url": reverse("site:case", args=[record.pk]),
            "person": record.person.name if record.person else "",
            "what": _in_short(reader, known[record.programme], record.own),
            "stage": stage(reader, known[record.programme], record.stage),
            "tone": tone(known[record.programme], record),
            "traced_on": record.traced_on,
            "fen": record.amount_fen,
        }
        for record in records
        if record.programme in known
    ]


def list_row(
    reader: Reader, found: ReceivedList, label: str, places: Mapping[str, str], people: Mapping[str, str]
) -> dict[str, Any]:
    """A list on its way in as a row, and as the head of its page."""
    return {
        "pk": found.pk,
        "url": reverse("site:help-list", args=[found.pk]),
        "file_name": found.file_name,
        "kind": label,
        "place": "、".join(places.get(area, area) for area in found.areas.split(",")[:SHORT]),
        "digest": found.digest,
        "state": found.get_state_display(),
        "tone": TONES[ListState(found.state)],
        "waits": found.state == ListState.STAGED,
        "rows": found.rows,
        "accepted": found.accepted,
        "unchanged": found.unchanged,
        "held": found.held_back,
        "strangers": found.strangers,
        "warnings": found.warnings,
        "at": found.staged_at,
        "by": log.who(found.staged_by, people),
        "decided_at": found.decided_at,
        "decided_by": log.who(found.decided_by, people) if found.decided_by else "",
        "reason": found.reason,
    }


def remarks(reader: Reader, tally: Iterable[tuple[str, str, str, str, int]]) -> dict[str, list[dict[str, Any]]]:
    """What there is to say of a list, by level: the words of one row and how many there are."""
    found: dict[str, list[dict[str, Any]]] = {level: [] for level in LEVELS}
    for level, rule, zh, en, count in tally:
        found[level].append({"rule": rule, "text": reader.words(zh, en), "count": count})
    return found

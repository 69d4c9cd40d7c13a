"""A department's list compared with the register: by number first, by likeness for the rest; leads above one threshold, pairs above another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.audit import actions as audit
from jiefa.comparison.actions import likeness
from jiefa.comparison.models import Comparison, Course, How, Pair
from jiefa.identification import queries as people
from jiefa.identification.actions.leads import LONG_NUMBER, LeadsLoaded, LeadsWrong, NobodyFound
from jiefa.identification.models import Lead, LeadList
from jiefa.kernel import id_numbers
from jiefa.kernel.errors import JiefaError, Words
from jiefa.kernel.vault import Vault
from jiefa.linkage import prepare
from jiefa.policy import Pack
from jiefa.registry.models import Person
from jiefa.sheets.forms import specs_of

FORM = "compared_list"


class KindUnknown(JiefaError):
    code = "comparison.kind"
    zh = "没有“{kind}”这种线索，可选：{known}。"
    en = "There is no kind of lead {kind!r}; choose one of {known}."


@dataclass(frozen=True, slots=True)
class Source:
    """Whose list it is: ``kind`` of ``lead_kind``, the department's name, the day of its data."""

    kind: str
    department: str
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class _Found:
    row: Mapping[str, Any]
    person: Person
    how: How
    probability: float


def load(*, file: Path, name: str, source: Source, by: Actor, pack: Pack) -> Comparison:
    """The list compared inside the actor's area: leads sent to townships with a day, doubtful pairs left to a clerk. All or nothing.

    Raises ``NotAllowed``, the errors of ``sheets``, ``KindUnknown``, ``LeadsWrong``, ``LeadsLoaded``, ``NobodyFound``.
    """
    within = by.demand(Permission.LEAD_LOAD)
    kinds = pack.codes("lead_kind")
    if source.kind not in kinds.ids:
        raise KindUnknown(kind=source.kind, known=Words.listed(Words.of(one) for one in kinds.values))
    read = sheets.read(file, specs_of(pack, pack.form(FORM)))
    for said in read.remarks:
        if said.severity == "error":
            raise LeadsWrong(file=name, row=said.row or 1, problem_zh=said.zh, problem_en=said.en)
    rows = read.tables[FORM].to_pylist()
    for row in rows:
        _check(row, name)
    known = LeadList.objects.filter(digest=read.digest).first()
    if known is not None:
        raise LeadsLoaded(file=name, on=timezone.localdate(known.at), by=known.by)
    policy = pack.at(timezone.localdate())
    lead_from = float(policy.number("comparison.lead_probability"))
    clerk_from = float(policy.number("comparison.clerk_probability"))
    sure = _by_number(rows, within)
    rest = [row for row in rows if row["row"] not in sure and row["name"]]
    alike = likeness.alike(rest, within, lead_from, clerk_from)
    likely = [_Found(row, person, How.LIKENESS, p) for row, person, p in alike.leads]
    doubtful = [_Found(row, person, How.LIKENESS, p) for row, person, p in alike.doubtful]
    if not sure and not likely and not doubtful:
        raise NobodyFound(file=name, rows=len(rows))
    due = timezone.localdate() + dt.timedelta(days=int(policy.number("comparison.visit_days")))
    with transaction.atomic():
        of_list = LeadList.objects.create(
            title=name[:120],
            digest=read.digest,
            rows=len(rows),
            found=len(sure) + len(likely),
            by=by.name,
            at=timezone.now(),
        )
        made = Comparison.objects.create(
            list=of_list,
            kind=source.kind,
            department=source.department.strip()[:60],
            as_of=source.as_of,
            exact=len(sure),
            probable=len(likely),
            doubtful=len(doubtful),
            lead_from=lead_from,
            clerk_from=clerk_from,
            precision=alike.precision,
            recall=alike.recall,
        )
        begin(made, [*sure.values(), *likely], due)
        Pair.objects.bulk_create([_pair(made, one) for one in doubtful], batch_size=500)
        audit.record(
            chain="system",
            by=by.name,
            action="list.compared",
            object_type="lead_list",
            object_id=of_list.pk,
            diff={
                "file": of_list.title,
                "digest": read.digest,
                "kind": source.kind,
                "rows": len(rows),
                "exact": len(sure),
                "probable": len(likely),
                "doubtful": len(doubtful),
            },
        )
    return made


def begin(comparison: Comparison, found: Sequence[_Found], due: dt.date) -> list[Lead]:
    """The leads of rows, each with its course; runs inside a transaction of the caller."""
    leads = Lead.objects.bulk_create(
        [
            Lead(
                of_list_id=comparison.list_id,
                household_id=home,
                person=one.person,
                village_code=one.person.village_code,
                kind=comparison.kind,
                detail=(one.row["detail"] or "")[:200],
                seen_on=comparison.as_of,
            )
            for one in found
            if (home := one.person.household_id) is not None
        ],
        batch_size=500,
    )
    Course.objects.bulk_create(
        [
            Course(lead=lead, comparison=comparison, how=one.how, probability=one.probability, due_on=due)
            for lead, one in zip(leads, found, strict=True)
        ],
        batch_size=500,
    )
    return leads


def of_pair(pair: Pair) -> _Found:
    """A pair that a clerk took for the same, as a row that was found."""
    return _Found({"detail": pair.detail}, pair.person, How.CLERK, pair.probability)


def _check(row: Mapping[str, Any], file: str) -> None:
    if not (row["id_number"] or row["name"]):
        said = {"problem_zh": "证件号码和姓名都没有填", "problem_en": "neither number nor name is filled in"}
        raise LeadsWrong(file=file, row=row["row"], **said)
    if LONG_NUMBER.search(row["detail"] or ""):
        said = {"problem_zh": "线索内容里写了号码，请删去", "problem_en": "what it says holds a number; take it out"}
        raise LeadsWrong(file=file, row=row["row"], **said)


def _by_number(rows: Sequence[Mapping[str, Any]], within: Scope) -> dict[int, _Found]:
    """By line the rows whose number is somebody's on the register of the scope."""
    numbers = [id_numbers.citizen_part(row["id_number"]) if row["id_number"] else None for row in rows]
    keys = Vault(settings.JIEFA_VAULT_KEY).blind_index_many(numbers)
    on_file = people.people_by_key([key for key in keys if key is not None], within)
    found = {}
    for row, key in zip(rows, keys, strict=True):
        person = on_file.get(key) if key is not None else None
        if person is not None:
            same = not row["name"] or prepare.name_of(row["name"]) == prepare.name_of(person.name)
            how = How.NUMBER_AND_NAME if same else How.NUMBER
            found[row["row"]] = _Found(row, person, how, 1.0)
    return found


def _pair(comparison: Comparison, one: _Found) -> Pair:
    assert one.person.household_id is not None
    return Pair(
        comparison=comparison,
        line=one.row["row"],
        household_id=one.person.household_id,
        person=one.person,
        village_code=one.person.village_code,
        probability=one.probability,
        said_name=one.row["name"][:60],
        said_born=one.row["birth_date"],
        said_place=(one.row["village"] or "")[:120],
        detail=(one.row["detail"] or "")[:200],
    )

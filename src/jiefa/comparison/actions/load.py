"""A department's list compared with the register: by number first, by likeness for the rest; leads above one threshold, pairs above another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
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
from jiefa.comparison.queries import candidates
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


class WholeOfNothing(JiefaError):
    code = "comparison.whole"
    zh = "“{kind}”的名单只看名单上有谁，不用说明是不是全部。只有学籍、低保名单可以写“全部”。"
    en = "Of a list of the kind {kind!r} only whoever is on it is looked at. School rolls and guarantee lists alone may be called whole."


@dataclass(frozen=True, slots=True)
class Source:
    """Whose list it is: ``kind`` of ``lead_kind``, the department's name, the day of its data; ``whole_of``: the place of which it names
    everybody, empty where nobody says so."""

    kind: str
    department: str
    as_of: dt.date
    whole_of: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    row: Mapping[str, Any]
    person: Person
    how: How
    probability: float


def load(*, file: Path, name: str, source: Source, by: Actor, pack: Pack) -> Comparison:
    """The list compared inside the actor's area: leads sent to townships with a day, doubtful pairs left to a clerk. All or nothing.

    Where cards speak of the same matter (``candidates.CLAIMS``), a row whose card says the same is no lead, and whoever a whole list
    does not name though the card says it is one.

    Raises ``NotAllowed``, the errors of ``sheets``, ``KindUnknown``, ``WholeOfNothing``, ``LeadsWrong``, ``LeadsLoaded``, ``NobodyFound``.
    """
    within = by.demand(Permission.LEAD_LOAD)
    if source.whole_of:
        by.demand(Permission.LEAD_LOAD, source.whole_of)
    kinds = pack.codes("lead_kind")
    if source.kind not in kinds.ids:
        raise KindUnknown(kind=source.kind, known=Words.listed(Words.of(one) for one in kinds.values))
    if source.whole_of and source.kind not in candidates.CLAIMS:
        raise WholeOfNothing(kind=Words.of(kinds.by_id[source.kind]))
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
    found = [*sure.values(), *likely]
    if not found and not doubtful:
        raise NobodyFound(file=name, rows=len(rows))
    found, doubtful, agreed = _contradicting(found, doubtful, source.kind)
    missing = (
        _missing(source, {one.person.pk for one in (*found, *doubtful)} | agreed.people) if source.whole_of else []
    )
    due = timezone.localdate() + dt.timedelta(days=int(policy.number("comparison.visit_days")))
    with transaction.atomic():
        of_list = LeadList.objects.create(
            title=name[:120],
            digest=read.digest,
            rows=len(rows),
            found=len(sure) + len(likely) + len(missing),
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
            agreed=agreed.rows,
            whole_of=source.whole_of,
            missing=len(missing),
            lead_from=lead_from,
            clerk_from=clerk_from,
            precision=alike.precision,
            recall=alike.recall,
        )
        begin(made, [*found, *missing], due)
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
                "agreed": agreed.rows,
                "missing": len(missing),
            },
        )
    return made


@dataclass(frozen=True, slots=True)
class _Agreed:
    """How many rows the cards say the same as, and of whom they are."""

    rows: int
    people: frozenset[int]


def _contradicting(
    found: Sequence[_Found], doubtful: Sequence[_Found], kind: str
) -> tuple[list[_Found], list[_Found], _Agreed]:
    """The rows that the cards do not say the same as; all of them where cards do not speak of it."""
    if kind not in candidates.CLAIMS:
        return list(found), list(doubtful), _Agreed(0, frozenset())
    says = candidates.claiming(kind, {one.person.pk for one in (*found, *doubtful)})
    same = [one.person.pk for one in (*found, *doubtful) if one.person.pk in says]
    unlike = [[one for one in several if one.person.pk not in says] for several in (found, doubtful)]
    return unlike[0], unlike[1], _Agreed(len(same), frozenset(same))


def _missing(source: Source, named: AbstractSet[int]) -> list[_Found]:
    """Whoever the whole list should name and does not."""
    should = candidates.claimed(source.kind, Scope((source.whole_of,)))
    return [_Found({"detail": ""}, one, How.MISSING, 1.0) for one in should if one.pk not in named]


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

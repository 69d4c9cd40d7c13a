"""Publishing: a notice that must run its days, an announcement that hangs for good, the proof that either hung."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.disclosure import queries, rules
from jiefa.disclosure.models import Notice, NoticeProject, NoticeRow, Posting
from jiefa.disclosure.rules import PublicProject, PublicRow
from jiefa.kernel.errors import NotAllowed, Words
from jiefa.policy import Pack, Procedure, Step
from jiefa.procedures import evidence, subjects
from jiefa.procedures import queries as dossiers
from jiefa.procedures import rules as procedure_rules
from jiefa.procedures.actions import DossierUnknown
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.registry.models import Household
from jiefa.stores import bulk

AT_ONCE = 500
"""Dossiers looked up together."""
ACCEPTANCE = "acceptance"
"""The step of a project's procedure at which the county says what it found."""


@dataclass(frozen=True, slots=True)
class _List:
    """Dossiers that may go into one notice: their procedure, the step that publishes them, the place, the kind."""

    dossiers: Sequence[Dossier]
    procedure: Procedure
    step: Step
    place: str
    kind: str
    area: str


def post_notice(*, dossier_ids: Sequence[int], by: Actor, on: dt.date, pack: Pack) -> Notice:
    """The notice; from then on the clock of its dossiers runs, so many days after the day ``on`` as its kind of notice hangs.

    Raises ``NothingChosen``, ``NoticeTooLong``, ``NoNoticeHere``, ``NotOnePlace``, ``AlreadyPosted``, ``NotAllowed``,
    ``DossierClosed``, ``DossierUnknown``.
    """
    with transaction.atomic():
        listed = _to_post(_locked(dossier_ids), by, pack)
        return _post([listed], by, on, pack)[0]


def post_notices(*, dossier_ids: Sequence[int], by: Actor, on: dt.date, pack: Pack) -> list[Notice]:
    """A notice in every place of which dossiers are among these, as ``post_notice`` posts it; all or none, by place."""
    waiting = sorted(set(dossier_ids))
    with transaction.atomic():
        found = [d for at in range(0, len(waiting), AT_ONCE) for d in _locked(waiting[at : at + AT_ONCE])]
        by_place: dict[tuple[str, str, str], list[Dossier]] = defaultdict(list)
        for dossier in found:
            by_place[(dossier.desk, dossier.procedure, dossier.step)].append(dossier)
        return _post([_to_post(own, by, pack) for _, own in sorted(by_place.items())], by, on, pack)


def _post(lists: Sequence[_List], by: Actor, on: dt.date, pack: Pack) -> list[Notice]:
    ends = [rules.last_day(on, int(pack.at(on).number(rules.days_parameter(listed.kind)))) for listed in lists]
    made = _publish(lists, ends, by, on, pack)
    keys = [dossier.pk for listed in lists for dossier in listed.dossiers]
    last_days = [until for until, listed in zip(ends, lists, strict=True) for _dossier in listed.dossiers]
    clock = pa.table(
        {
            "id": pa.array(keys, pa.int64()),
            "notice_posted": pa.array([True] * len(keys), pa.bool_()),
            "notice_until": pa.array(last_days, pa.date32()),
            "notice_stopped": pa.array([False] * len(keys), pa.bool_()),
        }
    )
    bulk.update("procedures_dossier", clock, "id")
    return made


@transaction.atomic
def announce(*, dossier_ids: Sequence[int], place: str, by: Actor, on: dt.date, pack: Pack) -> Notice:
    """The announcement in ``place`` of what was decided; of dossiers at the step that announces, or approved and closed.

    Raises ``NothingChosen``, ``NoticeTooLong``, ``NotOnePlace``, ``NotDecidedYet``, ``NoAnnouncement``, ``AlreadyPosted``,
    ``NotAllowed``, ``DossierUnknown``, ``DivisionUnknown``.
    """
    listed = _to_announce(_locked(dossier_ids), place, by, pack)
    return _publish([listed], [None], by, on, pack)[0]


def preview(*, dossier_ids: Sequence[int], by: Actor, pack: Pack, announced_in: str = "") -> list[PublicRow]:
    """The lines of a notice of these dossiers, or of an announcement in a place; nothing is written. Raises as these do."""
    found = _read(dossier_ids)
    listed = _to_announce(found, announced_in, by, pack) if announced_in else _to_post(found, by, pack)
    return [row for _, row in _lines(listed)]


def _read(dossier_ids: Sequence[int]) -> list[Dossier]:
    return _complete(dossier_ids, list(Dossier.objects.filter(pk__in=_keys(dossier_ids)).order_by("pk")))


def _locked(dossier_ids: Sequence[int]) -> list[Dossier]:
    rows = Dossier.objects.select_for_update().filter(pk__in=_keys(dossier_ids)).order_by("pk")
    return _complete(dossier_ids, list(rows))


def _keys(dossier_ids: Sequence[int]) -> list[int]:
    keys = sorted(set(dossier_ids))
    if not keys:
        raise rules.NothingChosen
    if len(keys) > rules.LARGEST_NOTICE:
        raise rules.NoticeTooLong(limit=f"{rules.LARGEST_NOTICE:,}", rows=f"{len(keys):,}")
    return keys


def _complete(dossier_ids: Sequence[int], found: list[Dossier]) -> list[Dossier]:
    for unknown in sorted(set(dossier_ids) - {dossier.pk for dossier in found}):
        raise DossierUnknown(number=unknown)
    return found


def _to_post(found: Sequence[Dossier], by: Actor, pack: Pack) -> _List:
    first = found[0]
    for dossier in found:
        procedure = dossiers.procedure_of(dossier, pack)
        if dossier.outcome:
            end = Words.of(procedure.ends_by_id[dossier.step])
            raise procedure_rules.DossierClosed(title=dossier.title, end=end)
        step = procedure.by_id[dossier.step]
        if not dossiers.may_take(by, step, dossier.place_code):
            raise NotAllowed(what=Words.of(step))
        if step.notice is None:
            raise rules.NoNoticeHere(title=dossier.title, step=Words.of(step))
        if (dossier.desk, dossier.procedure, dossier.step) != (first.desk, first.procedure, first.step):
            raise rules.NotOnePlace(title=dossier.title)
        if dossier.notice_posted:
            raise rules.AlreadyPosted(title=dossier.title)
    procedure = dossiers.procedure_of(first, pack)
    step = procedure.by_id[first.step]
    assert step.notice is not None
    return _List(found, procedure, step, first.desk, step.notice, first.desk)


def _to_announce(found: Sequence[Dossier], place: str, by: Actor, pack: Pack) -> _List:
    areas.division(place)
    first = found[0]
    procedure = dossiers.procedure_of(first, pack)
    kind = rules.announcement_of(procedure)
    if kind is None:
        raise rules.NoAnnouncement(procedure=Words.of(procedure))
    step = rules.announcing_step(procedure)
    for dossier in found:
        own = rules.announcing_step(dossiers.procedure_of(dossier, pack))
        if not dossiers.may_take(by, own, dossier.place_code):
            raise NotAllowed(what=Words.of(own))
        if dossier.procedure != first.procedure or not dossier.place_code.startswith(place):
            raise rules.NotOnePlace(title=dossier.title)
        if dossier.outcome != "approved" and (dossier.outcome or dossier.step != own.id or own.part != "publisher"):
            raise rules.NotDecidedYet(title=dossier.title)
    again = NoticeRow.objects.filter(dossier__in=[d.pk for d in found], notice__kind=kind).select_related("dossier")
    for row in again[:1]:
        raise rules.AlreadyPosted(title=row.dossier.title)
    return _List(found, procedure, step, place, kind, procedure_rules.desk(step, first.place_code))


def _lines(listed: _List) -> list[tuple[Dossier, PublicRow]]:
    """Each dossier with what the public reads of it, by place and key."""
    return _Lines([listed]).of(listed)


class _Lines:
    """What the public reads of dossiers, looked up for many lists at once. The only way from a dossier into a notice."""

    def __init__(self, lists: Sequence[_List]) -> None:
        every = [dossier for listed in lists for dossier in listed.dossiers]
        keys = [key for dossier in every if (key := subjects.household_key(dossier.subject)) is not None]
        self._projects = _Projects(
            [dossier for listed in lists if listed.procedure.subject == "project" for dossier in listed.dossiers]
        )
        self._heads = _heads(keys)
        self._places = areas.named(sorted({code for dossier in every for code in (dossier.place_code, dossier.desk)}))

    def place_name(self, code: str) -> str:
        return self._places.get(code) or areas.division(code).name

    def of(self, listed: _List) -> list[tuple[Dossier, PublicRow]]:
        return [
            (dossier, self._row(dossier, listed))
            for dossier in sorted(listed.dossiers, key=lambda one: (one.place_code, one.pk))
        ]

    def _row(self, dossier: Dossier, listed: _List) -> PublicRow:
        code = dossier.place_code
        place = self._places.get(code, code)
        if listed.procedure.subject == "project":
            row = rules.row_of_place(place_code=code, place_name=place, decided=listed.kind)
            return replace(row, name=dossier.title, project=self._projects.of(dossier))
        if listed.procedure.subject != "household":
            return rules.row_of_place(place_code=code, place_name=place, decided=listed.kind)
        on_file = self._heads.get(subjects.household_key(dossier.subject) or 0)
        name, people = on_file or (dossier.title, rules.people_in(dossier.proposal))
        return rules.row_of_person(name=name, place_code=code, place_name=place, people=people, decided=listed.kind)


class _Projects:
    """What the public is told of the projects that these dossiers are about: proposed, changed by approval since, accepted."""

    def __init__(self, found: Sequence[Dossier]) -> None:
        self._said = {dossier.pk: dict(dossier.proposal) for dossier in found}
        by_subject = {dossier.subject: dossier.pk for dossier in found}
        for at in range(0, len(found), AT_ONCE):
            part = [dossier.subject for dossier in found[at : at + AT_ONCE]]
            changed = Dossier.objects.filter(subject__in=part, outcome="approved").exclude(pk__in=self._said)
            for subject, proposal in changed.order_by("closed_on", "pk").values_list("subject", "proposal"):
                self._said[by_subject[subject]] |= proposal.get("after", {})
        keys = [home for said in self._said.values() for home, _fen in said["beneficiaries"]]
        self._heads = _heads(keys)
        accepted = StepTaken.objects.filter(dossier__in=list(self._said), step=ACCEPTANCE, decision="approve")
        self._results = {
            key: str(facts.get("found") or opinion)
            for key, facts, opinion in accepted.order_by("seq").values_list("dossier_id", "facts", "opinion")
        }

    def of(self, dossier: Dossier) -> PublicProject:
        said = self._said[dossier.pk]
        names = [self._heads[home][0] for home, _fen in said["beneficiaries"] if home in self._heads]
        return rules.project_of(said, names, self._results.get(dossier.pk, ""))


def _heads(keys: Sequence[int]) -> dict[int, tuple[str, int]]:
    found: dict[int, tuple[str, int]] = {}
    for at in range(0, len(keys), AT_ONCE):
        rows = Household.objects.filter(pk__in=keys[at : at + AT_ONCE]).values_list("pk", "head_name", "size")
        found |= {pk: (name, size) for pk, name, size in rows}
    return found


def _publish(
    lists: Sequence[_List], ends: Sequence[dt.date | None], by: Actor, on: dt.date, pack: Pack
) -> list[Notice]:
    """The notices of these lists with their lines: as many queries for many as for one, but for the log."""
    looked_up, made = _Lines(lists), []
    tables: list[pa.Table] = []
    keys = bulk.new_ids("disclosure_notice", len(lists)).to_pylist()
    projects: list[tuple[int, PublicProject]] = []
    for key, listed, until in zip(keys, lists, ends, strict=True):
        lines = looked_up.of(listed)
        rows = [row for _, row in lines]
        campaigns = {dossier.campaign for dossier in listed.dossiers}
        notice = Notice(
            pk=key,
            kind=listed.kind,
            procedure=listed.procedure.id,
            step=listed.step.id,
            place_code=listed.place,
            place_name=looked_up.place_name(listed.place),
            year=max(dossier.year for dossier in listed.dossiers),
            campaign=campaigns.pop() if len(campaigns) == 1 else "",
            posted_on=on,
            until=until,
            lines=len(rows),
            people=sum(row.people or 0 for row in rows),
            digest=rules.digest(rows),
            policy_version=pack.version,
            by=by.name,
            area=listed.area,
            at=timezone.now(),
        )
        made.append(notice)
        first = sum(table.num_rows for table in tables)
        projects += [(first + at, row.project) for at, row in enumerate(rows) if row.project is not None]
        tables.append(_table(notice, lines))
    Notice.objects.bulk_create(made, batch_size=AT_ONCE)
    rows_of_all = pa.concat_tables(tables)
    ids = bulk.new_ids("disclosure_noticerow", rows_of_all.num_rows)
    bulk.insert("disclosure_noticerow", rows_of_all.append_column("id", ids))
    NoticeProject.objects.bulk_create(
        [NoticeProject(row_id=ids[at].as_py(), **asdict(project)) for at, project in projects], batch_size=AT_ONCE
    )
    _log(made, lists, by)
    return made


def _log(made: Sequence[Notice], lists: Sequence[_List], by: Actor) -> None:
    """One entry a county: what hangs where, and of which dossiers."""
    by_county: dict[str, list[tuple[Notice, _List]]] = defaultdict(list)
    for notice, listed in zip(made, lists, strict=True):
        by_county[notice.place_code[:6]].append((notice, listed))
    audit.record_many([_entry(county, own, by) for county, own in sorted(by_county.items())])


def _entry(county: str, own: Sequence[tuple[Notice, _List]], by: Actor) -> audit.Said:
    first = own[0][0]
    return audit.Said(
        chain=county,
        by=by.name,
        action="notice.posted" if first.until else "notice.announced",
        object_type="notice",
        object_id=first.pk if len(own) == 1 else f"{first.pk}+{len(own) - 1}",
        diff={
            "kind": first.kind,
            "procedure": first.procedure,
            "on": first.posted_on,
            "until": first.until,
            "notices": [
                [notice.pk, notice.place_code, notice.digest, [dossier.pk for dossier in listed.dossiers]]
                for notice, listed in own
            ],
        },
    )


def _table(made: Notice, lines: Sequence[tuple[Dossier, PublicRow]]) -> pa.Table:
    count, text = len(lines), pa.string()
    rows = [row for _, row in lines]
    return pa.table(
        {
            "notice_id": pa.array([made.pk] * count, pa.int64()),
            "position": pa.array(range(1, count + 1), pa.int32()),
            "dossier_id": pa.array([dossier.pk for dossier, _ in lines], pa.int64()),
            "visit": pa.array([dossier.visit for dossier, _ in lines], pa.int16()),
            "name": pa.array([row.name for row in rows], text),
            "place_code": pa.array([row.place_code for row in rows], text),
            "place_name": pa.array([row.place_name for row in rows], text),
            "people": pa.array([row.people for row in rows], pa.int16()),
            "decided": pa.array([row.decided for row in rows], text),
        }
    )


@transaction.atomic
def confirm_posting(*, notice_id: int, place: str, name: str, content: bytes, by: Actor, on: dt.date) -> Posting:
    """That the notice hung in ``place`` on the day ``on``, with its photograph; the same photograph once.

    Raises ``NotAllowed``, ``NotHungThere``, ``HungBeforePosted``, ``NoPicture``, and as ``evidence.keep``.
    """
    notice = Notice.objects.get(pk=notice_id)
    by.demand(Permission.HOUSEHOLD_EDIT, place)
    named = queries.places(notice)
    if place != notice.place_code and not any(code.startswith(place) for code in named):
        raise rules.NotHungThere(place=areas.division(place).name)
    if on < notice.posted_on:
        raise rules.HungBeforePosted(on=on, posted_on=notice.posted_on)
    kept = evidence.keep(Path(settings.JIEFA_HOME), name, content)
    if not kept.media_type.startswith("image/"):
        raise rules.NoPicture(name=name)
    found, is_new = Posting.objects.get_or_create(
        notice=notice,
        place_code=place,
        sha256=kept.sha256,
        defaults={
            "hung_on": on,
            "media_type": kept.media_type,
            "size": kept.size,
            "by": by.name,
            "at": timezone.now(),
        },
    )
    if is_new:
        audit.record(
            chain=place,
            by=by.name,
            action="notice.hung",
            object_type="notice",
            object_id=notice.pk,
            diff={"place": place, "on": on, "sha256": kept.sha256},
        )
    return found

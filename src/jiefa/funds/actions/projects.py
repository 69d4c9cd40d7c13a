"""Projects entered in the library, proposed, and what follows when their dossiers move on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assistance.rules.credit import ends_on
from jiefa.audit import actions as audit
from jiefa.funds.models import (
    Inspected,
    Moment,
    Project,
    ProjectBeneficiary,
    ProjectInspection,
    ProjectPicture,
    ProjectProgress,
)
from jiefa.funds.queries import projects as queries
from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules import projects as rules
from jiefa.funds.rules.projects import NewProject
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Pack
from jiefa.procedures import actions as dossiers
from jiefa.procedures import subjects
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household

AT_ONCE = 500
WORDS = ("number", "name", "applicant", "implementer", "responsible", "content", "goal", "maintenance")
BEFORE_THE_WORK = ("library_proposal", "library_keeping", "application", "approval")
LENGTHS = {field.name: field.max_length for field in Project._meta.concrete_fields if field.max_length}
INSPECTED = {"first_inspection": Inspected.FIRST, "acceptance": Inspected.ACCEPTANCE}


@dataclass(frozen=True, slots=True)
class Entry:
    """A project to be entered with its beneficiaries: households' keys with their planned shares in fen."""

    project: NewProject
    shares: Mapping[int, int]


def against(new: NewProject, shares: Mapping[int, int], pack: Pack) -> JiefaError | None:
    """What speaks against entering the project, whatever is on file."""
    name = new.number or new.name
    for field in WORDS:
        limit = LENGTHS[field]
        if not 0 < len(getattr(new, field).strip()) <= limit:
            return refusals.ProjectText(project=name, field=_field(field), limit=limit)
    if len(new.place_code) not in rules.PLACES:
        return refusals.ProjectPlace(project=name, place=new.place_code)
    for codes, value in (("project_kind", new.kind), ("fund_source", new.source), ("tender_method", new.tender)):
        if value not in pack.codes(codes).by_id:
            return refusals.ProjectCode(project=name, value=value)
    if new.starts_on > new.ends_on:
        return refusals.ProjectDays(project=name, starts=new.starts_on, ends=new.ends_on)
    if bool(new.contractor.strip()) != bool(new.contractor_number.strip()):
        return refusals.ProjectContractor(project=name)
    total = sum(shares.values())
    if new.asked_fen <= 0 or min(shares.values(), default=0) < 0 or total > new.asked_fen:
        said = {"shares": money.format_yuan(total), "asked": money.format_yuan(new.asked_fen)}
        return refusals.ProjectAmount(project=name, **said)
    return None


_FIELDS: Mapping[str, Words] = {
    "number": Words("项目编号", "number"),
    "name": Words("项目名称", "name"),
    "applicant": Words("申报单位", "applying office"),
    "implementer": Words("实施单位", "implementer"),
    "responsible": Words("责任人", "person responsible"),
    "content": Words("建设内容", "content"),
    "goal": Words("绩效目标", "goal"),
    "maintenance": Words("管护单位", "maintenance owner"),
}


def _field(name: str) -> Words:
    return _FIELDS[name]


def next_number(place: str, year: int) -> str:
    """The number that the next project of the county in that year gets by itself."""
    prefix = f"{place[:6]}-{year}-"
    last = (
        Project.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True).first()
    )
    digits = (last or "").removeprefix(prefix)
    return f"{prefix}{int(digits) + 1 if digits.isdecimal() else 1:04d}"


@transaction.atomic
def enter_many(*, entries: Sequence[Entry], by: Actor, pack: Pack) -> list[Project]:
    """The projects on file, in order, without a dossier yet; all or none.

    Raises what speaks against one (``against``), ``ProjectKnown``, ``BeneficiaryUnknown``, ``DivisionUnknown``, ``NotAllowed``.
    """
    for entry in entries:
        reason = against(entry.project, entry.shares, pack)
        if reason is not None:
            raise reason
        by.demand(Permission.MONEY_PROPOSE, entry.project.place_code)
    _check_places(entries)
    _check_homes(entries)
    now = timezone.now()
    fields = NewProject.__slots__
    made = [Project(**{name: getattr(entry.project, name) for name in fields}, by=by.name, at=now) for entry in entries]
    try:
        with transaction.atomic():
            Project.objects.bulk_create(made, batch_size=AT_ONCE)
    except IntegrityError:
        numbers = [one.number for one in made]
        known = Project.objects.filter(number__in=numbers).values_list("number", flat=True).first()
        raise refusals.ProjectKnown(project=known or numbers[0]) from None
    ProjectBeneficiary.objects.bulk_create(
        [
            ProjectBeneficiary(project=project, household_id=home, planned_fen=fen)
            for project, entry in zip(made, entries, strict=True)
            for home, fen in sorted(entry.shares.items())
        ],
        batch_size=AT_ONCE,
    )
    _log("project.entered", made, by.name)
    return made


def _check_places(entries: Sequence[Entry]) -> None:
    codes = sorted({entry.project.place_code for entry in entries})
    known = areas.named(codes)
    for entry in entries:
        if entry.project.place_code not in known:
            raise refusals.ProjectPlace(project=entry.project.number, place=entry.project.place_code)


def _check_homes(entries: Sequence[Entry]) -> None:
    keys = sorted({home for entry in entries for home in entry.shares})
    places: dict[int, str] = {}
    for first in range(0, len(keys), AT_ONCE):
        found = Household.objects.filter(pk__in=keys[first : first + AT_ONCE])
        places |= dict(found.values_list("pk", "village_code"))
    for entry in entries:
        for home in entry.shares:
            if not places.get(home, "").startswith(entry.project.place_code[:6]):
                raise refusals.BeneficiaryUnknown(project=entry.project.number, household=home)


def _log(action: str, projects: Sequence[Project], by: str, **more: object) -> None:
    by_county: dict[str, list[Project]] = defaultdict(list)
    for one in projects:
        by_county[one.place_code[:6]].append(one)
    audit.record_many(
        [
            audit.Said(
                chain=county,
                by=by,
                action=action,
                object_type="project",
                object_id=own[0].pk if len(own) == 1 else f"{own[0].pk}+{len(own) - 1}",
                diff={"projects": [[one.pk, one.number] for one in own], **more},
            )
            for county, own in sorted(by_county.items())
        ]
    )


@transaction.atomic
def propose_many(*, projects: Sequence[Project], by: Actor, on: dt.date, pack: Pack) -> list[int]:
    """The keys of their new dossiers, in order: each by the procedure of its amount and place. Raises as ``open_many``."""
    held = rules.limits(pack.at(on))
    shares = queries.shares_of([one.pk for one in projects])
    keys: dict[int, int] = {}
    by_procedure: dict[str, list[Project]] = defaultdict(list)
    for one in projects:
        by_procedure[rules.of_band(rules.PROCEDURES, one.place_code, one.asked_fen, held)].append(one)
    for procedure, own in sorted(by_procedure.items()):
        openings = [
            Opening(
                subjects.project(one.pk),
                one.place_code,
                one.name,
                one.year,
                queries.proposal(one, shares.get(one.pk, [])),
            )
            for one in own
        ]
        made = dossiers.open_many(procedure=procedure, openings=openings, by=by, on=on, pack=pack)
        keys |= {one.pk: key for one, key in zip(own, made, strict=True)}
    for one in projects:
        one.dossier_id = keys[one.pk]
    Project.objects.bulk_update(projects, ["dossier"], batch_size=AT_ONCE)
    return [keys[one.pk] for one in projects]


@transaction.atomic
def propose(*, entry: Entry, by: Actor, on: dt.date, pack: Pack) -> Project:
    """The project, entered and with its dossier on the desk of its first step. Raises as ``enter_many`` and ``propose_many``."""
    (made,) = enter_many(entries=[entry], by=by, pack=pack)
    propose_many(projects=[made], by=by, on=on, pack=pack)
    return made


def _of(moved: Sequence[Dossier]) -> dict[int, Project]:
    """By dossier, the project that it is about, locked in the order of their keys."""
    keys = {dossier.pk: subjects.key_of(dossier.subject) for dossier in moved}
    found = Project.objects.select_for_update().filter(pk__in=set(keys.values())).order_by("pk")
    by_key = {one.pk: one for one in found}
    return {dossier: by_key[key] for dossier, key in keys.items()}


def check(waiting: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing: another band, a project that is not what was proposed, work without progress or pictures,
    an inspector who did the work."""
    if decision.kind != "approve" or not waiting:
        return {}
    projects = Project.objects.in_bulk([subjects.key_of(dossier.subject) for dossier in waiting])
    shares = queries.shares_of(list(projects))
    moments: dict[int, set[str]] = defaultdict(set)
    for key, moment in (
        ProjectPicture.objects.filter(project__in=projects).values_list("project_id", "moment").distinct()
    ):
        moments[key].add(moment)
    workers: dict[int, set[str]] = defaultdict(set)
    for key, by in ProjectProgress.objects.filter(project__in=projects).values_list("project_id", "by").distinct():
        workers[key].add(by)
    held = rules.limits(pack.at(decision.on))
    found: dict[int, JiefaError] = {}
    for dossier in waiting:
        one = projects[subjects.key_of(dossier.subject)]
        said: JiefaError | None = None
        if dossier.step in BEFORE_THE_WORK:
            said = _against_approval(one, dossier, shares.get(one.pk, []), held, pack)
        elif dossier.step == "carrying_out":
            said = _against_finishing(one, moments[one.pk])
        elif dossier.step in INSPECTED and decision.by in workers[one.pk]:
            other = Words("实施", "the work")
            said = refusals.PartHeld(title=dossier.title, project=one.number, other=other)
        if said is not None:
            found[dossier.pk] = said
    return found


def _against_approval(
    one: Project, dossier: Dossier, shares: Sequence[tuple[int, int]], held: rules.Limits, pack: Pack
) -> JiefaError | None:
    fits = rules.of_band(rules.PROCEDURES, one.place_code, one.asked_fen, held)
    if fits != dossier.procedure:
        label = Words.of(pack.procedures[fits][-1])
        return refusals.BandChanged(project=one.number, amount=money.format_yuan(one.asked_fen), procedure=label)
    if queries.proposal(one, shares) != dossier.proposal:
        return refusals.ProjectOtherwise(project=one.number)
    return None


def _against_finishing(one: Project, moments: set[str]) -> JiefaError | None:
    missing = []
    if one.progress_percent < rules.WHOLE:
        missing.append(Words("100% 的进度", "100 % progress"))
    if Moment.BEFORE not in moments:
        missing.append(Words("施工前的照片", "a picture from before the work"))
    if Moment.AFTER not in moments:
        missing.append(Words("完工后的照片", "a picture from after the work"))
    return refusals.PictureMissing(project=one.number, what=Words.listed(missing)) if missing else None


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The days and sums of projects whose dossiers moved on. Raises ``ChangeBelowPaid`` for an approval taken back too late."""
    projects = _of([dossier for dossier, _done in moved])
    inspected = []
    facts = _facts([dossier.pk for dossier, done in moved if done.step in INSPECTED])
    for dossier, done in moved:
        one = projects[dossier.pk]
        arrived = done.step != done.target
        if done.step == "approval" and done.target == "notice_before":
            one.approved_fen, one.approved_on = one.asked_fen, done.on
        elif done.step == "notice_before" and done.target == "carrying_out":
            one.noticed_on = done.on
        elif done.step == "notice_before" and arrived:
            if one.received_fen or one.paid_fen:
                said = {"paid": money.format_yuan(max(one.received_fen, one.paid_fen)), "asked": "0"}
                raise refusals.ChangeBelowPaid(project=one.number, **said)
            one.approved_fen, one.approved_on = None, None
        elif done.step == "acceptance" and done.target == "notice_after":
            months = int(pack.at(done.on).number("project.warranty_months"))
            one.accepted_on, one.warranty_until = done.on, ends_on(done.on, months)
        elif done.step == "notice_after" and done.outcome == "approved":
            one.settled_on = done.on
        elif done.step == "notice_after" and arrived:
            one.accepted_on, one.warranty_until = None, None
        if done.step in INSPECTED and arrived:
            taken = facts[dossier.pk]
            inspected.append(_inspection(one, taken, done, by))
    days = ["approved_fen", "approved_on", "noticed_on", "accepted_on", "warranty_until", "settled_on"]
    Project.objects.bulk_update(projects.values(), days, batch_size=AT_ONCE)
    ProjectInspection.objects.bulk_create(inspected, batch_size=AT_ONCE)


def _facts(keys: Sequence[int]) -> dict[int, StepTaken]:
    """The step that each of these dossiers has just taken."""
    return {taken.dossier_id: taken for taken in StepTaken.objects.filter(dossier__in=keys).order_by("seq")}


def _inspection(one: Project, taken: StepTaken, done: Decided, by: str) -> ProjectInspection:
    said = taken.facts.get("inspected_on")
    return ProjectInspection(
        project=one,
        kind=INSPECTED[done.step],
        on=dt.date.fromisoformat(said) if said else done.on,
        found=str(taken.facts.get("found") or taken.opinion),
        passed=taken.decision == "approve",
        by=by,
        at=taken.at,
    )

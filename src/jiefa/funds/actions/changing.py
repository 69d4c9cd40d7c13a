"""What is to be otherwise with an approved project: proposed by who applied, approved anew, then it stands so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.audit import actions as audit
from jiefa.funds.actions import projects as entering
from jiefa.funds.models import Project, ProjectBeneficiary, ProjectChange
from jiefa.funds.queries import projects as queries
from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules import projects as rules
from jiefa.funds.rules.projects import NewProject
from jiefa.kernel import money
from jiefa.kernel.errors import Bilingual, JiefaError, Words
from jiefa.policy import Pack
from jiefa.procedures import actions as dossiers
from jiefa.procedures import queries as dossier_queries
from jiefa.procedures import subjects
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

CHANGEABLE_AT = frozenset(("notice_before", "carrying_out"))
CHANGING = Words("申请变更", "a change")


def propose(
    *, project_id: int, after: Mapping[str, Any], shares: Mapping[int, int] | None, by: Actor, on: dt.date, pack: Pack
) -> int:
    """The key of the dossier of the change. ``after``: columns that are to be otherwise (``rules.CHANGEABLE``); ``shares``:
    the whole list of beneficiaries, None where it stays.

    Raises ``ProjectStands``, ``ChangeEmpty``, ``ChangeBelowPaid``, what speaks against such a project, and as ``open_many``.
    """
    found = Project.objects.select_related("dossier").get(pk=project_id)
    said = {name: value for name, value in after.items() if name in rules.CHANGEABLE}
    before, changed = _differing(found, said)
    old_shares = dict(queries.shares_of([found.pk]).get(found.pk, []))
    if shares is not None and dict(shares) != old_shares:
        before["beneficiaries"] = sorted([home, fen] for home, fen in old_shares.items())
        changed["beneficiaries"] = sorted([home, fen] for home, fen in shares.items())
    if not changed:
        raise refusals.ChangeEmpty(project=found.number)
    reason = _against(found, changed, pack)
    if reason is not None:
        raise reason
    fen = int(changed.get("asked_fen", found.approved_fen or found.asked_fen))
    procedure = rules.of_band(rules.CHANGES, found.place_code, fen, rules.limits(pack.at(on)))
    opening = Opening(
        subjects.project(found.pk), found.place_code, found.name, found.year, {"before": before, "after": changed}
    )
    (key,) = dossiers.open_many(procedure=procedure, openings=[opening], by=by, on=on, pack=pack)
    return key


def _differing(found: Project, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands and what is to stand, where they differ, as JSON."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in sorted(said.items()):
        stands = found.approved_fen if name == "asked_fen" and found.approved_fen else getattr(found, name)
        if value != stands:
            before[name], after[name] = _plain(stands), _plain(value)
    return before, after


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _against(found: Project, after: Mapping[str, Any], pack: Pack) -> JiefaError | None:
    """What speaks against the change, as the project stands now."""
    dossier = found.dossier
    if dossier is None or dossier.step not in CHANGEABLE_AT:
        step = Words("没有申报", "no dossier")
        if dossier is not None:
            procedure = dossier_queries.procedure_of(dossier, pack)
            named: Mapping[str, Bilingual] = {**procedure.by_id, **procedure.ends_by_id}
            step = Words.of(named[dossier.step])
        return refusals.ProjectStands(project=found.number, step=step, what=CHANGING)
    columns = {name: getattr(found, name) for name in NewProject.__slots__} | {"asked_fen": found.approved_fen}
    columns |= rules.from_json({name: value for name, value in after.items() if name != "beneficiaries"})
    listed = after.get("beneficiaries")
    standing = {one.household_id: one for one in queries.beneficiaries(found)}
    shares = {home: one.planned_fen for home, one in standing.items()} if listed is None else dict(listed)
    reason = entering.against(NewProject(**columns), shares, pack)
    if reason is not None:
        return reason
    moved = max(found.received_fen, found.paid_fen)
    if columns["asked_fen"] < moved:
        said = {"paid": money.format_yuan(moved), "asked": money.format_yuan(columns["asked_fen"])}
        return refusals.ChangeBelowPaid(project=found.number, **said)
    for home, one in standing.items():
        if one.reached_fen > shares.get(home, 0):
            said = {"paid": money.format_yuan(one.reached_fen), "asked": money.format_yuan(shares.get(home, 0))}
            return refusals.ChangeBelowPaid(project=found.number, **said)
    return None


def check(waiting: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing to a change, as things stand now."""
    if decision.kind != "approve" or not waiting:
        return {}
    projects = Project.objects.select_related("dossier").in_bulk([subjects.key_of(one.subject) for one in waiting])
    found = {}
    for dossier in waiting:
        reason = _against(projects[subjects.key_of(dossier.subject)], dossier.proposal["after"], pack)
        if reason is not None:
            found[dossier.pk] = reason
    return found


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The projects as approved anew, each with what was otherwise. Raises what speaks against it once the project is locked."""
    for dossier, done in moved:
        if done.outcome == "approved":
            _apply(dossier, done, by, pack)


def _apply(dossier: Dossier, done: Decided, by: str, pack: Pack) -> None:
    found = Project.objects.select_for_update().get(pk=subjects.key_of(dossier.subject))
    before, after = dossier.proposal["before"], dict(dossier.proposal["after"])
    reason = _against(found, after, pack)
    if reason is not None:
        raise reason
    shares = after.pop("beneficiaries", None)
    for name, value in rules.from_json(after).items():
        setattr(found, name, value)
    if "asked_fen" in after:
        found.approved_fen = found.asked_fen
    found.version += 1
    found.save(force_update=True)
    if shares is not None:
        _keep_shares(found, dict(shares))
    ProjectChange.objects.create(
        project=found,
        dossier=dossier,
        on=done.on,
        before=before,
        after=dossier.proposal["after"],
        by=by,
        at=timezone.now(),
    )
    audit.record(
        chain=found.place_code,
        by=by,
        action="project.changed",
        object_type="project",
        object_id=found.pk,
        diff={"before": before, "after": dossier.proposal["after"], "dossier": dossier.pk},
    )


def _keep_shares(found: Project, shares: Mapping[int, int]) -> None:
    """The list of beneficiaries; who got something stays, as was checked."""
    rows = ProjectBeneficiary.objects.filter(project=found)
    rows.exclude(household__in=shares).delete()
    ProjectBeneficiary.objects.bulk_create(
        [ProjectBeneficiary(project=found, household_id=home, planned_fen=fen) for home, fen in sorted(shares.items())],
        update_conflicts=True,
        unique_fields=["project", "household"],
        update_fields=["planned_fen"],
        batch_size=entering.AT_ONCE,
    )

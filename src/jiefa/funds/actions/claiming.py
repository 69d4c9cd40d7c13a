"""Claims: a township asks to have a payee paid from a project, the county reviews, finance pays. Paid by the one path that posts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.audit import actions as audit
from jiefa.funds.actions import posting
from jiefa.funds.models import Account, Claim, Project
from jiefa.funds.queries import projects as queries
from jiefa.funds.rules import guards
from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules import projects as rules
from jiefa.funds.rules import refusals as transfers
from jiefa.funds.rules import rows as flat
from jiefa.funds.rules.projects import Limits
from jiefa.funds.rules.rows import PAYEE, PROJECT, NewTransfer, OriginKey, Party
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Pack
from jiefa.procedures import actions as dossiers
from jiefa.procedures import subjects
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household

PAYMENT = "payment"
INVOICE_LENGTH = 100
APPLIED = ("library_proposal", "application")
APPROVED = ("library_keeping", "approval")
INSPECTED = ("first_inspection", "acceptance")
NOT_BY: Mapping[str, Sequence[str]] = {
    "application": (*APPROVED, *INSPECTED),
    "review": (*APPLIED, *INSPECTED),
    PAYMENT: (*APPLIED, *APPROVED, *INSPECTED),
}
"""By step of a claim, the steps of the project's dossier whose takers may not take it."""


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim before it is on file. ``payee``: the unit, '' where ``household`` (its key) is paid."""

    project: int
    kind: str
    fen: int
    purpose: str
    invoice: str
    payee: str = ""
    household: int | None = None


def _against(
    one: Project, kind: str, fen: int, payee: str, household: int | None, waiting_fen: int, on: dt.date, held: Limits
) -> JiefaError | None:
    """What speaks against the claim on that day, as the project stands."""
    now = queries.standing(one)
    early = _kind_too_early(kind, one, on)
    label = _KINDS[kind]
    if early is not None:
        return refusals.ClaimKindWrong(project=one.number, kind=label, why=early)
    said = rules.against_paying(now.paying(waiting_fen), fen, on, household is None, held)
    if (
        said is None
        and kind == "advance"
        and now.paid_fen + waiting_fen + fen > rules.part(now.approved_fen or 0, held.advance_percent)
    ):
        most = rules.part(now.approved_fen or 0, held.advance_percent)
        total = now.paid_fen + waiting_fen + fen
        fens = {name: money.format_yuan(value) for name, value in (("asked", fen), ("sum", total), ("most", most))}
        return refusals.ClaimTooMuch(project=one.number, **fens)
    if said is not None:
        error, context = said
        return error(key=label, project=one.number, **context)
    if household is None and not rules.unit_of(now, payee):
        return refusals.PayeeNotOfProject(key=label, project=one.number, payee=payee)
    return None


_KINDS: Mapping[str, Words] = {
    "advance": Words("预付", "advance"),
    "progress": Words("进度报账", "progress payment"),
    "final": Words("验收结算", "final payment"),
    "retention": Words("质保金", "retention"),
}


def _kind_too_early(kind: str, one: Project, on: dt.date) -> Words | None:
    """Why it is not the time for a claim of this kind; None where it is."""
    if kind == "advance" and one.progress_percent:
        return Words("已有进度，请报进度", "the work has begun; claim for progress")
    if kind == "progress" and not one.progress_percent:
        return Words("还没有登记进度", "no progress is on file")
    if kind in ("final", "retention") and one.accepted_on is None:
        return Words("还没有县级验收", "it is not accepted by the county")
    if kind in ("final", "retention") and one.settled_on is None:
        return Words("完工后公示还没有期满", "the notice after the work has not run its days")
    if kind == "retention" and (one.warranty_until is None or on <= one.warranty_until):
        return Words(f"质保期到 {one.warranty_until}", f"the warranty runs until {one.warranty_until}")
    return None


@transaction.atomic
def propose(*, new: NewClaim, by: Actor, on: dt.date, pack: Pack) -> Claim:
    """The claim with its dossier on the desk of its first step. Raises what speaks against it, and as ``open_many``."""
    one = Project.objects.get(pk=new.project)
    if new.kind not in pack.codes("claim_kind").by_id or new.purpose not in pack.codes("fund_purpose").by_id:
        raise refusals.ProjectCode(project=one.number, value=f"{new.kind} {new.purpose}")
    limit = INVOICE_LENGTH
    if not 0 < len(new.invoice.strip()) <= limit:
        raise refusals.ProjectText(project=one.number, field=Words("发票号", "invoice"), limit=limit)
    if new.fen <= 0:
        raise transfers.AmountWrong(key=_KINDS[new.kind], most=money.format_yuan(one.approved_fen or one.asked_fen))
    held = rules.limits(pack.at(on))
    waiting = queries.under_way_fen(one)
    reason = _against(one, new.kind, new.fen, new.payee, new.household, waiting, on, held)
    if reason is None:
        reason = _against_purpose(new.purpose, _KINDS[new.kind], on, pack)
    if reason is None and new.household is not None:
        reason = _against_household(one, new.household, _KINDS[new.kind])
    if reason is not None:
        raise reason
    made = Claim.objects.create(
        project=one,
        kind=new.kind,
        amount_fen=new.fen,
        payee=new.payee.strip(),
        household_id=new.household,
        purpose=new.purpose,
        invoice=new.invoice.strip(),
        by=by.name,
        at=timezone.now(),
    )
    said = {
        "project": one.number,
        "kind": new.kind,
        "fen": new.fen,
        "payee": new.payee.strip(),
        "household": _number(new.household),
        "purpose": new.purpose,
        "invoice": new.invoice.strip(),
    }
    title = f"{one.name}·{pack.codes('claim_kind').by_id[new.kind].zh}"[:120]
    procedure = rules.CLAIMS[1] if len(one.place_code) == rules.COUNTY else rules.CLAIMS[0]
    opening = Opening(subjects.claim(made.pk), one.place_code, title, one.year, said)
    (key,) = dossiers.open_many(procedure=procedure, openings=[opening], by=by, on=on, pack=pack)
    made.dossier_id = key
    made.save(update_fields=["dossier"], force_update=True)
    audit.record(
        chain=one.place_code,
        by=by.name,
        action="claim.proposed",
        object_type="claim",
        object_id=made.pk,
        diff={"project": one.pk, "kind": new.kind, "fen": new.fen, "dossier": key},
    )
    return made


def _number(household: int | None) -> str | None:
    """The household's number: a proposal names nobody."""
    return None if household is None else Household.objects.values_list("number", flat=True).get(pk=household)


def _against_purpose(purpose: str, label: Words, on: dt.date, pack: Pack) -> JiefaError | None:
    """What the payment would be refused for anyhow: nobody signs a claim in vain."""
    said = guards.against_purpose(purpose, on, PAYEE, pack)
    if said is None:
        return None
    error, context = said
    return error(key=label, **context)


def _against_household(one: Project, household: int, label: Words) -> JiefaError | None:
    if not one.beneficiaries.filter(household=household).exists():
        return refusals.PayeeNotBeneficiary(key=label, project=one.number)
    return None


def check(waiting: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing to a claim, as things stand now; at every step. Who had a hand in the project does not pay."""
    if decision.kind != "approve" or not waiting:
        return {}
    keys = {dossier.pk: subjects.key_of(dossier.subject) for dossier in waiting}
    claims = Claim.objects.select_related("project").in_bulk(list(keys.values()))
    of_project = {claim.project.dossier_id for claim in claims.values()} - {None}
    waiting_fen, balances = _sums([claim.project for claim in claims.values()])
    takers = {step: queries.takers([key for key in of_project if key], steps) for step, steps in NOT_BY.items()}
    held = rules.limits(pack.at(decision.on))
    found: dict[int, JiefaError] = {}
    for dossier in waiting:
        claim = claims[keys[dossier.pk]]
        one = claim.project
        others = takers.get(dossier.step, {}).get(one.dossier_id or 0, set())
        if decision.by in others:
            found[dossier.pk] = refusals.PartHeld(title=dossier.title, project=one.number, other=_OTHERS[dossier.step])
            continue
        rest = waiting_fen.get(one.pk, 0) - claim.amount_fen
        reason = _against(one, claim.kind, claim.amount_fen, claim.payee, claim.household_id, rest, decision.on, held)
        if reason is None and dossier.step == PAYMENT and balances.get(one.number, 0) < claim.amount_fen:
            fens = {"balance": balances.get(one.number, 0), "asked": claim.amount_fen}
            said = {name: money.format_yuan(fen) for name, fen in fens.items()}
            reason = refusals.ClaimFunds(project=one.number, **said)
        if reason is not None:
            found[dossier.pk] = reason
    return found


_OTHERS: Mapping[str, Words] = {
    "application": Words("审批或检查", "approving or inspecting"),
    "review": Words("申报或检查", "applying or inspecting"),
    PAYMENT: Words("申报、审批或检查", "applying, approving or inspecting"),
}


def _sums(projects: Sequence[Project]) -> tuple[dict[int, int], dict[str, int]]:
    """By project what open claims ask for; by number what its pots hold. Two queries."""
    open_ones = Claim.objects.filter(project__in={one.pk for one in projects}, dossier__outcome="").order_by()
    asked = {row["project"]: int(row["fen"]) for row in open_ones.values("project").annotate(fen=Sum("amount_fen"))}
    pots = Account.objects.filter(
        kind=PROJECT, owner__in={one.number for one in projects}, area_code__in={one.place_code for one in projects}
    ).order_by()
    held = {row["owner"]: int(row["fen"]) for row in pots.values("owner").annotate(fen=Sum("balance_fen"))}
    return asked, held


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """Claims that ended well are paid from the pots of their projects, the oldest money first. Raises as ``posting.post_many``."""
    paid = [(dossier, done) for dossier, done in moved if done.outcome == "approved"]
    if not paid:
        return
    keys = {dossier.pk: subjects.key_of(dossier.subject) for dossier, _done in paid}
    claims = Claim.objects.select_related("project", "household").in_bulk(list(keys.values()))
    steps = {one.dossier_id: one for one in StepTaken.objects.filter(dossier__in=keys, step=PAYMENT).order_by("seq")}
    posts = {(Role(one.role), one.area) for one in steps.values()}
    pots = _pots([claim.project for claim in claims.values()])
    made: list[NewTransfer] = []
    for dossier, done in paid:
        made += _transfers(claims[keys[dossier.pk]], pots, done.on)
    posting.post_many(rows=flat.table(made), by=holder(by, posts), pack=pack)
    for dossier, done in paid:
        claims[keys[dossier.pk]].paid_on = done.on
    Claim.objects.bulk_update(claims.values(), ["paid_on"], batch_size=500)


def _pots(projects: Sequence[Project]) -> dict[int, list[Account]]:
    by_number = {(one.place_code, one.number): one.pk for one in projects}
    rows = Account.objects.filter(kind=PROJECT, owner__in={one.number for one in projects}, balance_fen__gt=0)
    found: dict[int, list[Account]] = defaultdict(list)
    for pot in rows.select_related("origin").order_by("origin__year", "pk"):
        if (pot.area_code, pot.owner) in by_number:
            found[by_number[pot.area_code, pot.owner]].append(pot)
    return found


def _transfers(claim: Claim, pots: Mapping[int, list[Account]], on: dt.date) -> list[NewTransfer]:
    """The claim as transfers, one from each pot that it needs; what pots hold is drawn down for the next."""
    place = claim.household.village_code if claim.household else claim.project.place_code
    receiver = Party(PAYEE, place, claim.payee, claim.household_id)
    left = claim.amount_fen
    made: list[NewTransfer] = []
    for pot in pots.get(claim.project_id, []):
        fen = min(left, pot.balance_fen)
        if not fen:
            continue
        of = pot.origin
        made.append(
            NewTransfer(
                payer=Party(PROJECT, pot.area_code, pot.owner),
                receiver=receiver,
                origin=OriginKey(of.source, of.type, of.year, of.area_code, of.giver),
                amount_fen=fen,
                on=on,
                purpose=claim.purpose,
                document=claim.invoice,
                key=f"claim/{claim.pk}/{len(made) + 1}",
            )
        )
        pot.balance_fen -= fen
        left -= fen
    if left:
        said = {"balance": money.format_yuan(claim.amount_fen - left), "asked": money.format_yuan(claim.amount_fen)}
        raise refusals.ClaimFunds(project=claim.project.number, **said)
    return made

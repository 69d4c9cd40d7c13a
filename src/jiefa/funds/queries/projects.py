"""Projects for pages, commands and lists: those of a place, one with all that belongs to it, claims, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.funds.models import (
    Account,
    Claim,
    Project,
    ProjectBeneficiary,
    ProjectChange,
    ProjectInspection,
    ProjectPicture,
    ProjectProgress,
    Transfer,
)
from jiefa.funds.rules import projects as rules
from jiefa.funds.rules.projects import Standing
from jiefa.procedures import subjects
from jiefa.procedures.models import Dossier, StepTaken

STEPS = ("application", "approval", "carrying_out", "first_inspection", "acceptance", "claims")
"""The six steps of the method, by the step of the procedure that each ends with; claims follow the dossier."""
LIBRARY = ("library_proposal", "library_keeping")


@dataclass(frozen=True, slots=True)
class Sifted:
    """Which projects to list: '' and None for any. ``state``: a step or end of the procedure, or ``none`` without dossier."""

    year: int | None = None
    kind: str = ""
    state: str = ""
    text: str = ""


def projects(within: Scope, sifted: Sifted = Sifted()) -> QuerySet[Project]:
    """The projects inside the scope, the newest first."""
    rows = gate(Project.objects.select_related("dossier"), within, "place_code")
    if sifted.year:
        rows = rows.filter(year=sifted.year)
    if sifted.kind:
        rows = rows.filter(kind=sifted.kind)
    if sifted.state == "none":
        rows = rows.filter(dossier__isnull=True)
    elif sifted.state:
        rows = rows.filter(dossier__step=sifted.state)
    if sifted.text:
        rows = rows.filter(Q(name__contains=sifted.text) | Q(number__startswith=sifted.text))
    return rows.order_by("-pk")


def project(pk: int, within: Scope) -> Project | None:
    """The project, if it lies inside the scope."""
    return projects(within).filter(pk=pk).first()


def numbered(number: str, within: Scope) -> Project | None:
    """The project of that number, if it lies inside the scope."""
    return projects(within).filter(number=number).first()


@dataclass(frozen=True, slots=True)
class Sums:
    """Projects of a place with their money in fen: approved, gone in, paid."""

    projects: int
    approved_fen: int
    received_fen: int
    paid_fen: int


def sums(within: Scope, sifted: Sifted) -> Sums:
    """How many there are and what they come to. One query."""
    found = (
        projects(within, sifted)
        .order_by()
        .aggregate(
            projects=Count("pk"),
            approved_fen=Sum("approved_fen", default=0),
            received_fen=Sum("received_fen", default=0),
            paid_fen=Sum("paid_fen", default=0),
        )
    )
    return Sums(**found)


def standing(found: Project) -> Standing:
    """The project as rules of payments see it."""
    return Standing(**{name: getattr(found, name) for name in Standing.__slots__ if name != "id"}, id=found.pk)


def beneficiaries(found: Project) -> list[ProjectBeneficiary]:
    """Whom the project is for, by household."""
    return list(ProjectBeneficiary.objects.filter(project=found).select_related("household").order_by("household_id"))


def progress(found: Project) -> list[ProjectProgress]:
    """How far it has come, the newest first."""
    return list(ProjectProgress.objects.filter(project=found).order_by("-pk"))


def pictures(found: Project) -> list[ProjectPicture]:
    """Its pictures, oldest first."""
    return list(ProjectPicture.objects.filter(project=found).order_by("pk"))


def picture(found: Project, pk: int) -> ProjectPicture | None:
    """One picture of a project that passed the gate."""
    return ProjectPicture.objects.filter(project=found, pk=pk).first()


def inspections(found: Project) -> list[ProjectInspection]:
    """What inspections found, oldest first."""
    return list(ProjectInspection.objects.filter(project=found).order_by("pk"))


def changes(found: Project) -> list[ProjectChange]:
    """What was changed by approval, oldest first."""
    return list(ProjectChange.objects.filter(project=found).order_by("pk"))


def claims(found: Project) -> list[Claim]:
    """What was asked for, oldest first."""
    return list(Claim.objects.filter(project=found).select_related("dossier", "household").order_by("pk"))


def under_way_fen(found: Project, but: int | None = None) -> int:
    """What claims that are not decided yet ask for; ``but`` one."""
    rows = Claim.objects.filter(project=found, dossier__outcome="")
    rows = rows if but is None else rows.exclude(pk=but)
    return int(rows.aggregate(fen=Sum("amount_fen", default=0))["fen"])


def pots(found: Project) -> list[Account]:
    """The pots of the project with their origins, the oldest money first."""
    rows = Account.objects.filter(kind="project", area_code=found.place_code, owner=found.number)
    return list(rows.select_related("origin").order_by("origin__year", "pk"))


def transfers(found: Project) -> QuerySet[Transfer]:
    """What went into and out of the project, the newest first."""
    keys = Account.objects.filter(kind="project", area_code=found.place_code, owner=found.number).values("pk")
    rows = Transfer.objects.select_related(
        "origin", "from_account__household", "to_account__household", "reversed_by"
    ).filter(Q(from_code=found.place_code, from_account__in=keys) | Q(to_code=found.place_code, to_account__in=keys))
    return rows.order_by("-pk")


def dossiers(found: Project) -> list[Dossier]:
    """The dossiers about the project and its changes, oldest first."""
    return list(Dossier.objects.filter(subject=subjects.project(found.pk)).order_by("pk"))


def of_household(household: int) -> list[ProjectBeneficiary]:
    """The projects that a household gains by, the newest first."""
    rows = ProjectBeneficiary.objects.filter(household=household).select_related("project__dossier")
    return list(rows.order_by("-project__year", "-pk"))


def takers(keys: Iterable[int], steps: Sequence[str]) -> dict[int, set[str]]:
    """By dossier, who agreed to one of ``steps``. One query."""
    found: dict[int, set[str]] = {}
    rows = StepTaken.objects.filter(dossier__in=list(keys), step__in=steps, decision="approve")
    for dossier, by in rows.values_list("dossier_id", "by"):
        found.setdefault(dossier, set()).add(by)
    return found


def proposal(found: Project, shares: Iterable[tuple[int, int]]) -> dict[str, object]:
    """What is proposed of a project: its columns and, by household, the planned shares in fen."""
    said: Mapping[str, Any] = {name: getattr(found, name) for name in rules.NewProject.__slots__}
    return {**rules.NewProject(**said).as_json(), "beneficiaries": sorted([home, fen] for home, fen in shares)}


def shares_of(keys: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """By project, ``(household, planned fen)``. One query."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = ProjectBeneficiary.objects.filter(project__in=keys).order_by("project", "household")
    for project_id, home, fen in rows.values_list("project_id", "household_id", "planned_fen"):
        found.setdefault(project_id, []).append((home, fen))
    return found

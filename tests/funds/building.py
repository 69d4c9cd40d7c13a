"""A project as the tests take it along its way: who takes which step, what lies in the file, how money comes to it."""

from __future__ import annotations

import datetime as dt
from itertools import count

from django.utils import timezone
from tests.funds.moves import CENTRAL, COUNTY, FUNDS, HELD, PACK, fill, move, payer, posted

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.casework import actions as casework
from jiefa.disclosure import actions as disclosure
from jiefa.funds.actions import carrying, claiming, projects
from jiefa.funds.actions.claiming import NewClaim
from jiefa.funds.actions.projects import Entry
from jiefa.funds.models import Claim, Moment, Project
from jiefa.funds.rules.projects import NewProject
from jiefa.funds.rules.rows import PAYEE, PROJECT, Party
from jiefa.procedures import actions as dossiers
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household

TOWNSHIP, VILLAGE = "520324103", "520324103200"
BEGAN = dt.date(2015, 2, 2)
LATER = dt.date(2015, 8, 1)
DAY = dt.timedelta(days=1)
FIRM, FIRM_NUMBER = "正安县黔北路桥工程有限公司", "91520324MA6DL1XX0T"
PAPER, PICTURE = b"%PDF-1.7 paper", b"\x89PNG\r\n\x1a\n picture"
FOUND = "道路平整，宽度达标"
_numbers = count(1)


def township(name: str = "sunx") -> Actor:
    return holder(name, [(Role.TOWNSHIP_OFFICER, TOWNSHIP)])


def county(name: str = "wang") -> Actor:
    return holder(name, [(Role.COUNTY_OFFICER, COUNTY)])


LI = holder("li", [(Role.VILLAGE_OFFICER, VILLAGE)])
CHEN = holder("chen", [(Role.FINANCE_OFFICER, COUNTY)])
TAKERS = {
    "library_proposal": township(),
    "library_keeping": county(),
    "application": township(),
    "approval": county(),
    "notice_before": township(),
    "carrying_out": township(),
    "first_inspection": township("tang"),
    "acceptance": county("zhou"),
    "notice_after": township(),
    "review": county(),
    "payment": CHEN,
}
"""Who takes which step where nothing else is said: applicant, approver, inspector and payer are different people."""
PAPERS = {
    "application": "application",
    "approval": "document",
    "first_inspection": "inspection",
    "acceptance": "inspection",
}
WAY = tuple(TAKERS)[:9]


def new(**changes: object) -> NewProject:
    """A road of a village for 100,000 yuan."""
    said: dict[str, object] = {
        "number": f"P{next(_numbers):04d}",
        "name": "安场村通组路",
        "kind": "infrastructure",
        "place_code": VILLAGE,
        "year": 2015,
        "asked_fen": 100_000_00,
        "source": "central",
        "applicant": "安场镇人民政府",
        "implementer": "安场村村民委员会",
        "responsible": "李村",
        "tender": "inquiry",
        "content": "硬化通组路 2 公里",
        "goal": "解决 30 户出行",
        "starts_on": dt.date(2015, 3, 1),
        "ends_on": dt.date(2015, 9, 30),
        "maintenance": "安场村村民委员会",
        "contractor": FIRM,
        "contractor_number": FIRM_NUMBER,
    }
    return NewProject(**{**said, **changes})


def done(pot: Party, firm: Party, fen: int) -> Project:
    """The project of a pot, approved, published and done for so much, by the firm that is paid; its dossier is not looked at."""
    day = dt.date(2015, 1, 5)
    return Project.objects.create(
        number=pot.owner, name=pot.owner, kind="industry", place_code=pot.area_code, year=2015, asked_fen=fen, source="central",
        applicant="x", implementer="x", responsible="x", contractor=firm.owner, contractor_number="x", tender="open",
        content="x", goal="x", starts_on=day, ends_on=day, maintenance="x", approved_fen=fen, approved_on=day,
        noticed_on=day, progress_percent=100, by="x", at=timezone.now(),
    )  # fmt: skip


def home(number: str = "H1", village: str = VILLAGE, **changes: object) -> Household:
    """A household of the village on the register."""
    said = {"head_name": "骆明贵", "size": 4, "poverty_status": "poor", "household_class": "poor"}
    return Household.objects.create(number=number, village_code=village, **{**said, **changes})


def proposed(shares: dict[int, int] | None = None, **changes: object) -> Project:
    return projects.propose(entry=Entry(new(**changes), shares or {}), by=township(), on=BEGAN, pack=PACK)


def decide(
    dossier: Dossier, on: dt.date, do: str = "approve", by: Actor | None = None, facts: dict[str, object] | None = None
) -> Dossier:
    """One step of a dossier; the papers that it asks for are laid in before."""
    who = by or TAKERS[dossier.step]
    paper = PAPERS.get(dossier.step) if dossier.procedure.startswith("project") else None
    if dossier.procedure.startswith("claim") and dossier.step == "application":
        paper = "invoice"
    if paper and do == "approve":
        dossiers.lay_in(dossier_id=dossier.pk, kind=paper, name="p.pdf", content=PAPER, by=who, pack=PACK)
    stated = facts or {}
    if do == "approve" and dossier.step in ("first_inspection", "acceptance"):
        stated = {"inspected_on": on, "found": FOUND, **stated}
    decision = Decision(do, who.name, who.posts, on, "" if do == "approve" else "须改正", stated)
    key = f"{dossier.pk}/{dossier.version}/{do}"
    casework.decide(dossier=dossier, version=None, decision=decision, by=who, key=key, pack=PACK)
    dossier.refresh_from_db()
    return dossier


def finish(project: Project, on: dt.date) -> None:
    """All progress, and pictures from before and after."""
    carrying.record_progress(project_id=project.pk, on=on, percent=100, words="完工", by=LI, pack=PACK)
    for moment in (Moment.BEFORE, Moment.AFTER):
        carrying.add_picture(
            project_id=project.pk, moment=moment, taken_on=on, name="a.png", content=PICTURE, by=LI, pack=PACK
        )


def taken_to(step: str, project: Project) -> dt.date:
    """The project with its dossier at ``step``, or at its end; and the day on which it came there: notices take 11 days."""
    dossier = Dossier.objects.get(pk=project.dossier_id)
    last = StepTaken.objects.filter(dossier=dossier).order_by("-seq").first()
    on = BEGAN if last is None else last.on + DAY
    while dossier.step != step and not dossier.outcome:
        if dossier.step.startswith("notice") and not dossier.notice_posted:
            disclosure.post_notice(dossier_ids=[dossier.pk], by=TAKERS[dossier.step], on=on, pack=PACK)
            dossier.refresh_from_db()
            on += 11 * DAY
        if dossier.step == "carrying_out" and not project.pictures.filter(moment=Moment.AFTER).exists():
            finish(project, on)
        decide(dossier, on)
        on += DAY
    project.refresh_from_db()
    return on


def pot(project: Project) -> Party:
    return Party(PROJECT, project.place_code, project.number)


def fund(project: Project, fen: int = 100_000_00, on: dt.date = dt.date(2015, 6, 1)) -> None:
    """So much central money lies with the project."""
    fill(fen)
    posted(move(FUNDS, HELD, fen))
    posted(move(HELD, pot(project), fen, on=on, purpose="infrastructure"))


def to_firm(project: Project, fen: int, firm: str = FIRM, **changes: object) -> object:
    """The money of one payment to a unit, posted by finance."""
    said = {"on": dt.date(2015, 8, 1), "purpose": "infrastructure", **changes}
    return posted(move(pot(project), Party(PAYEE, VILLAGE, firm), fen, **said))


def claimed(project: Project, kind: str, fen: int, on: dt.date, **changes: object) -> Claim:
    said = {
        "project": project.pk,
        "kind": kind,
        "fen": fen,
        "purpose": "infrastructure",
        "invoice": "00012345",
        "payee": FIRM,
    }
    return claiming.propose(new=NewClaim(**{**said, **changes}), by=township(), on=on, pack=PACK)


__all__ = ["CENTRAL", "payer"]

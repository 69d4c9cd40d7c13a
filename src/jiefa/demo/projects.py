"""Projects of 2015: the courses of every county, and what townships do with money put together there; in every state that there is.

They go through their dossiers like any other. Names, contractors and days are made up; what they cost is money that is on its way
anyway (``funding``). Progress and pictures are put on file as sets.
"""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.demo.help_lists import YEAR
from jiefa.demo.papers import paper
from jiefa.disclosure import actions as disclosure
from jiefa.funds.actions import projects as actions
from jiefa.funds.actions.projects import Entry
from jiefa.funds.models import Moment, Project, ProjectPicture, ProjectProgress
from jiefa.funds.rules.projects import NewProject
from jiefa.kernel import division_codes
from jiefa.policy import Pack, Step
from jiefa.procedures import actions as dossiers
from jiefa.procedures import evidence
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household

SCHOOL = "县职业技术学校"
BUILDERS = ("黔北路桥工程有限公司", "苗岭水利建设有限公司", "乌江建筑工程有限公司")
KINDS = (("infrastructure", "通组道路硬化"), ("infrastructure", "人饮安全工程"), ("industry", "茶叶种植补助"))
STATES = (
    *("accepted", "carrying_out", "accepted", "notice_before", "carrying_out", "approval", "first_inspection"),
    *("acceptance", "application", "library_keeping", "accepted", "library_proposal"),
)
"""Where the projects of townships stand, one after another."""
BEGUN, WORKED = dt.date(YEAR, 1, 5), dt.date(YEAR, 9, 1)
FOUND = "按批复内容建成，质量合格（演示数据）"
NOTICE_DAYS = 11
MEMBERS = 8
"""Households that a project of a township names."""
OFFICERS = 4
HALF, WHOLE = 55, 100


@dataclass(frozen=True, slots=True)
class Built:
    """A project with what is to be paid from it by the end of the year: to its unit and to households, in fen."""

    project: Project
    unit_fen: int
    homes: Mapping[int, int]


class Builders:
    """Officers of the places of projects: five of every office, so that each part is another person's."""

    def __init__(self, places: Sequence[str], pack: Pack) -> None:
        self._pack = pack
        townships = sorted({code[:9] for code in places if len(code) > 6})
        counties = sorted({code[:6] for code in places})
        posts = [(Role.TOWNSHIP_OFFICER, code) for code in townships] + [
            (Role.COUNTY_OFFICER, code) for code in counties
        ]
        self.fifth = holder("demo-project-5", posts)
        self.officers = [holder(f"demo-project-{number + 1}", posts) for number in range(OFFICERS)]

    def takers(self, step: Step) -> list[Actor]:
        """Who takes the step: applicant and implementer one, then reviewer and approvers, then inspectors."""
        first, second, third, fourth = self.officers
        if step.part in ("reviewer", "approver"):
            return [second, third][: step.people]
        if step.id == "first_inspection":
            return [fourth]
        if step.id == "acceptance":
            return [self.fifth]
        return [first]


def training(costs: Mapping[str, int], pack: Pack) -> dict[str, Built]:
    """By county, its courses of the year as a project that is accepted."""
    names = areas.named(sorted(costs))
    entries = [
        Entry(
            NewProject(
                number=f"{county}-{YEAR}-T001",
                name=f"{YEAR}年雨露计划技能培训",
                kind="training",
                place_code=county,
                year=YEAR,
                asked_fen=fen,
                source="central",
                applicant=f"{names[county]}扶贫开发办公室",
                implementer=SCHOOL,
                responsible="培训股",
                tender="inquiry",
                content="贫困劳动力技能培训，一户一人",
                goal="参训劳动力取得证书并就业",
                starts_on=dt.date(YEAR, 3, 1),
                ends_on=dt.date(YEAR, 9, 10),
                maintenance=SCHOOL,
            ),
            {},
        )
        for county, fen in sorted(costs.items())
        if fen
    ]
    made = _enter(entries, pack)
    _walk(made, ["accepted"] * len(made), pack)
    return {one.place_code: Built(one, one.asked_fen, {}) for one in _again(made)}


def townships(money: Mapping[str, int], pack: Pack) -> list[Built]:
    """A project in every one of these townships, of somewhat more than half of the money there."""
    names = areas.named(sorted(money))
    entries = [
        _entry(number, code, fen, names[code]) for number, (code, fen) in enumerate(sorted(money.items())) if fen
    ]
    made = _enter(entries, pack)
    states = [STATES[number % len(STATES)] for number in range(len(made))]
    _walk(made, states, pack)
    return [_paid(one, state, entry) for one, state, entry in zip(_again(made), states, entries, strict=True)]


def _entry(number: int, code: str, fen: int, name: str) -> Entry:
    kind, what = KINDS[number % len(KINDS)]
    asked = fen * HALF // WHOLE
    low, high = division_codes.prefix_range(code)
    homes = Household.objects.filter(village_code__gte=low, village_code__lt=high).exclude(poverty_status="closed")
    keys = list(homes.order_by("village_code", "pk").values_list("pk", flat=True)[:MEMBERS])
    by_homes = kind == "industry" and bool(keys)
    builder = BUILDERS[number % len(BUILDERS)]
    project = NewProject(
        number=f"{code[:6]}-{YEAR}-{code[6:]}1",
        name=f"{name}{what}",
        kind=kind,
        place_code=code,
        year=YEAR,
        asked_fen=asked,
        source="central",
        applicant=f"{name}人民政府",
        implementer=f"{name}人民政府",
        responsible="扶贫工作站",
        tender="none" if by_homes else "inquiry",
        content=f"{what}（演示数据）",
        goal="改善生产生活条件，带动贫困户增收",
        starts_on=dt.date(YEAR, 3, 1),
        ends_on=dt.date(YEAR, 11, 30),
        maintenance=f"{name}人民政府",
        contractor="" if by_homes else builder,
        contractor_number="" if by_homes else f"9152{number % len(BUILDERS):014d}",
    )
    share = asked // len(keys) if by_homes else 0
    return Entry(project, dict.fromkeys(keys, share))


def _enter(entries: Sequence[Entry], pack: Pack) -> list[Project]:
    by = holder("zhao", [(Role.PROVINCE_OFFICER, "52")])
    return actions.enter_many(entries=entries, by=by, pack=pack)


def _again(made: Sequence[Project]) -> list[Project]:
    found = Project.objects.in_bulk([one.pk for one in made])
    return [found[one.pk] for one in made]


def _walk(made: Sequence[Project], states: Sequence[str], pack: Pack) -> None:
    """Each project to its state, all of one procedure together, step by step."""
    if not made:
        return
    builders = Builders([one.place_code for one in made], pack)
    actions.propose_many(projects=made, by=builders.officers[0], on=BEGUN, pack=pack)
    dossiers_of = Dossier.objects.in_bulk([one.dossier_id for one in made if one.dossier_id])
    for procedure in sorted({one.procedure for one in dossiers_of.values()}):
        own = [
            (one, state)
            for one, state in zip(made, states, strict=True)
            if dossiers_of[one.dossier_id or 0].procedure == procedure
        ]
        _steps(procedure, own, builders, pack)


def _steps(procedure: str, own: Sequence[tuple[Project, str]], builders: Builders, pack: Pack) -> None:
    version, on = pack.procedure(procedure, BEGUN), BEGUN
    order = [step.id for step in version.steps]
    going = list(own)
    for place, step in enumerate(version.steps):
        going = [(one, state) for one, state in going if state not in order or order.index(state) > place]
        at_work = [
            one for one, state in own if step.id == "carrying_out" and (state == step.id or (one, state) in going)
        ]
        if step.id == "carrying_out":
            on = WORKED
        if at_work:
            _work(at_work, {one.pk for one, _state in going}, on, builders.officers[0].name)
        if not going:
            return
        keys = [one.dossier_id for one, _state in going if one.dossier_id]
        takers = builders.takers(step)
        for kind in step.evidence:
            dossiers.lay_in_many(
                dossier_ids=keys, kind=kind, name=f"{step.zh}.pdf", content=paper(step.en), by=takers[0], pack=pack
            )
        if step.notice:
            disclosure.post_notices(dossier_ids=keys, by=takers[0], on=on, pack=pack)
            on += dt.timedelta(days=NOTICE_DAYS)
        stated: dict[str, object] = {"inspected_on": on, "found": FOUND} if step.asks else {}
        for by in takers:
            _, refused = casework.decide_many(
                procedure=procedure,
                dossier_ids=keys,
                decision=Decision("approve", by.name, by.posts, on, "", stated),
                by=by,
                key=f"demo-{step.id}-{by.name}",
                pack=pack,
            )
            assert not refused, refused[0]
        on += dt.timedelta(days=3)


def _work(at_work: Sequence[Project], finished: set[int], on: dt.date, by: str) -> None:
    """Progress and pictures: all of it for who is through, a part for the others."""
    now, kept = timezone.now(), {moment: _kept(moment) for moment in Moment}
    reached = {one.pk: WHOLE if one.pk in finished else 20 + 20 * (one.pk % 3) for one in at_work}
    ProjectProgress.objects.bulk_create(
        ProjectProgress(project=one, on=on, percent=reached[one.pk], words="按计划实施（演示数据）", by=by, at=now)
        for one in at_work
    )
    ProjectPicture.objects.bulk_create(
        ProjectPicture(
            project=one,
            moment=moment,
            taken_on=on,
            file_name=f"{moment.value}.png",
            media_type=kept[moment].media_type,
            size=kept[moment].size,
            sha256=kept[moment].sha256,
            by=by,
            at=now,
        )
        for one in at_work
        for moment in (Moment if one.pk in finished else (Moment.BEFORE, Moment.DURING))
    )
    for one in at_work:
        one.progress_percent = reached[one.pk]
    Project.objects.bulk_update(at_work, ["progress_percent"], batch_size=500)


_TINTS = {Moment.BEFORE: (166, 140, 104), Moment.DURING: (196, 176, 128), Moment.AFTER: (104, 150, 116)}


def _kept(moment: Moment) -> evidence.Kept:
    """A made-up picture: hills under a sky, in the tint of its moment."""
    width, height = 160, 120
    tint, sky = bytes(_TINTS[moment]), bytes((214, 226, 232))
    rows = b"".join(
        b"\0" + b"".join(tint if y > 60 + (x * (width - x)) % 37 else sky for x in range(width)) for y in range(height)
    )

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return evidence.keep(Path(settings.JIEFA_HOME), f"{moment.value}.png", content)


def _paid(one: Project, state: str, entry: Entry) -> Built:
    """What the year paid: an advance while the work goes on, nearly all where it is accepted."""
    approved = one.approved_fen or 0
    if state == "accepted":
        shares = {home: fen for home, fen in entry.shares.items() if fen}
        return Built(one, 0 if shares else approved * 95 // WHOLE, shares)
    noticed = one.noticed_on is not None
    return Built(one, approved * 30 // WHOLE if noticed and one.contractor else 0, {})

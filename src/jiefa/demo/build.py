"""The demonstration: a synthetic Guizhou taken in through the product's own doors, year by year, with users for every role.

Rosters enter as an office takes over an existing register: every rule runs, every fault becomes an open finding, every
batch has its audit entries. Nothing writes a table by another way.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.parquet as pq
from django.conf import settings
from django.core.management import call_command

from jiefa.access.rules import Scope
from jiefa.areas import actions as areas
from jiefa.areas import bundled
from jiefa.areas.models import Division
from jiefa.casework import actions as casework
from jiefa.demo import (
    after_exit,
    answering,
    applying,
    assessing,
    changing,
    comparing,
    delisting,
    evaluating,
    funding,
    help_lists,
    helping,
    history,
    hotline,
    identifying,
    industry,
    pairing,
    pending,
    planning,
    poor_places,
    promising,
    services,
    surveying,
    users,
    village_cards,
    village_plans,
    watching,
)
from jiefa.demo.generate import Demo
from jiefa.insight.actions import intake
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.site.synthetic import mark_file

BY = "demo"

Progress = Callable[[str], None]


class NotADemo(JiefaError):
    code = "demo.not_a_demo"
    zh = "这个数据库里已有不是演示生成的数据。请换一个 JIEFA_HOME 或 DATABASE_URL 再运行 jiefa demo；没有改动任何数据。"
    en = "This database holds data that no demo made. Choose another JIEFA_HOME or DATABASE_URL and run jiefa demo again; nothing was changed."


class OtherDemo(JiefaError):
    code = "demo.other"
    zh = "这里已有比例 {scale}、种子 {seed}、到 {until} 年的演示数据（{parts}）。要换一个，请先换 JIEFA_HOME（或删去旧的）。"
    en = "A demo of scale {scale}, seed {seed}, until {until} ({parts_en}) stands here. For another, choose another JIEFA_HOME or remove this one."


@dataclass(frozen=True)
class Built:
    """What the demonstration holds."""

    scale: float
    seed: int
    until: int
    register_only: bool
    dossiers: bool
    fresh: bool
    batches: int
    households: int
    persons: int
    snapshots: tuple[str, ...]

    def plain(self) -> dict[str, object]:
        return {
            "scale": self.scale,
            "seed": self.seed,
            "until": self.until,
            "register_only": self.register_only,
            "dossiers": self.dossiers,
            "batches": self.batches,
            "households": self.households,
            "persons": self.persons,
            "snapshots": list(self.snapshots),
        }


def standing(scale: float, seed: int, until: int, register_only: bool, dossiers: bool) -> Built | None:
    """The demonstration that stands here, if it is this one. Raises ``OtherDemo``, ``NotADemo``."""
    mark = mark_file()
    if not mark.exists():
        if Household.objects.exists():
            raise NotADemo
        return None
    facts = json.loads(mark.read_text(encoding="utf-8"))
    facts = {"register_only": False, "dossiers": True, **facts}
    wanted = {"scale": scale, "seed": seed, "until": until, "register_only": register_only, "dossiers": dossiers}
    if any(facts[name] != value for name, value in wanted.items()):
        zh, en = ("仅登记册", "the register alone") if facts["register_only"] else ("全部", "everything")
        if not facts["dossiers"]:
            zh, en = f"{zh}，不补历年案卷", f"{en}, without the dossiers of past years"
        raise OtherDemo(scale=facts["scale"], seed=facts["seed"], until=facts["until"], parts=zh, parts_en=en)
    return Built(**{**facts, "snapshots": tuple(facts["snapshots"])}, fresh=False)


def build(
    *,
    scale: float,
    seed: int,
    until: int,
    pack: Pack,
    on_step: Progress,
    register_only: bool = False,
    dossiers: bool = True,
) -> Built:
    """The demonstration, built or found standing. Deterministic for its arguments.

    ``register_only``: nobody answers for the households, nothing is done for them and no money moves. ``dossiers``: false takes the
    households of past years over as each year ended, as an office does whose old decisions are on paper (of a whole province those
    dossiers are ten million steps).
    """
    call_command("migrate", verbosity=0)
    if found := standing(scale, seed, until, register_only, dossiers):
        return found
    if not Division.objects.exists():
        bundled.load(by=BY)
    folder = Path(settings.JIEFA_HOME) / "demo"
    shutil.rmtree(folder / "rosters", ignore_errors=True)
    province = Demo(folder / "rosters", scale, seed, until)
    counts = [0, 0]
    number = 0
    for number, part in enumerate(province, start=1):
        on_step(f"{part.year} {number}")
        outcomes = history.undecided(part, pack) if dossiers else history.NOTHING_OPEN
        intake.load_roster(
            path=(part.households, part.members), pack=pack, within=Scope(("52",)), by=BY, take_over=True
        )
        identifying.look_back(part, outcomes, until)
        if dossiers:
            on_step(f"{part.year} {number} dossiers")
            history.decide(part, outcomes, pack, BY)
        counts[0] += part.household_rows if part.year == until else 0
        counts[1] += part.people if part.year == until else 0
        part.households.unlink()
        part.members.unlink()
    assert province.manifest is not None
    with province.manifest.designations.open(encoding="utf-8", newline="") as stream:
        declared = list(csv.DictReader(stream))
    areas.load_designations(rows=[row for row in declared if row["kind"] not in poor_places.PROCEDURES], by=BY)
    on_step("facts")
    areas.load_facts(rows=services.county_incomes(until), source="demo", by=BY)
    village_cards.load(pq.read_table(province.manifest.village_facts), folder, pack, BY)
    users.create(by=BY)
    on_step("poor places")
    poor_places.identify(declared, pack, BY)
    on_step("places")
    delisting.decide(until, pack)
    on_step("applicants")
    applying.load(pack, until)
    on_step("quotas")
    identifying.allot(until)
    on_step("scores")
    identifying.score_villages(until, pack)
    on_step("leads")
    identifying.load_leads(until, pack)
    if not register_only:
        _help(scale, until, pack, on_step)
    made = []
    for year in range(2013, until + 1):
        if year == help_lists.YEAR and not register_only:
            on_step("money")
            funding.fund(scale, pack)
            watching.contract(pack)
        on_step(f"snapshot {year}")
        snapshot = casework.freeze(year=year, now=False, pack=pack, by=BY)
        made.append(snapshot.id)
    if until >= help_lists.YEAR:
        on_step("plan")
        planning.plan(scale, pack)
    on_step("evaluation")
    evaluating.evaluate(until, folder, pack)
    surveying.survey(until, seed)
    if not register_only:
        on_step("contracts and supervision")
        watching.watch(scale, until, folder, pack)
        if until >= help_lists.YEAR:
            on_step("hotline")
            hotline.call(pack)
        on_step("after exit")
        after_exit.watch(until, folder, pack)
        if until >= help_lists.YEAR:
            on_step("promises")
            promising.promise(scale, pack)
            on_step("departments' lists")
            comparing.compare(until, folder, pack)
            on_step("assessment")
            assessing.assess(pack)
    on_step("waiting roster")
    pending.stage(pack, until)
    changing.submit(pack, until)
    built = Built(scale, seed, until, register_only, dossiers, True, number, counts[0], counts[1], tuple(made))
    offered = {"password": users.PASSWORD, "users": [asdict(user) for user in users.USERS]}
    mark_file().with_name("users.json").write_text(json.dumps(offered, ensure_ascii=False), encoding="utf-8")
    mark_file().write_text(json.dumps(built.plain()), encoding="utf-8")
    return built


def _help(scale: float, until: int, pack: Pack, on_step: Progress) -> None:
    """Who answers for the households, and what was done for them and their villages."""
    on_step("who answers")
    answering.answer(until, scale, pack)
    on_step("pairings")
    pairing.pair(until, scale, pack)
    on_step("help")
    helping.help_households(scale, until, pack)
    after_exit.help_on(until, pack)
    industry.fill(scale, until, pack)
    village_plans.fill(until, pack)

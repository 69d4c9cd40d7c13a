"""What the demonstration promises for the years after 2015: the province's targets, the counties' years, what each county can do.

Targets are the published ones at the scale (ledger P01-P06): 1,000,000, 1,000,000, 700,000 and 650,000 people, 1,580,000 by
guarantee. Capacities are shared out by poor people on file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Substr

from jiefa import snapshots
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.demo import reference
from jiefa.demo.help_lists import YEAR, Sender
from jiefa.demo.targets import scaled
from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.planning.actions import making
from jiefa.planning.actions.lists import CAPACITIES, TARGETS
from jiefa.planning.queries import stating
from jiefa.policy import Pack
from jiefa.registry.models import HouseholdYear

PROMISED = {2016: 1_000_000, 2017: 1_000_000, 2018: 700_000, 2019: 650_000}
GUARANTEED = 1_580_000
"""By the end of the plan; said of its last year."""
CAPACITY = {
    "relocation": 325_000,
    "training": 393_500,
    "credit": 152_000,
    "works": 220_000,
    "houses": 200_000,
}
"""Of the whole province in a year: 1.3 million people moved in four years (S22), the training of 2015 (ledger A), loans of 7.6 billion
yuan at 50,000 each (ledger F), works and houses by own judgement."""
PROVINCE = "52"
DOCUMENT = "黔府发〔2015〕减贫计划（演示）"
TARGET_HEADER = ("年度", "地区代码", "指标", "目标数", "状态", "文号", "理由")
CAPACITY_HEADER = ("年度", "县代码", "能力", "数量", "文号")


def plan(scale: float, pack: Pack) -> None:
    """Targets, capacities and the plan of the province, from the snapshot of 2015."""
    by = holder("demo-province-1", [(Role.PROVINCE_OFFICER, PROVINCE)])
    promised = Sender(TARGETS, TARGET_HEADER, by, pack)
    for year, people in PROMISED.items():
        promised.add(year, PROVINCE, "减贫人口", scaled(people, scale), "已确定", DOCUMENT, "")
    promised.add(max(PROMISED), PROVINCE, "低保兜底人口", scaled(GUARANTEED, scale), "已确定", DOCUMENT, "")
    for county in reference.counties():
        if county.delisted_year in PROMISED:
            promised.add(county.delisted_year, county.code, "县退出", 1, "已确定", DOCUMENT, "")
    promised.send()
    poor = _poor_by_county()
    able = Sender(CAPACITIES, CAPACITY_HEADER, by, pack)
    labels = pack.codes("planning_resource")
    for resource, amount in CAPACITY.items():
        for year in PROMISED:
            for code, people in sorted(poor.items()):
                part = math.ceil(amount * scale * people / sum(poor.values()))
                able.add(year, code, labels.by_id[resource].zh, part, DOCUMENT)
    able.send()
    snapshot = snapshots.latest(Path(settings.JIEFA_HOME), YEAR)
    making.make(what=stating.asked_for(PROVINCE, YEAR, pack), snapshot=snapshot, pack=pack, by=by)


def _poor_by_county() -> Mapping[str, int]:
    cards = HouseholdYear.objects.filter(year=YEAR, poverty_status__in=IN_POVERTY)
    rows = cards.annotate(county=Substr("village_code", 1, 6)).values("county").order_by("county")
    return {row["county"]: int(row["people"] or 0) for row in rows.annotate(people=Sum("size"))}

"""The assessment of the demonstration: figures that departments send in, scored for 2015 by both schemes, one appeal that waits.

The figures are made up, the same at every scale. Incomes of 2014 are those of 2015 less a growth that is made up, county by county.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.areas import actions as areas
from jiefa.areas import queries as places
from jiefa.assessment.actions import appeals, running
from jiefa.assessment.actions.lists import FIGURES
from jiefa.assessment.queries import runs
from jiefa.casework import actions as casework
from jiefa.demo import geography, reference, services
from jiefa.demo.arrays import generator
from jiefa.demo.help_lists import YEAR, Sender
from jiefa.demo.papers import paper
from jiefa.demo.promising import COUNTY, PROVINCE, officer
from jiefa.policy import Pack
from jiefa.procedures import actions as procedures
from jiefa.procedures.rules import Decision

HEADER = ("年度", "地区代码", "数据名称", "数值", "来源", "理由")
SPREAD = {
    "special_industry_growth": (11.0, 3.0, 1),
    "tourism_growth": (19.0, 6.0, 1),
    "broadband_villages": (82.0, 10.0, 1),
    "money_problems": (0.8, 1.0, 0),
    "rocky_area_cut": (2.0, 0.6, 2),
    "forest_cover": (52.0, 7.0, 1),
    "river_quality": (94.0, 6.0, 0),
    "energy_cut": (3.0, 0.8, 2),
    "gdp_growth": (11.5, 1.5, 1),
    "budget_growth": (10.0, 3.0, 1),
    "urban_rise": (1.4, 0.4, 2),
    "rural_jobs": (6_500.0, 1_800.0, 0),
    "safety_cases": (0.6, 0.9, 0),
    "fund_score": (84.0, 6.0, 1),
    "false_exits": (-0.9, 0.6, 0),
    "fund_misuse": (-0.6, 0.7, 0),
    "forbidden_acts": (-1.0, 0.6, 0),
    "discipline_cases": (-0.2, 0.8, 0),
}
"""By figure of a county: about how much, how far apart, with how many decimals. Below nought is nought."""
MOST_OF_A_HUNDRED = frozenset(("broadband_villages", "river_quality", "forest_cover", "fund_score"))
SOURCE = "县级部门报送，演示数据"
SENT_IN = 60
"""Of the 66 poor counties; the others have sent nothing in yet, so that what is missing can be seen."""
SEED_PATH = 11
GROWTH_MEAN, GROWTH_SPREAD = 1.105, 0.018
SCHEMES = ("key_counties", "provinces_2016")
APPEALED = "broadband"
"""The item of the waiting appeal: the county says that villages were connected after the figure was taken."""
ON = dt.date(YEAR + 1, 2, 25)


def assess(pack: Pack) -> None:
    """Figures, runs and the appeal. The snapshot of the year must stand."""
    areas.load_facts(rows=incomes_before(), source="demo", by="demo")
    by = officer(PROVINCE)
    sender = Sender(FIGURES, HEADER, by, pack)
    for code, name, value in figures():
        sender.add(YEAR, code, pack.codes("assessment_figure").label(name, "zh"), value, SOURCE, "")
    sender.send()
    for scheme in SCHEMES:
        running.run(scheme=scheme, year=YEAR, by=by, pack=pack)
    _appeal(pack)


def incomes_before() -> list[dict[str, object]]:
    """Disposable incomes of the poor counties in the year before the published one."""
    random = generator(geography.LAND_SEED, SEED_PATH, 0)
    return [
        {
            "code": row["code"],
            "year": YEAR - 1,
            "disposable_income_per_person_fen": round(
                int(str(row["disposable_income_per_person_fen"]))
                / (GROWTH_MEAN + GROWTH_SPREAD * random.standard_normal())
                / 100
            )
            * 100,
        }
        for row in services.county_incomes(YEAR)
        if row["year"] == YEAR
    ]


def figures() -> list[tuple[str, str, str]]:
    """``(county, figure, value as text)`` of the poor counties that have sent their figures in, and of the province what it has."""
    poor = [county.code for county in reference.counties() if county.poor_county][:SENT_IN]
    random = generator(geography.LAND_SEED, SEED_PATH, 1)
    found = [(PROVINCE, "fund_score", "91.5")]
    for name, (mean, spread, decimals) in SPREAD.items():
        drawn = mean + spread * random.standard_normal(len(poor))
        for code, value in zip(poor, drawn.tolist(), strict=True):
            kept = min(max(value, 0.0), 100.0) if name in MOST_OF_A_HUNDRED else max(value, 0.0)
            found.append((code, name, f"{kept:.{decimals}f}"))
    return found


def _appeal(pack: Pack) -> None:
    """Drawn up by the county with a paper, on the desk of the prefecture."""
    of = runs.newest(pack.scheme(SCHEMES[0], YEAR), YEAR)
    point = of.scores.get(area_code=COUNTY).points.get(item=APPEALED)
    by = holder(officer(COUNTY).name, [(Role.COUNTY_OFFICER, COUNTY)])
    dossier = appeals.propose(
        run_number=of.pk,
        area_code=COUNTY,
        item=APPEALED,
        value=min(Decimal(100), (point.figure or Decimal(0)) + 6),
        reason=f"{places.division(COUNTY).name}年底又有村通了宽带，数据截止日在此之前",
        by=by,
        on=ON,
        pack=pack,
    )
    procedures.lay_in(
        dossier_id=dossier.pk, kind="document", name="proof.pdf", content=paper("Appeal"), by=by, pack=pack
    )
    dossier.refresh_from_db()
    decision = Decision("approve", by.name, by.posts, ON)
    casework.decide(dossier=dossier, version=None, decision=decision, by=by, key="demo-appeal", pack=pack)

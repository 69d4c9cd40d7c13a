"""Villages, townships and counties leave, or are identified as poor. The province's de-listing and the national exit stay apart."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from jiefa.access.queries import Actor
from jiefa.areas import actions as areas_actions
from jiefa.areas import queries as areas
from jiefa.areas.models import DesignationKind
from jiefa.exits.queries import place as place_queries
from jiefa.exits.rules.household import Item, unmet
from jiefa.exits.rules.place import CountyStandard, county
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Pack, Procedure
from jiefa.procedures import actions, subjects
from jiefa.procedures import queries as dossiers
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision

K = DesignationKind
DESIGNATIONS: Mapping[str, DesignationKind] = {
    "poor_village": K.POOR_VILLAGE,
    "poor_township": K.POOR_TOWNSHIP,
    "village_exit": K.VILLAGE_LEFT,
    "township_delisting": K.TOWNSHIP_DELISTED,
    "county_delisting": K.COUNTY_DELISTED,
    "county_exit": K.COUNTY_LEFT,
}
NEEDS: Mapping[str, DesignationKind] = {
    "village_exit": K.POOR_VILLAGE,
    "township_delisting": K.POOR_TOWNSHIP,
    "county_delisting": K.KEY_COUNTY,
}
"""What a place must have been designated before it can leave."""
GRADES = (1, 2, 3)
GRADED = frozenset(("poor_village", "poor_township"))
"""The procedures that end with a grade."""


class PlaceStandardUnmet(JiefaError):
    code = "exits.place_standard_unmet"
    zh = "“{title}”还不能退出：{items}。任何一项不达标都不能退出；请补报或落实后再办，或作“不同意”的决定。"
    en = "{title!r} cannot leave: {items}. Every item must be met; report or mend what is missing, or refuse."


class PoorVillageUnmet(JiefaError):
    code = "exits.poor_village_unmet"
    zh = (
        "“{title}”还不符合贫困村标准：须达到 {required} 项，现只达到 {met} 项；未达到：{items}。"
        "请补报该村和全省的年度情况后再办，或作“不同意”的决定。"
    )
    en = (
        "{title!r} does not meet the standard of a poor village: {required} items are required, {met} are met; not met: {items}. "
        "Report the year's facts of the village and of the province, or refuse."
    )


class NotDesignated(JiefaError):
    code = "exits.not_designated"
    zh = "“{title}”{year} 年不是{kind}，不能办理“{procedure}”。"
    en = "{title!r} is no {kind} in {year}; {procedure} does not apply."


class GradeUnfit(JiefaError):
    code = "exits.grade"
    zh = "“{title}”：类别应为 1、2 或 3。"
    en = "{title!r}: the grade is 1, 2 or 3."


KIND_WORDS = {
    K.POOR_VILLAGE: Words("贫困村", "poor village"),
    K.POOR_TOWNSHIP: Words("贫困乡镇", "poor township"),
    K.KEY_COUNTY: Words("重点县", "key county"),
}


def propose(
    *, procedure: str, codes: Sequence[str], year: int, by: Actor, on: dt.date, pack: Pack, campaign: str = ""
) -> list[int]:
    """The keys of a dossier for each place, in order of code. All or none. Raises as ``drawn`` and ``open_many``."""
    openings = drawn(pack.procedure(procedure, on), codes, year)
    return actions.open_many(procedure=procedure, openings=openings, by=by, on=on, pack=pack, campaign=campaign)


def drawn(version: Procedure, codes: Sequence[str], year: int) -> list[Opening]:
    """What is proposed of each place, in order of code. Raises ``NotDesignated``."""
    procedure = version.id
    needed = NEEDS.get(procedure)
    held = place_queries.designated(codes, needed, year) if needed else set(codes)
    openings = []
    for place in areas.several(list(codes)):
        if place.code not in held:
            assert needed is not None
            kind = KIND_WORDS[needed]
            raise NotDesignated(title=place.name, year=year, kind=kind, procedure=Words.of(version))
        proposal = {
            "year": year,
            "changes": [{"field": "designation", "before": None, "after": DESIGNATIONS[procedure]}],
        }
        openings.append(Opening(subjects.division(place.code), place.code, place.name, year, proposal))
    return openings


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """What the dossier would propose if it were drawn up now. Raises as ``drawn``."""
    (opening,) = drawn(dossiers.procedure_of(dossier, pack), [dossier.place_code], dossier.year)
    return opening


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing: an unmet item of the village's or county's standard, a grade that there is not."""
    if decision.kind != "approve":
        return {}
    against: dict[int, JiefaError] = {}
    villages: dict[int, list[Dossier]] = defaultdict(list)
    poor: dict[int, list[Dossier]] = defaultdict(list)
    for dossier in dossiers:
        if dossier.procedure == "poor_village" and dossier.step in ("township_review", "county_review"):
            poor[dossier.year].append(dossier)
        if dossier.procedure == "village_exit" and dossier.step in ("proposal", "county_review"):
            villages[dossier.year].append(dossier)
        elif dossier.procedure == "county_exit" and dossier.step == "evaluation":
            _hold(against, dossier, county(decision.facts, _county_standard(pack, dossier.year)))
        elif "grade" in decision.facts and decision.facts["grade"] not in GRADES:
            against[dossier.pk] = GradeUnfit(title=dossier.title)
    for year, own in villages.items():
        items = place_queries.village_standard([dossier.place_code for dossier in own], year, pack)
        for dossier in own:
            _hold(against, dossier, items[dossier.place_code])
    for year, own in poor.items():
        standard, items = place_queries.poor_village_standard([dossier.place_code for dossier in own], year, pack)
        for dossier in own:
            met = sum(item.met is True for item in items[dossier.place_code])
            if met < standard.required and dossier.pk not in against:
                said = _said(unmet(items[dossier.place_code]))
                against[dossier.pk] = PoorVillageUnmet(
                    title=dossier.title, met=met, required=standard.required, items=said
                )
    return against


def standard_of(dossier: Dossier, pack: Pack) -> tuple[Item, ...]:
    """The items of the standard by which the place of this dossier is judged, as they stand; none where its rates are stated in a step."""
    if dossier.procedure == "poor_village":
        return place_queries.poor_village_standard([dossier.place_code], dossier.year, pack)[1][dossier.place_code]
    if dossier.procedure == "village_exit":
        return place_queries.village_standard([dossier.place_code], dossier.year, pack)[dossier.place_code]
    return ()


def _county_standard(pack: Pack, year: int) -> CountyStandard:
    # Fixed in 2017 for the first batch, whose work year is 2016: what held when it was evaluated.
    policy = pack.for_year(max(year, 2017))
    return CountyStandard(
        incidence_below=place_queries.exact(policy.number("exit.county_incidence_below_percent")),
        wrong_exit_below=place_queries.exact(policy.number("exit.county_wrong_exit_below_percent")),
        missed_below=place_queries.exact(policy.number("exit.county_missed_below_percent")),
        approval_from=place_queries.exact(policy.number("exit.county_approval_from_percent")),
    )


def _hold(against: dict[int, JiefaError], dossier: Dossier, items: tuple[Item, ...]) -> None:
    missing = unmet(items)
    if missing:
        against[dossier.pk] = PlaceStandardUnmet(title=dossier.title, items=_said(missing))


def _said(items: Sequence[Item]) -> Words:
    return Words.listed([Words(f"{i.label.zh}（{i.found.zh}）", f"{i.label.en} ({i.found.en})") for i in items])


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The places are designated from the year of the dossier on, with the grade that was decided; the dossier is the source."""
    approved = [dossier for dossier, done in moved if done.outcome == "approved"]
    grades = _grades([dossier.pk for dossier in approved if dossier.procedure in GRADED])
    rows = [
        {
            "code": dossier.place_code,
            "kind": DESIGNATIONS[dossier.procedure].value,
            "from_year": str(dossier.year),
            "detail": grades.get(dossier.pk, ""),
            "source": f"办理事项 {dossier.pk}",
        }
        for dossier in approved
    ]
    if rows:
        areas_actions.load_designations(rows=rows, by=by)


def _grades(dossiers: Sequence[int]) -> dict[int, str]:
    """The grade by dossier, of those in which one was stated last."""
    if not dossiers:
        return {}
    taken = StepTaken.objects.filter(dossier__in=dossiers, decision="approve").order_by("seq")
    stated = taken.values_list("dossier_id", "facts__grade")
    return {dossier: str(grade) for dossier, grade in stated if grade is not None}

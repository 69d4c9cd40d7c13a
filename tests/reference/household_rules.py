"""The household rules once more, slowly and plainly: a household's card and the list of its members' cards."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reference.person_rules import age, between, less, more, pupil, works

from jiefa.insight.rules.limits import QualityLimits
from jiefa.registry.cards import INCOME_COLUMNS

Card = dict[str, Any]
Rule = Callable[[Card, list[Card], int, QualityLimits], str | None]

DIBAO = ("dibao", "dibao_poor")
WUBAO = ("wubao", "wubao_poor", "tekun_poor")
TRANSFERS = ["birth_plan_grant", "dibao_income", "tekun_income", "pension_income", "ecology_income", "other_transfer"]
LIVING = [
    "house_area_m2",
    "house_danger",
    "water_difficult",
    "water_safe",
    "electricity",
    "fuel",
    "sanitary_toilet",
    "road_type",
]
PRODUCTION = [
    "road_distance_km",
    "production_electricity",
    "cooperative",
    "cultivated_land_mu",
    "forest_land_mu",
    "grass_land_mu",
    "water_area_mu",
]


def _first(*found: tuple[bool, str]) -> str | None:
    return next((detail for holds, detail in found if holds), None)


def _if(holds: bool) -> str | None:
    return "" if holds else None


def _with(members: list[Card], relation: str) -> list[Card]:
    return [card for card in members if card["relation"] == relation]


def _exited(h: Card, year: int) -> bool:
    return h["poverty_status"] == "exited" and h["exited_year"] == year


def hh01(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    heads = len(_with(members, "head"))
    return _first((heads == 0 and len(members) > 0, "none"), (heads > 1, "several"))


def hh02(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(not members)


def hh03(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(h["stated_size"] is not None and h["stated_size"] != len(members))


def hh05(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(len(_with(members, "spouse")) > 1)


def hh06(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    heads = {card["sex"] for card in _with(members, "head")} - {None}
    return _if(bool(heads & {card["sex"] for card in _with(members, "spouse")}))


def hh09(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _first((len(members) > 12, "large"))


def hh11(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(h["account_holder_is_member"] is False)


def hh12(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(h["phone_valid"] is False)


def nu06(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(h["main_cause"] is None)


def nu07(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return ",".join(name for name in LIVING if h[name] is None) or None


def nu08(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return ",".join(name for name in PRODUCTION if h[name] is None) or None


def ca01(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(h["main_cause"] == "illness" and {card["health"] for card in members} == {"healthy"})


def ca02(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    if h["main_cause"] != "schooling" or not members or any(pupil(card) for card in members):
        return None
    blank = [card for card in members if card["school_stage"] is None]
    return _if(all(between(age(card, year), 24, 999) for card in blank))


def ca03(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    kinds = {card["health"] for card in members}
    return _if(bool(members) and h["main_cause"] == "disability" and kinds <= {"healthy", "chronic", "serious"})


def ca04(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    main = h["main_cause"]
    same = main is not None and main in (h["other_cause_1"], h["other_cause_2"])
    return _first((same, "same"), (more(h["other_causes"], 2), "too_many"))


def ca05(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    able = [card for card in members if card["labour"] in ("ordinary", "skilled")]
    return _if(h["main_cause"] == "labour" and bool(members) and Fraction(len(able), len(members)) > Fraction(1, 4))


def ca06(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    fine = h["water_difficult"] is False and h["water_safe"] is True
    return _first((h["main_cause"] == "water" and fine, "water"))


def db01(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    marked = any(card["dibao"] for card in members)
    return _if(h["household_class"] in DIBAO and bool(members) and not marked)


def db02(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    if h["household_class"] != "general":
        return None
    income = more(h["dibao_income_fen"], 0) or more(h["tekun_income_fen"], 0)
    return _first((any(card["dibao"] for card in members), "member"), (income, "income"))


def db03(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    able = [c for c in members if c["labour"] in ("ordinary", "skilled") and between(age(c, year), 16, 65)]
    return _if(h["household_class"] in WUBAO and bool(able))


def db04(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(more(h["dibao_income_fen"], 0) and more(h["tekun_income_fen"], 0))


def db05(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _first(
        (h["household_class"] in DIBAO and h["dibao_income_fen"] in (None, 0), "dibao"),
        (h["household_class"] in WUBAO and h["tekun_income_fen"] in (None, 0), "tekun"),
    )


def db06(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    without = bool(members) and all(card["labour"] in ("lost", "none") for card in members)
    guaranteed = any(card["dibao"] or card["tekun"] for card in members) or h["household_class"] in WUBAO
    return _if(without and not guaranteed)


def wk06(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    wage = h["wage_income_fen"]
    working = any(works(c) or more(c["monthly_wage_fen"], 0) or c["welfare_post"] is True for c in members)
    return _first(
        (more(wage, 0) and bool(members) and not working, "nobody_works"),
        (working and wage in (None, 0), "no_wage"),
    )


def wk08(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _first((len([card for card in members if card["welfare_post"]]) >= 3, "posts"))


def in01(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    income = h["net_income_per_person_fen"]
    return _first(
        (income is None, "empty"),
        (income is not None and income <= 0, "not_positive"),
        (more(income, 10**7), "too_high"),
    )


def in02(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    stated = h["stated_income_per_person_fen"]
    if stated is None or h["net_income_fen"] is None or not more(h["size"], 0):
        return None
    net = sum(h[name] or 0 for name in INCOME_COLUMNS) - (h["business_cost_fen"] or 0)
    return _if(abs(stated - Fraction(net, h["size"])) > 100)


def in03(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _if(more(h["business_income_fen"], 0) and h["business_cost_fen"] in (None, 0))


def in04(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    income, cost = h["business_income_fen"], h["business_cost_fen"]
    return _if(income is not None and more(cost, 3 * (income or 0)))


def in05(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    now, before = h["net_income_per_person_fen"], h["previous_income_per_person_fen"]
    if now is None or not more(before, 0):
        return None
    return _if(abs(Fraction(now - before, before)) > Fraction(1, 2))


def near_line(h: Card, limits: QualityLimits) -> bool:
    if h["net_income_fen"] is None or not more(h["size"], 0):
        return False
    distance = Fraction(h["net_income_fen"], h["size"]) / limits.poverty_line_fen - 1
    return abs(distance) <= Fraction(2, 100)


def in06(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    return _first((near_line(h, limits), "near_line"))


def in07(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    leaves = _exited(h, year) or h["poverty_status"] == "pre_exit"
    transfers = sum(h[f"{name}_fen"] or 0 for name in TRANSFERS)
    net = h["net_income_fen"]
    if leaves and net is not None and transfers * 100 > (net + (h["business_cost_fen"] or 0)) * 60:
        return "transfer_share"
    grants, stated, size = (h[name] for name in ("excluded_grants_fen", "stated_income_per_person_fen", "size"))
    if None in (grants, net, stated, size):
        return None
    return _first((grants > size * 100 and abs(stated * size - net - grants) <= size * 100, "one_off_grant"))


def in08(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    if not _exited(h, year) or h["net_income_fen"] is None or not more(h["size"], 0):
        return None
    return _if(Fraction(h["net_income_fen"], h["size"]) < limits.poverty_line_fen)


def ho01(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    if h["poverty_status"] != "exited":
        return None
    return _first((h["house_danger"] in ("C", "D"), "house"), (h["water_safe"] is False, "water"))


def ho02(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    area, size = h["house_area_m2"], h["size"]
    if not area:
        return "empty"
    if not more(size, 0):
        return None
    return _first((area / size > 60, "large"), (0 < area / size < 8, "small"))


def ho03(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    area, size = h["house_area_m2"], h["size"]
    return _if(h["relocated_year"] is not None and more(size, 0) and more(area, limits.ho03_area_cap * (size or 0)))


def ho04(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    overdue = less(h["relocated_year"], year - 1)
    return _first(
        (overdue and h["old_house_demolished"] is False, "old_house"),
        (h["relocated_year"] is not None and h["house_repair_subsidy"] is True, "two_subsidies"),
    )


def ld01(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    def large(name: str, each: int, whole: int) -> bool:
        per_person = more(h["size"], 0) and more(h[name], Decimal(each) * h["size"])
        return per_person or more(h[name], whole)

    return _first((large("cultivated_land_mu", 50, 100), "cultivated"), (large("forest_land_mu", 70, 200), "forest"))


def ld02(h: Card, members: list[Card], year: int, limits: QualityLimits) -> str | None:
    distance = h["road_distance_km"]
    return _first((more(distance, 50), "impossible"), (more(distance, 5), "far"))


RULES: dict[str, Rule] = {
    name.upper(): rule for name, rule in list(globals().items()) if len(name) == 4 and name[2:].isdigit()
}

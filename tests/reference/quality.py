"""All quality rules over a whole register in plain loops: what the fast path must find, no more and no less."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.reference import household_rules, person_rules
from tests.reference.person_rules import age

from jiefa.insight.rules.limits import QualityLimits

Card = dict[str, Any]
Finding = tuple[str, int | None, int | None, str | None, str | None]
POOR = ("poor", "pre_exit", "returned")


@dataclass(frozen=True)
class Cards:
    """One year's register as lists of dicts."""

    year: int
    persons: list[Card]
    households: list[Card]
    movements: list[Card]
    villages: list[Card]
    help: list[Card] = field(default_factory=list)
    cases: list[Card] = field(default_factory=list)
    loans: list[Card] = field(default_factory=list)
    funds: list[Card] = field(default_factory=list)
    links: list[Card] = field(default_factory=list)
    bodies: list[Card] = field(default_factory=list)
    transfers: list[Card] = field(default_factory=list)

    def members(self, household_id: int) -> list[Card]:
        return [card for card in self.persons if card["household_id"] == household_id]


def violations(cards: Cards, limits: QualityLimits) -> Counter[Finding]:
    found: list[Finding] = []
    for p in cards.persons:
        for rule, test in person_rules.RULES.items():
            detail = test(p, cards.year, limits)
            if detail is not None:
                found.append((rule, p["household_id"], p["person_id"], p["village_code"], detail or None))
    members = defaultdict(list)
    for p in cards.persons:
        members[p["household_id"]].append(p)
    for h in cards.households:
        for rule, test_household in household_rules.RULES.items():
            detail = test_household(h, members[h["household_id"]], cards.year, limits)
            if detail is not None:
                found.append((rule, h["household_id"], None, h["village_code"], detail or None))
    for judge in (_id06, _hh04, _hh08, _hh09, _hh10, _ca06, _in06, _me03, _vi03, _vi04):
        found.extend(judge(cards, limits))
    return Counter(found)


def _of_person(rule: str, p: Card, detail: str | None) -> Finding:
    return rule, p["household_id"], p["person_id"], p["village_code"], detail


def _id06(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    for p in cards.persons:
        twins = [q for q in cards.persons if q is not p and q["id_key"] == p["id_key"] and p["id_key"] is not None]
        for tier, length in (("village", 12), ("county", 6), ("prefecture", 4), ("province", 2)):
            if any(q["village_code"][:length] == p["village_code"][:length] for q in twins):
                yield _of_person("ID06", p, tier)
                break


def _hh04(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    known = {h["household_id"] for h in cards.households}
    for p in cards.persons:
        if p["household_id"] not in known:
            yield _of_person("HH04", p, None)


def _hh08(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    for p in cards.persons:
        born = p["birth_date"]
        if born is None:
            continue
        heads = [q["birth_date"] for q in cards.members(p["household_id"]) if q["relation"] == "head"]
        head = min((birth for birth in heads if birth is not None), default=None)
        years = age(p, cards.year)
        if p["relation"] in ("son", "daughter") and head and born.year - head.year < 14:
            yield _of_person("HH08", p, "child")
        elif p["relation"] in ("father", "mother") and head and born > head:
            yield _of_person("HH08", p, "parent")
        elif p["relation"] == "spouse" and years is not None and years < 18:
            yield _of_person("HH08", p, "spouse")


def _hh09(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    for h in cards.households:
        if h["size"] != 1:
            continue
        for p in cards.members(h["household_id"]):
            if p["id_key"] is None:
                continue
            for q in cards.persons:
                same = q["id_key"] == p["id_key"] and q["household_id"] != p["household_id"]
                if same and q["relation"] in ("son", "daughter"):
                    yield "HH09", h["household_id"], None, p["village_code"], "split"
                    break


def _hh10(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    for h in cards.households:
        for key, detail in (("account_key", "account"), ("phone_key", "phone")):
            same = [g for g in cards.households if h[key] is not None and g[key] == h[key]]
            if len(same) > 1:
                yield "HH10", h["household_id"], None, h["village_code"], detail
                break


def _ca06(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    def stated(h: Card) -> bool:
        return h["cultivated_land_mu"] is not None and (h["size"] or 0) > 0

    for h in cards.households:
        if h["main_cause"] != "land" or not stated(h):
            continue
        county = [g for g in cards.households if stated(g) and g["village_code"][:6] == h["village_code"][:6]]
        mean = Fraction(sum(Fraction(g["cultivated_land_mu"]) for g in county), sum(g["size"] for g in county))
        if Fraction(h["cultivated_land_mu"]) / h["size"] > mean:
            yield "CA06", h["household_id"], None, h["village_code"], "land"


def _in06(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    for village in sorted({h["village_code"] for h in cards.households}):
        here = [h for h in cards.households if h["village_code"] == village]
        judged = [h for h in here if h["net_income_fen"] is not None and (h["size"] or 0) > 0]
        near = [h for h in judged if household_rules.near_line(h, limits)]
        if len(judged) >= limits.in06_village_households_from and Fraction(len(near), len(judged)) > Fraction(1, 5):
            yield "IN06", None, None, village, "heaping"


def _me03(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    exited = {h["household_id"] for h in cards.households if h["poverty_status"] == "exited"}
    for p in cards.persons:
        ill = p["health"] in ("chronic", "serious", "chronic_dis", "serious_dis")
        if ill and p["household_id"] in exited and p["serious_illness_insurance"] is not True:
            yield _of_person("ME03", p, None)


def _vi03(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    for v in cards.villages:
        here = [h for h in cards.households if h["village_code"] == v["village_code"]]
        poor = [h for h in here if h["poverty_status"] in POOR]
        if v["reported_poor_households"] not in (None, len(poor)):
            yield "VI03", None, None, v["village_code"], "households"
        elif v["reported_poor_people"] not in (None, sum(h["size"] or 0 for h in poor)):
            yield "VI03", None, None, v["village_code"], "people"


def _vi04(cards: Cards, limits: QualityLimits) -> Iterator[Finding]:
    for v in cards.villages:
        here = [h["cultivated_land_mu"] for h in cards.households if h["village_code"] == v["village_code"]]
        land = [area for area in here if area is not None]
        if land and v["cultivated_land_mu"] is not None and v["cultivated_land_mu"] < sum(land):
            yield "VI04", None, None, v["village_code"], "cultivated_land_mu"

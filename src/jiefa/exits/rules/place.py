"""Whether a village or a county meets its standard of leaving: every item on its own, in words. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jiefa.exits.rules.household import Item
from jiefa.kernel.errors import Words

SERVICES = {
    "hardened_road": Words("通硬化路", "Hard road"),
    "bus": Words("通客运班车", "Bus"),
    "safe_water": Words("饮水安全", "Safe water"),
    "electricity": Words("通电", "Electricity"),
    "clinic": Words("有卫生室", "Clinic"),
    "doctor": Words("有执业（助理）医师", "Doctor"),
    "culture_room": Words("有文化室", "Culture room"),
    "broadband": Words("通宽带", "Broadband"),
}
KNOWN = {True: Words("有", "yes"), False: Words("没有", "no"), None: Words("未填报", "not reported")}
PER = 10_000
"""Rates of an evaluation are stated in whole ten-thousandths: no rounding stands between the report and the standard."""


@dataclass(frozen=True, slots=True)
class VillageFacts:
    """A village in a year: its poor by the register, its registered rural people and services as reported."""

    poor_people: int
    rural_people: int | None
    collective_income_fen: int | None
    services: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class VillageStandard:
    """The dated values of the pack."""

    incidence_below_percent: Fraction
    services: tuple[str, ...]
    collective_income_from_fen: int


def village(facts: VillageFacts, standard: VillageStandard) -> tuple[Item, ...]:
    """The items of a village: incidence, services, collective income."""
    return (
        _incidence(facts, standard),
        *(
            Item(name, SERVICES[name], facts.services.get(name), KNOWN[facts.services.get(name)])
            for name in standard.services
        ),
        _collective(facts, standard),
    )


def _incidence(facts: VillageFacts, standard: VillageStandard) -> Item:
    most = standard.incidence_below_percent
    label = Words(f"贫困发生率低于 {float(most):g}%", f"Incidence below {float(most):g}%")
    if not facts.rural_people:
        return Item("incidence", label, None, Words("未填报农业户籍人口", "registered rural people not reported"))
    met = facts.poor_people * 100 < most * facts.rural_people
    share = 100 * facts.poor_people / facts.rural_people
    return Item(
        "incidence",
        label,
        met,
        Words(f"{facts.poor_people} 人，{share:.2f}%", f"{facts.poor_people} people, {share:.2f}%"),
    )


def _collective(facts: VillageFacts, standard: VillageStandard) -> Item:
    least = standard.collective_income_from_fen
    label = Words(f"集体经济收入不低于 {least / 100:,.0f} 元", f"Collective income from {least / 100:,.0f} yuan")
    income = facts.collective_income_fen
    if income is None:
        return Item("collective_income", label, None, KNOWN[None])
    return Item(
        "collective_income", label, income >= least, Words(f"{income / 100:,.0f} 元", f"{income / 100:,.0f} yuan")
    )


@dataclass(frozen=True, slots=True)
class PoorVillageFacts:
    """A village beside its province in the base year, as reported; None: not reported."""

    incidence: Fraction | None
    incidence_of_province: Fraction | None
    income_fen: int | None
    income_of_province_fen: int | None
    collective_income_fen: int | None


@dataclass(frozen=True, slots=True)
class PoorVillageStandard:
    """一高一低一无: one high, one low, one without; and how many of the three must be met."""

    incidence_times_province: Fraction
    income_below_percent: Fraction
    without_collective_income: bool
    required: int


def poor_village(facts: PoorVillageFacts, standard: PoorVillageStandard) -> tuple[Item, ...]:
    """The items of a village that asks to be identified as poor."""
    times, share = standard.incidence_times_province, standard.income_below_percent
    own, whole = facts.incidence, facts.incidence_of_province
    high = Words(f"发生率不低于全省的 {float(times):g} 倍", f"Incidence at least {float(times):g} times the province's")
    income, mean = facts.income_fen, facts.income_of_province_fen
    low = Words(
        f"人均纯收入低于全省的 {float(share):g}%", f"Net income a person below {float(share):g}% of the province's"
    )
    collective = facts.collective_income_fen
    rows = [
        Item("incidence", high, None, KNOWN[None])
        if own is None or whole is None
        else Item("incidence", high, own >= times * whole, _beside(f"{float(own):.2%}", f"{float(whole):.2%}")),
        Item("income", low, None, KNOWN[None])
        if income is None or not mean
        else Item("income", low, income * 100 < share * mean, _beside(f"{income / 100:,.0f}", f"{mean / 100:,.0f}")),
    ]
    if standard.without_collective_income:
        rows.append(
            Item(
                "no_collective_income",
                Words("无集体经济收入", "No collective income"),
                None if collective is None else collective == 0,
                KNOWN[None]
                if collective is None
                else Words(f"{collective / 100:,.0f} 元", f"{collective / 100:,.0f} yuan"),
            )
        )
    return tuple(rows)


def _beside(own: str, whole: str) -> Words:
    return Words(f"{own}，全省 {whole}", f"{own}, province {whole}")


@dataclass(frozen=True, slots=True)
class CountyStandard:
    """三率一度: three rates that must stay below, one that must be reached; in percent."""

    incidence_below: Fraction
    wrong_exit_below: Fraction
    missed_below: Fraction
    approval_from: Fraction


def county(stated: Mapping[str, object], standard: CountyStandard) -> tuple[Item, ...]:
    """The items of a county by its evaluation. Any that fails is a veto."""
    rows = (
        ("incidence_permyriad", "综合贫困发生率", "Incidence", standard.incidence_below, True),
        ("wrong_exit_permyriad", "错退率", "Wrongly exited", standard.wrong_exit_below, True),
        ("missed_permyriad", "漏评率", "Missed", standard.missed_below, True),
        ("approval_permyriad", "群众认可度", "Approval", standard.approval_from, False),
    )
    return tuple(_rate(stated.get(name), name, zh, en, limit, below) for name, zh, en, limit, below in rows)


def _rate(value: object, name: str, zh: str, en: str, limit: Fraction, below: bool) -> Item:
    bound = f"{float(limit):g}%"
    label = Words(f"{zh}{'低于' if below else '不低于'} {bound}", f"{en} {'below' if below else 'at least'} {bound}")
    if not isinstance(value, int) or isinstance(value, bool):
        return Item(name, label, None, KNOWN[None])
    share = Fraction(value * 100, PER)
    met = share < limit if below else share >= limit
    return Item(name, label, met, Words(f"{float(share):g}%", f"{float(share):g}%"))

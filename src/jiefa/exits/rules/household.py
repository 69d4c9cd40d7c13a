"""Whether a household meets the standard of leaving in a year: every item on its own, in words. Plain values.

Source: 厅字〔2016〕16号 (income stably above the line, enough to eat and wear, three guarantees), before it the outline of
2011-2020; which guarantees hold in a year is ``exit.household_guarantees``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jiefa.kernel.errors import Words
from jiefa.registry import rules as registry

ASKED = {
    "food": Words("不愁吃", "Enough to eat"),
    "clothing": Words("不愁穿", "Enough to wear"),
}
"""Items that no card answers: who checks on the spot states them."""

DANGEROUS = frozenset(("C", "D"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the cards of the year say of a household. Counts are of members present at the year's end."""

    net_income_fen: int | None
    size: int
    out_of_school: int
    uninsured: int
    house_danger: str | None
    relocated_year: int | None
    water_safe: bool | None
    entered_year: int | None
    poverty_status: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the standard. ``met`` None: nobody has said yet."""

    id: str
    label: Words
    met: bool | None
    found: Words


def standard(
    facts: Facts, line_fen: int, guarantees: tuple[str, ...], stated: Mapping[str, object]
) -> tuple[Item, ...]:
    """The items of the year in order: income first, then the guarantees in force. ``stated``: what was checked on the spot."""
    return (_income(facts, line_fen), *(_guarantee(name, facts, stated) for name in guarantees))


def unmet(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items that are not met or not known."""
    return tuple(item for item in items if item.met is not True)


def _income(facts: Facts, line_fen: int) -> Item:
    label = Words("人均纯收入超过标准", "Net income per person above the line")
    if facts.net_income_fen is None or facts.size <= 0:
        return Item("income", label, None, Words("卡片没有收入", "the card states no income"))
    # Unrounded, in whole fen: sum against line times people. The line itself is not yet above it.
    met = facts.net_income_fen > line_fen * facts.size
    share = registry.net_income_per_person_fen(facts.net_income_fen, facts.size) or 0
    return Item(
        "income",
        label,
        met,
        Words(
            f"{share / 100:.2f} 元，标准 {line_fen / 100:.0f} 元",
            f"{share / 100:.2f} yuan, line {line_fen / 100:.0f} yuan",
        ),
    )


def _guarantee(name: str, facts: Facts, stated: Mapping[str, object]) -> Item:
    if name in ASKED:
        answer = stated.get(name)
        known = answer if isinstance(answer, bool) else None
        said = {
            True: Words("核实为是", "checked: yes"),
            False: Words("核实为否", "checked: no"),
            None: Words("尚未核实", "not checked yet"),
        }
        return Item(name, ASKED[name], known, said[known])
    if name == "education":
        label = Words("义务教育有保障", "Compulsory schooling")
        found = Words(f"适龄失学 {facts.out_of_school} 人", f"{facts.out_of_school} of school age not at school")
        return Item(name, label, facts.out_of_school == 0, found)
    if name == "medical":
        label = Words("基本医疗有保障", "Medical insurance")
        return Item(
            name, label, facts.uninsured == 0, Words(f"未参保 {facts.uninsured} 人", f"{facts.uninsured} not insured")
        )
    if name == "housing":
        return _housing(facts)
    if name == "water":
        label = Words("饮水安全", "Safe water")
        said = {
            True: Words("安全", "safe"),
            False: Words("不安全", "unsafe"),
            None: Words("卡片未填", "the card does not say"),
        }
        return Item(name, label, facts.water_safe, said[facts.water_safe])
    raise AssertionError(f"no such guarantee: {name}")


def _housing(facts: Facts) -> Item:
    label = Words("住房安全有保障", "Safe housing")
    if facts.relocated_year is not None:
        found = Words(f"{facts.relocated_year} 年已搬迁", f"relocated in {facts.relocated_year}")
        return Item("housing", label, True, found)
    if facts.house_danger is None:
        return Item("housing", label, None, Words("卡片未填危房等级", "the card states no grade of danger"))
    found = Words(f"{facts.house_danger} 级", f"grade {facts.house_danger}")
    return Item("housing", label, facts.house_danger not in DANGEROUS, found)

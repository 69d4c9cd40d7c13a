"""四看法, the four looks: what the card answers of a scorecard, the score, and where it speaks against the register.

A score screens. It changes nothing by itself: the village's vote does. High is better off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Option, Scorecard, ScoreItem


class NoSuchOption(JiefaError):
    code = "identification.no_such_option"
    zh = "“{item}”没有“{option}”这个选项，请从列表中选择。"
    en = "{item} has no option {option!r}; choose from the list."


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the cards of a year say of a household, as far as the looks ask. None: not filled in."""

    size: int
    house_area_m2: Decimal | None
    house_structure: str | None
    house_danger: str | None
    house_age_years: int | None
    road_type: str | None
    electricity: bool | None
    water_difficult: bool | None
    water_safe: bool | None
    labour: Sequence[str | None]
    education: Sequence[str | None]
    health: Sequence[str | None]
    stages: Sequence[str | None]
    work_months: Sequence[int | None]


Known = Decimal | str | None


def facts(card: CardFacts) -> dict[str, Known]:
    """The facts that scorecards may name, by name."""
    return {
        "area_per_person_m2": card.house_area_m2 / card.size if card.house_area_m2 is not None and card.size else None,
        "structure": "dangerous" if card.house_danger in ("C", "D") else card.house_structure,
        "house_age_years": None if card.house_age_years is None else Decimal(card.house_age_years),
        "road_type": card.road_type,
        "electricity": _either(card.electricity, "powered", "dark"),
        "water": _water(card),
        "labour_share_percent": _labour_share(card),
        "skill": _skill(card),
        "health": _health(card),
        "work_months": Decimal(max((months or 0 for months in card.work_months), default=0)) if card.size else None,
        "pupils_above_junior": _pupils(card),
    }


def _either(flag: bool | None, yes: str, no: str) -> str | None:
    return None if flag is None else yes if flag else no


def _water(card: CardFacts) -> str | None:
    if card.water_difficult:
        return "difficult"
    if card.water_difficult is None:
        return None
    return _either(card.water_safe, "safe", "unsafe")


def _labour_share(card: CardFacts) -> Decimal | None:
    if not card.size or any(labour is None for labour in card.labour):
        return None
    able = sum(labour in ("ordinary", "skilled", "weak") for labour in card.labour)
    return Decimal(100 * able) / card.size


def _skill(card: CardFacts) -> str | None:
    """The best of the household. That somebody was trained without a certificate, no card says."""
    if "skilled" in card.labour or any(level in ("senior", "college", "bachelor") for level in card.education):
        return "skilled"
    if any(level in ("primary", "junior") for level in card.education):
        return "school"
    return "none" if any(level == "illiterate" for level in card.education) else None


def _health(card: CardFacts) -> str | None:
    """The worst of the household."""
    if not card.size or any(health is None for health in card.health):
        return None
    if any(health in ("serious", "serious_dis") for health in card.health):
        return "grave"
    if any(health in ("chronic", "disabled", "chronic_dis") for health in card.health):
        return "chronic"
    return "healthy"


def _pupils(card: CardFacts) -> str | None:
    if not card.size:
        return None
    above = sum(stage in ("senior", "vocational", "higher_voc", "bachelor", "master") for stage in card.stages)
    return "several" if above > 1 else "one" if above else "none"


@dataclass(frozen=True, slots=True)
class Answer:
    """One item with the option that stands, and whether the card gave it. ``option`` None: still to be asked."""

    look: str
    item: ScoreItem
    option: Option | None
    from_card: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """A household by the looks. ``total`` is known when nothing is left to ask; ``lowest`` and ``highest`` bound it before."""

    answers: tuple[Answer, ...]
    lowest: Decimal
    highest: Decimal

    @property
    def total(self) -> Decimal | None:
        return self.lowest if self.lowest == self.highest and all(a.option for a in self.answers) else None


def score(card: Scorecard, known: Mapping[str, Known], asked: Mapping[str, str]) -> Scored:
    """The score from what the card knows and what was asked (``look.item`` -> option). What was asked on the spot goes
    before the card. Raises ``NoSuchOption``."""
    answers = []
    for look in card.looks:
        for item in look.items:
            options = {option.id: option for option in item.options}
            told = asked.get(f"{look.id}.{item.id}")
            if told is not None and told not in options:
                raise NoSuchOption(item=Words.of(item), option=told)
            of_card = item.answer(known.get(item.fact)) if item.fact else None
            chosen = told if told is not None else of_card
            answers.append(Answer(look.id, item, options[chosen] if chosen else None, told is None and bool(of_card)))
    return _summed(answers)


def kept(card: Scorecard, answers: Mapping[str, str], asked: Mapping[str, str]) -> Scored:
    """The score as it was kept (``look.item`` -> option), whatever the card says today. Options that are gone count as open."""
    found = []
    for look in card.looks:
        for item in look.items:
            name = f"{look.id}.{item.id}"
            chosen = next((option for option in item.options if option.id == answers.get(name)), None)
            found.append(Answer(look.id, item, chosen, chosen is not None and name not in asked))
    return _summed(found)


def _summed(answers: Sequence[Answer]) -> Scored:
    lowest = sum((_least(answer) for answer in answers), Decimal(0))
    highest = sum((answer.option.points if answer.option else answer.item.points for answer in answers), Decimal(0))
    return Scored(tuple(answers), lowest, highest)


def _least(answer: Answer) -> Decimal:
    if answer.option:
        return answer.option.points
    return min(option.points for option in answer.item.options)


def disagreement(card: Scorecard, scored: Scored, *, in_poverty: bool) -> str | None:
    """``false_in`` or ``missed`` where even the bounds of the score speak against the register, else None."""
    if in_poverty and scored.lowest >= card.out_from:
        return "false_in"
    if not in_poverty and scored.highest < card.poor_below:
        return "missed"
    return None


def reasons(scored: Scored, kind: str, most: int = 4) -> Words:
    """What weighs most for a disagreement, in words: the best answers of a house that may be wrongly in, the worst otherwise."""
    known = [answer for answer in scored.answers if answer.option]

    def weight(answer: Answer) -> Decimal:
        assert answer.option is not None
        lost = answer.item.points - answer.option.points
        return -answer.option.points if kind == "false_in" else -lost

    chosen = sorted(known, key=weight)[:most]
    return Words(
        "；".join(f"{a.item.zh}：{a.option.zh}" for a in chosen if a.option),
        "; ".join(f"{a.item.en}: {a.option.en}" for a in chosen if a.option),
    )

"""Where a figure of an assessment came from, in words, and the page that lies behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.assessment.models import Run
from jiefa.assessment.rules.explaining import figure_words
from jiefa.policy.indicators import OF_PLACES
from jiefa.site.address import with_parameters
from jiefa.site.numerals import grouped
from jiefa.site.reader import Reader

Told = Mapping[str, Any]
FACTS = {
    "disposable_income_per_person_fen": ("农村居民人均可支配收入（元）", "disposable income per rural person, yuan"),
    "net_income_per_person_fen": ("农民人均纯收入（元）", "net income per rural person, yuan"),
    "collective_income_fen": ("村级集体经济收入合计（元）", "income of village collectives, yuan"),
}
MEASURES = {
    "wrongly_exited": ("错退率", "wrongly exited"),
    "missed": ("漏评率", "missed"),
    "wrongly_in": ("错评率", "wrongly in"),
    "approval": ("群众认可度", "approval"),
}


def measured(reader: Reader, figure: Decimal | None, unit: str) -> str:
    """A figure with its unit; a dash for none."""
    if figure is None:
        return "—"
    word = "" if unit == "count" else "%" if unit == "percent" else reader.label("unit", unit)
    space = "" if word == "%" or reader.lang == "zh" or not word else " "
    return f"{figure_words(figure)}{space}{word}"


def source(reader: Reader, of: Run, code: str, told: Told, samples: Collection[int] = frozenset()) -> dict[str, str]:
    """``words`` of what a figure was read from, ``url`` of what lies behind it ('' where nothing can be opened).

    ``samples``: of the independent evaluation, those that the reader may open.
    """
    words, url = _SAID[str(told["kind"])](reader, of, code, told)
    if told.get("sample") in samples:
        url = reader.at(reverse("site:evaluation", args=[told["sample"]]))
    return {"words": words, "url": url, "kind": str(told["kind"])}


def _of_snapshot(reader: Reader, of: Run, code: str, told: Told) -> tuple[str, str]:
    name = str(told["indicator"])
    definition = reader.indicators.get(name)
    label = reader.words(definition.zh, definition.en) if definition else name
    if told.get("of"):
        other = reader.indicators.get(str(told["of"]))
        whole = reader.words(other.zh, other.en) if other else str(told["of"])
        words = f"{label} {_number(told.get('value'))} / {whole} {_number(told.get('of_value'))}"
    elif told.get("how"):
        words = f"{label} {_number(told.get('before'))} → {_number(told.get('value'))}"
    elif told.get("denominator"):
        words = f"{label}: {_number(told['numerator'])} / {_number(told['denominator'])}"
    else:
        words = label
    counted = definition is not None and definition.numerator is not None and definition.numerator.of not in OF_PLACES
    opens = counted and reader.actor.may(Permission.HOUSEHOLD_VIEW, code)
    page = "site:indicator-households" if opens else "site:indicator"
    return words, with_parameters(reverse(page, args=[name]), place=code, year=of.year)


def _of_facts(reader: Reader, of: Run, code: str, told: Told) -> tuple[str, str]:
    label = reader.words(*FACTS[str(told["column"])])
    now, before = (None if told[name] is None else Decimal(told[name]) / 100 for name in ("value", "before"))
    words = f"{label} {_number(before)} → {_number(now)}" if told["how"] != "value" else f"{label} {_number(now)}"
    stated = str(told.get("source") or "")
    return f"{words} · {stated}" if stated else words, with_parameters(reverse("site:area", args=[code]), year=of.year)


def _of_target(reader: Reader, of: Run, code: str, told: Told) -> tuple[str, str]:
    label = reader.label("planning_metric", str(told["metric"]))
    words = _("{what}: {done} done of {target}").format(
        what=label, done=_number(told["done"]), target=_number(told["target"])
    )
    url = reverse("site:plan-target", args=[code, of.year, told["metric"]]) if told["target"] is not None else ""
    return words, url


def _of_evaluation(reader: Reader, of: Run, code: str, told: Told) -> tuple[str, str]:
    label = reader.words(*MEASURES[str(told["measure"])])
    if told.get("sample") is None:
        return _("{what}: no independent evaluation of the year").format(what=label), ""
    shares = [None if told[name] is None else Decimal(str(told[name])) * 100 for name in ("value", "ci_low", "ci_high")]
    value, low, high = (figure_words(share) for share in shares)
    words = _("{what} {value}% ({low}–{high}), sample {sample}, {people} people")
    return words.format(what=label, value=value, low=low, high=high, sample=told["sample"], people=told["people"]), ""


def _of_typed(reader: Reader, of: Run, code: str, told: Told) -> tuple[str, str]:
    label = reader.label("assessment_figure", str(told["figure"]))
    if "number" not in told:
        types = reader.actor.may(Permission.ASSESSMENT_ANSWER, code)
        said = reader.at(reverse("site:assessment-figures"), place=code, of_year=of.year, figure=told["figure"])
        return _("{what}: not sent in").format(what=label), f"{said}#one" if types else ""
    url = reader.at(reverse("site:assessment-figures"), place=code, of_year=of.year)
    return f"{label} · {told['source']}", url


def _of_correction(reader: Reader, of: Run, code: str, told: Told) -> tuple[str, str]:
    words = _("corrected on appeal; before it was {before}").format(before=figure_words(told["instead"]))
    opens = reader.actor.may(Permission.DOSSIER_VIEW, code)
    return words, reverse("site:dossier", args=[told["dossier"]]) if opens else ""


_SAID: Mapping[str, Callable[[Reader, Run, str, Told], tuple[str, str]]] = {
    "snapshot": _of_snapshot,
    "facts": _of_facts,
    "target": _of_target,
    "evaluation": _of_evaluation,
    "typed": _of_typed,
    "correction": _of_correction,
}


def _number(value: object) -> str:
    if value is None:
        return "—"
    number = Decimal(str(value))
    return grouped(number) if number == number.to_integral_value() else figure_words(number)

"""Columns of cards and their values in the reader's language: people read labels, never identifiers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiefa.kernel import money
from jiefa.policy import Field
from jiefa.policy.indicators import Condition, Measure
from jiefa.site.reader import Reader

FEN = "_fen"
LEVELS = (("error", gettext_lazy("Error")), ("warn", gettext_lazy("Warning")))
"""The levels of a finding, as choices."""
MONEY_CODES = {
    "source": "fund_source",
    "purpose": "fund_purpose",
    "account": "fund_account",
    "other_account": "fund_account",
}
"""Code lists of the columns of money."""
OTHER_CAUSES = frozenset(("other_cause_1", "other_cause_2"))

INDUSTRY = ("links", "bodies")
OF_INDUSTRY = {
    **{name: ("industry", name) for name in ("industry", "level", "recognised_on", "members", "poor_members")},
    **{f"{name}{FEN}": ("industry", name) for name in ("output", "sales", "invested")},
    "body_kind": ("industry", "kind"),
    "way": ("benefits", "way"),
}
"""Columns of the tables of industry in snapshots, by form and field."""


def _derived() -> dict[str, str]:
    """Columns that are computed, not typed."""
    return {
        "size": _("household size"),
        "people": _("people"),
        "age": _("age at the year's end"),
        "net_income_fen": _("net income"),
        "net_income_per_person_fen": _("net income per person"),
        "previous_income_per_person_fen": _("net income per person, the year before"),
        "fields_typed": _("cells filled in"),
        "rural_registered_people": _("rural registered people"),
        "rural_registered_households": _("rural registered households"),
        "poor_village": _("poor village"),
        "poor_township": _("poor township"),
        "poor_county": _("poor county"),
        "household": _("household"),
        "poor": _("poor on the card"),
        "labourer": _("has a member able to work"),
        "helper": _("somebody answers for it"),
        "visits": _("visits in the year"),
        "plan_signed": _("plan of the year signed"),
        "measures": _("measures planned"),
        "measures_arrived": _("measures that arrived"),
        "planned_fen": _("money planned"),
        "arrived_fen": _("money arrived"),
        "loans": _("loans taken so far"),
        "certified": _("somebody certified"),
        "guaranteed": _("on the list of the guarantee"),
        "programme": _("programme"),
        "of_year": _("of this year"),
        "traced": _("the stage that counts was reached"),
        "amount_fen": _("amount"),
        "balance_fen": _("balance"),
        "overdue_fen": _("overdue amount"),
        "paid_in_fen": _("paid in"),
        "compensated_fen": _("paid for borrowers"),
        "subsidy_fen": _("interest paid back"),
        "fen": _("amount"),
        "years_over": _("whole years since the fund year ended"),
        "account": _("account"),
        "other_account": _("account on the other side"),
        "level": _("digits of the place"),
        "other_level": _("digits of the other side's place"),
        "source": _("source of money"),
        "purpose": _("purpose of money"),
        "household_id": _("household"),
        "on": _("day of the transfer"),
        "links": _("benefit links in force"),
        "benefit_fen": _("money by benefit links"),
        "in_force": _("in force in the year"),
        "paid_fen": _("money paid in the year"),
        "in_park": _("lies in a park"),
        "linked": _("households have something of it"),
    }


def fields(reader: Reader) -> dict[str, Field]:
    """The fields of the roster form by id."""
    return {entry.id: entry for sheet in reader.pack.form("roster").sheets for entry in sheet.fields}


def _field(reader: Reader, column: str) -> Field | None:
    known = fields(reader)
    name = "other_causes" if column in OTHER_CAUSES else column
    return known.get(name) or known.get(name.removesuffix(FEN))


def _entry(reader: Reader, column: str, table: str) -> Field | None:
    """The field of a form that the column holds: of industry's lists in its two tables, else of the roster."""
    if table in INDUSTRY and column in OF_INDUSTRY:
        form, name = OF_INDUSTRY[column]
        return reader.pack.form(form).sheets[0].by_id[name]
    return _field(reader, column)


def column_label(reader: Reader, column: str, table: str = "") -> str:
    """The label of a column; the identifier itself only for one that nobody described."""
    if table == "movements" and column == "kind":
        return _("kind of change")
    of_industry = table in INDUSTRY and column in OF_INDUSTRY
    if column in (derived := _derived()) and not (table == "movements" and column == "on") and not of_industry:
        return derived[column]
    if table == "loans" and column == "from_on":
        return _("day of the loan")
    entry = _entry(reader, column, table) or _day_of_a_programme(reader, column)
    return reader.words(entry.zh, entry.en) if entry else column


def _day_of_a_programme(reader: Reader, column: str) -> Field | None:
    """The column of the first programme that has one of this name: days of one name mean the same step."""
    return next((one.own[column] for one in reader.pack.programmes.values() if column in one.own), None)


def value_label(reader: Reader, column: str, value: Any, table: str = "") -> str:
    """A value of a column as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if table == "movements" and column == "kind":
        return reader.label("movement", str(value))
    if table == "cases" and column == "programme":
        named = reader.pack.programmes.get(str(value))
        return reader.words(named.zh, named.en) if named else str(value)
    if table == "money" and column in MONEY_CODES:
        return reader.label(MONEY_CODES[column], str(value))
    if column.endswith(FEN):
        return money.format_yuan(int(value))
    entry = _entry(reader, column, table)
    if entry and entry.code_list and str(value) in reader.pack.codes(entry.code_list).ids:
        return reader.label(entry.code_list, str(value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def condition_text(reader: Reader, condition: Condition, table: str) -> str:
    """One condition of a measure in words."""
    label = column_label(reader, condition.column, table)
    if condition.comparison == "is_null":
        return (
            _("{column} is empty").format(column=label)
            if condition.values[0]
            else _("{column} is filled in").format(column=label)
        )
    if condition.comparison == "this_year":
        return (
            _("{column} lies in the year").format(column=label)
            if condition.values[0]
            else _("{column} does not lie in the year").format(column=label)
        )
    words = [value_label(reader, condition.column, value, table) for value in condition.values]
    signs = {"in": _(" is "), "ge": " ≥ ", "gt": " > ", "le": " ≤ ", "lt": " < ", "ne": _(" is not ")}
    return label + signs[condition.comparison] + _(" or ").join(words)


def measure_text(reader: Reader, measure: Measure | None) -> str:
    """A numerator or denominator in words: what is counted or summed, over which cards, under which conditions."""
    if measure is None:
        return ""
    names = {
        "persons": _("person cards"),
        "households": _("household cards"),
        "movements": _("movements of the register"),
        "villages": _("villages"),
        "opening": _("the poor of the year before"),
        "help": _("what help registered households have"),
        "cases": _("cases of programmes"),
        "loans": _("loans"),
        "funds": _("risk funds of counties"),
        "money": _("transfers of money, each on both sides"),
        "links": _("benefit links"),
        "bodies": _("bodies of industry"),
    }
    what = _("number of {table}").format(table=names[measure.of])
    if measure.column is not None:
        column = column_label(reader, measure.column, measure.of)
        what = _("sum of {column} over {table}").format(column=column, table=names[measure.of])
    conditions = [condition_text(reader, condition, measure.of) for condition in measure.where]
    return what + (_(", where ") + _("; ").join(conditions) if conditions else "")

"""Quality rules and indicators as pure Ibis expressions over the four card tables: no Django, no I/O, no clock."""

from __future__ import annotations

from jiefa.insight.rules import causes, emptiness, identity, income, labour, living, membership, schooling
from jiefa.insight.rules.catalogue import LEVEL_BY_DETAIL, ids_of_one_household, level_by_detail, rule_ids
from jiefa.insight.rules.engine import compile_sql, violations
from jiefa.insight.rules.figures import FIGURE, figures
from jiefa.insight.rules.inequality import gini_sums, incomes
from jiefa.insight.rules.limits import QualityLimits, parameter_id
from jiefa.insight.rules.measures import computable, village_sums
from jiefa.insight.rules.rows import Register

RULE_MODULES = (causes, emptiness, identity, income, labour, living, membership, schooling)
"""Imported so that their rules are in the catalogue."""

__all__ = [
    "FIGURE",
    "LEVEL_BY_DETAIL",
    "RULE_MODULES",
    "QualityLimits",
    "Register",
    "compile_sql",
    "computable",
    "figures",
    "gini_sums",
    "ids_of_one_household",
    "incomes",
    "level_by_detail",
    "parameter_id",
    "rule_ids",
    "village_sums",
    "violations",
]

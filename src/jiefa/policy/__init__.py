"""Policy as dated data: parameters, code lists, forms, scorecards, rule texts of one pack, read once and frozen.

``policy.load()`` gives the pack, ``pack.at(date)`` what held that day. The default pack is ``guizhou``;
``JIEFA_POLICY`` names another folder.
"""

from __future__ import annotations

from jiefa.policy.code_lists import Code, CodeList, EarlierLabel, tidy
from jiefa.policy.errors import NotInForce, PolicyError, PolicyMissing, UnknownPolicy, WrongKind
from jiefa.policy.forms import Field, Form, FormSheet
from jiefa.policy.pack import Pack, Policy, load
from jiefa.policy.procedures import Ask, End, Procedure, Step
from jiefa.policy.programmes import Cap, Programme, Stage
from jiefa.policy.quality_rules import QualityRuleText
from jiefa.policy.scorecards import Look, Option, Scorecard, ScoreItem
from jiefa.policy.values import Amount, Parameter, Value

__all__ = [
    "Amount",
    "Ask",
    "Cap",
    "Code",
    "CodeList",
    "EarlierLabel",
    "End",
    "Field",
    "Form",
    "FormSheet",
    "Look",
    "NotInForce",
    "Option",
    "Pack",
    "Parameter",
    "Policy",
    "PolicyError",
    "PolicyMissing",
    "Procedure",
    "Programme",
    "QualityRuleText",
    "ScoreItem",
    "Scorecard",
    "Stage",
    "Step",
    "UnknownPolicy",
    "Value",
    "WrongKind",
    "load",
    "tidy",
]

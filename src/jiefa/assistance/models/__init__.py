"""Tables of help: of households (``help``), of industries and villages (``places``)."""

from jiefa.assistance.models.help import (
    FundEntry,
    FundKind,
    HelpList,
    HouseholdPlan,
    ListState,
    Loan,
    Measure,
    PlanState,
    ProgrammeRecord,
    Repayment,
)
from jiefa.assistance.models.places import BenefitLink, BenefitPaid, IndustryBody, IndustryYear, VillageWork

__all__ = [
    "BenefitLink",
    "BenefitPaid",
    "FundEntry",
    "FundKind",
    "HelpList",
    "HouseholdPlan",
    "IndustryBody",
    "IndustryYear",
    "ListState",
    "Loan",
    "Measure",
    "PlanState",
    "ProgrammeRecord",
    "Repayment",
    "VillageWork",
]

"""Tables of help: of households (``help``), of industries and villages (``places``)."""

from jiefa.assistance.models.help import (
    VOUCHER_LENGTH,
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
    "VOUCHER_LENGTH",
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

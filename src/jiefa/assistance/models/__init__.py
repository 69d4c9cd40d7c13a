"""Tables of help: of households (``help``), of industries and villages (``places``)."""

from jiefa.assistance.models.help import (
    VOUCHER_LENGTH,
    CreditParty,
    FundEntry,
    FundKind,
    HouseholdPlan,
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
    "CreditParty",
    "FundEntry",
    "FundKind",
    "HouseholdPlan",
    "IndustryBody",
    "IndustryYear",
    "Loan",
    "Measure",
    "PlanState",
    "ProgrammeRecord",
    "Repayment",
    "VillageWork",
]

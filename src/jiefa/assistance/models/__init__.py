"""Tables of help: of households (``help``), of industries and villages (``places``), of courses, settlement sites and hamlets
that move (``moving``)."""

from jiefa.assistance.models.help import (
    PARTY_LENGTH,
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
from jiefa.assistance.models.moving import Course, Hamlet, SettlementSite
from jiefa.assistance.models.places import BenefitLink, BenefitPaid, IndustryBody, IndustryYear, VillageWork

__all__ = [
    "PARTY_LENGTH",
    "VOUCHER_LENGTH",
    "BenefitLink",
    "BenefitPaid",
    "Course",
    "CreditParty",
    "FundEntry",
    "FundKind",
    "Hamlet",
    "HouseholdPlan",
    "IndustryBody",
    "IndustryYear",
    "Loan",
    "Measure",
    "PlanState",
    "ProgrammeRecord",
    "Repayment",
    "SettlementSite",
    "VillageWork",
]

"""Tables of help: of households (``help``), of courses, settlement sites and hamlets that move (``moving``)."""

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
from jiefa.assistance.models.moving import Course, Hamlet, SettlementSite

__all__ = [
    "VOUCHER_LENGTH",
    "Course",
    "FundEntry",
    "FundKind",
    "Hamlet",
    "HelpList",
    "HouseholdPlan",
    "ListState",
    "Loan",
    "Measure",
    "PlanState",
    "ProgrammeRecord",
    "Repayment",
    "SettlementSite",
]

"""The limits of 2015 as the pack of Guizhou states them."""

from __future__ import annotations

from tests.reference.registers import YEAR

from jiefa import policy
from jiefa.insight.rules import QualityLimits

LIMITS = QualityLimits.from_policy(policy.load().for_year(YEAR))

"""The village of the casework tests: an applicant (A), two poor households (B, C) and one that left (D), on cards of 2015."""

from __future__ import annotations

from tests.casework.conftest import pack, people, village

__all__ = ["pack", "people", "village"]

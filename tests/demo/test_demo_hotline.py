"""The hotline of the demonstration: complaints in every state, one merged as it may be, a case and a violation that followed."""

from __future__ import annotations

import pytest
from tests.journeys.office import SHARES_PROVINCE

from jiefa.access.queries import holder
from jiefa.access.rules import Permission, Role
from jiefa.hotline.models import Complaint, Followed, State
from jiefa.hotline.rules import units
from jiefa.integrity.queries import cases, violations
from jiefa.integrity.queries.violations import Sifted


@pytest.mark.sqlite
@SHARES_PROVINCE
def test_complaints_stand_in_every_state_and_what_was_true_is_followed_above_the_body(demonstration: None) -> None:
    assert set(Complaint.objects.values_list("state", flat=True)) == set(State.values)
    for one in Complaint.objects.filter(state=State.MERGED).select_related("merged_into"):
        assert one.merged_into is not None
        assert units.may_join(one.against_code, one.merged_into.against_code)
        assert one.category == one.merged_into.category
    case = Followed.objects.select_related("case", "complaint").get(case__isnull=False)
    violation = Followed.objects.select_related("violation", "complaint").get(violation__isnull=False)
    assert case.case is not None
    assert violation.violation is not None
    for followed, place in ((case, case.case.area_code), (violation, violation.violation.area_code)):
        assert followed.complaint.verdict in ("true", "partly")
        assert place == followed.complaint.unit_code
    body = case.complaint.against_code
    assert units.is_above(case.case.area_code, body)
    inside, unit = (holder("x", [(Role.SUPERVISOR, place)]) for place in (body[:9], case.case.area_code))
    assert cases.case(case.case.pk, inside) is None
    assert cases.case(case.case.pk, unit) == case.case
    office = holder("x", [(Role.COUNTY_OFFICER, violation.violation.area_code)])
    known = violations.violations(office.scope(Permission.INSPECTION_VIEW), Sifted(), violation.on)
    assert violation.violation in known

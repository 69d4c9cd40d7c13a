"""A finding that is right as it is: one person asks with a reason, a second one decides, and both stay on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.site import county, pages

from jiefa.audit.models import Entry
from jiefa.insight.models import Finding

pytestmark = pytest.mark.usefixtures("small_county")

REASON = "县医院的诊断书在档案里"


def found() -> Finding:
    """Household B gives illness as its cause although all are healthy."""
    return county.finding("B", "CA01")


def posted(client: Client, **typed: str) -> Any:
    return client.post(reverse("site:finding-waive", args=[found().pk]), typed)


def page(client: Client) -> str:
    return pages.text(client.get(reverse("site:finding-waive", args=[found().pk])))


def test_asking_needs_a_reason() -> None:
    sun = county.signed_in("sunx")

    without, short = posted(sun, reason=""), posted(sun, reason="对的")

    assert "这个字段是必填项" in pages.text(without)
    assert "至少" in pages.text(short)
    assert found().state == "open"


def test_asked_waiver_waits_with_its_reason_and_who_asked() -> None:
    answer = posted(county.signed_in("sunx"), reason=REASON)

    assert answer.status_code == 302
    assert (found().state, found().asked_by, found().reason) == ("asked", "sunx", REASON)
    seen = page(county.signed_in("wang"))
    assert REASON in seen
    assert "孙乡" in seen


def test_who_asked_cannot_decide() -> None:
    wang = county.signed_in("wang")
    posted(wang, reason=REASON)

    answer = posted(wang, decision="waive")

    assert answer.status_code == 403
    assert "提出不改的人不能自己批准" in pages.text(answer)
    assert "这项豁免由您申请，须由另一人决定" in page(wang)
    assert (found().state, found().decided_by) == ("asked", "")


def test_second_person_grants_and_the_log_names_both() -> None:
    posted(county.signed_in("wang"), reason=REASON)

    answer = posted(county.signed_in("zhou"), decision="waive")

    assert answer.status_code == 302
    assert (found().state, found().asked_by, found().decided_by) == ("waived", "wang", "zhou")
    entries = Entry.objects.filter(object_type="finding").order_by("seq")
    assert [(e.action, e.by) for e in entries] == [("finding.waiver_asked", "wang"), ("finding.waived", "zhou")]


def test_second_person_disagrees_and_the_finding_is_open_again() -> None:
    posted(county.signed_in("wang"), reason=REASON)

    posted(county.signed_in("zhou"), decision="keep")
    again = posted(county.signed_in("sunx"), reason=REASON)

    assert again.status_code == 302
    assert (found().state, found().asked_by) == ("asked", "sunx")


def test_post_that_may_ask_but_not_decide_is_refused_the_decision() -> None:
    posted(county.signed_in("sunx"), reason=REASON)

    answer = posted(county.signed_in("li"), decision="waive")

    assert answer.status_code == 403
    assert found().state == "asked"


def test_post_that_only_reads_may_not_even_ask() -> None:
    answer = posted(county.signed_in("auditor"), reason=REASON)

    assert answer.status_code == 403
    assert found().state == "open"


def test_reason_sent_after_somebody_else_asked_is_no_decision() -> None:
    posted(county.signed_in("sunx"), reason=REASON)

    late = posted(county.signed_in("wang"), reason="村里核实过，情况属实")

    assert late.status_code == 409
    assert (found().state, found().asked_by, found().reason) == ("asked", "sunx", REASON)


def test_state_is_shown_in_lists_on_the_household_and_on_its_own_page() -> None:
    wang = county.signed_in("wang")
    findings, household = reverse("site:findings"), reverse("site:household", args=[county.household("B").pk])
    message = "主要致贫原因是因病，但全家人都健康。"
    posted(wang, reason=REASON)
    waiting = pages.text(wang.get(findings, {"state": "asked"}))

    posted(county.signed_in("zhou"), decision="waive")

    assert "已申请免改" in waiting.partition(message)[2]
    assert message not in pages.text(wang.get(findings, {"rule": "CA01"}))
    assert message in pages.text(wang.get(findings, {"state": "waived"}))
    assert message not in pages.text(wang.get(household))
    assert "这个问题已了结" in page(wang)


def test_settled_finding_cannot_be_asked_about_again() -> None:
    posted(county.signed_in("wang"), reason=REASON)
    posted(county.signed_in("zhou"), decision="waive")

    posted(county.signed_in("sunx"), reason="再问一次也行吗")

    assert (found().state, found().asked_by, found().reason) == ("waived", "wang", REASON)

"""Words on targets: whose may follow which, sent down from a plan, fixed, differences signed for, shortfalls carried over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from tests.planning import promised as given
from tests.planning.promised import PACK, QIAN, SUN, TOWNSHIP, WANG, ZHAO
from tests.site import county

from jiefa.access.queries import Actor
from jiefa.audit.models import Entry
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.planning.actions import negotiating
from jiefa.planning.models import Target
from jiefa.planning.queries import promised
from jiefa.planning.rules import negotiating as rules
from jiefa.planning.rules import refusals
from jiefa.planning.rules.negotiating import Side

COUNTY = county.COUNTY


def say(
    code: str, value: int, state: str, by: Actor, year: int = 2016, reason: str = "", document: str = "文"
) -> Target:
    return negotiating.say(
        area_code=code,
        year=year,
        metric="people",
        value=value,
        state=state,
        by=by,
        pack=PACK,
        document=document,
        reason=reason,
    )


@pytest.mark.parametrize(
    ("side", "before", "after", "code", "may"),
    [
        (Side.ABOVE, "", "draft", "520324", True),
        (Side.ABOVE, "draft", "sent", "520324", True),
        (Side.ABOVE, "", "fixed", "520324", False),
        (Side.ABOVE, "", "fixed", "52", True),
        (Side.ABOVE, "sent", "fixed", "520324", True),
        (Side.ABOVE, "proposed", "fixed", "520324", True),
        (Side.ABOVE, "fixed", "sent", "520324", True),
        (Side.ABOVE, "fixed", "draft", "520324", False),
        (Side.OWN, "sent", "proposed", "520324", True),
        (Side.OWN, "draft", "proposed", "520324", False),
        (Side.OWN, "fixed", "proposed", "520324", False),
        (Side.OWN, "sent", "fixed", "520324", False),
        (Side.ABOVE, "sent", "proposed", "520324", False),
    ],
)
def test_which_word_may_follow_which(side: Side, before: str, after: str, code: str, may: bool) -> None:
    assert rules.may_say(side, before, after, code) is may


def test_who_stands_above_whom() -> None:
    assert rules.uppers("52") == ("52",)
    assert rules.uppers("5203") == ("52",)
    assert rules.uppers("520324") == ("5203", "52")
    assert rules.uppers("520324103") == ("520324",)
    assert rules.uppers("520324103200") == ("520324103",)
    assert rules.below("52") == (4, 6)
    assert rules.below("520324103200") == ()


@pytest.mark.usefixtures("small_county")
def test_a_target_is_sent_answered_and_fixed_and_every_word_stays() -> None:
    say(COUNTY, 12, "draft", QIAN)
    say(COUNTY, 12, "sent", QIAN)
    say(COUNTY, 9, "proposed", WANG, reason="两个村搬迁跨年")
    say(COUNTY, 10, "fixed", QIAN, reason="各让一步")

    words = promised.history(COUNTY, 2016, "people", drafts=True)
    assert [(one.value, one.state, one.by) for one in words] == [
        (10, "fixed", "qian"),
        (9, "proposed", "wang"),
        (12, "sent", "qian"),
        (12, "draft", "qian"),
    ]
    assert Entry.objects.filter(action="target.said", chain=COUNTY).count() == 4
    with pytest.raises(DatabaseError), transaction.atomic():
        Target.objects.filter(pk=words[0].pk).update(value=1)


@pytest.mark.usefixtures("small_county")
@pytest.mark.parametrize(
    ("by", "state", "reason", "why"),
    [
        (WANG, "sent", "x", refusals.NotYourPlace),  # nobody sends to himself
        (QIAN, "proposed", "x", refusals.NotYourPlace),  # nor proposes for the place below
        (ZHAO, "draft", "x", refusals.StateUnfit),
        (ZHAO, "fixed", "", refusals.ReasonNeeded),
        (SUN, "proposed", "x", NotAllowed),
        (given.HELPER, "proposed", "x", NotAllowed),
    ],
)
def test_a_word_out_of_turn_is_refused(by: Actor, state: str, reason: str, why: type[JiefaError]) -> None:
    given.target(2016, 10, state="sent")

    with pytest.raises(why):
        say(COUNTY, 8, state, by, reason=reason)

    assert Target.objects.count() == 1


@pytest.mark.usefixtures("small_county")
def test_a_document_and_a_known_metric_are_needed() -> None:
    with pytest.raises(refusals.DocumentMissing):
        say(COUNTY, 8, "sent", QIAN, document=" ")
    with pytest.raises(refusals.MetricUnknown):
        negotiating.say(
            area_code=COUNTY, year=2016, metric="x", value=1, state="sent", by=QIAN, pack=PACK, document="文"
        )


@pytest.mark.usefixtures("small_county")
def test_each_place_is_told_what_the_plan_gave_it_and_they_add_up() -> None:
    given.targets()
    given.made()

    made = negotiating.send_down(area_code=COUNTY, year=2016, metric="people", document="文", by=WANG, pack=PACK)
    again = negotiating.send_down(area_code=COUNTY, year=2016, metric="people", document="文", by=WANG, pack=PACK)

    assert sum(one.value for one in made) == given.TARGETS[2016]
    assert {one.state for one in made} == {"sent"}
    assert again == []
    line = promised.of_year(COUNTY, 2016, drafts=False)["people"]
    assert (line.difference, line.sum_below) == (0, given.TARGETS[2016])
    fixed = negotiating.fix_below(area_code=COUNTY, year=2016, metric="people", document="文", by=WANG, pack=PACK)
    assert {one.area_code: one.value for one in fixed} == {one.area_code: one.value for one in made}
    with pytest.raises(refusals.NothingToFix):
        negotiating.fix_below(area_code=COUNTY, year=2016, metric="people", document="文", by=WANG, pack=PACK)


@pytest.mark.usefixtures("small_county")
def test_nothing_is_sent_down_without_a_plan_or_by_another_place() -> None:
    for metric in ("people", "trained"):
        with pytest.raises(refusals.NoPlanBelow):
            negotiating.send_down(area_code=COUNTY, year=2016, metric=metric, document="文", by=WANG, pack=PACK)
    with pytest.raises(refusals.NotYourPlace):
        negotiating.send_down(area_code=COUNTY, year=2016, metric="people", document="文", by=ZHAO, pack=PACK)
    with pytest.raises(NotAllowed):
        negotiating.send_down(area_code="520326", year=2016, metric="people", document="文", by=WANG, pack=PACK)


@pytest.mark.usefixtures("small_county")
def test_a_difference_is_signed_for_until_a_number_changes() -> None:
    given.target(2016, 10)
    given.target(2016, 7, TOWNSHIP, state="sent")

    def keep(reason: str) -> None:
        negotiating.keep_difference(area_code=COUNTY, year=2016, metric="people", reason=reason, by=WANG, pack=PACK)

    with pytest.raises(refusals.ReasonNeeded):
        keep(" ")
    keep("县里统筹")

    line = promised.of_year(COUNTY, 2016, drafts=False)["people"]
    assert (line.difference, line.signed, line.kept and line.kept.by) == (3, True, "wang")
    say(TOWNSHIP, 8, "sent", WANG, reason="x")
    assert promised.of_year(COUNTY, 2016, drafts=False)["people"].signed is False
    say(TOWNSHIP, 10, "sent", WANG, reason="x")
    with pytest.raises(refusals.NoDifference):
        keep("x")


@pytest.mark.usefixtures("small_county")
def test_what_is_left_of_a_year_is_carried_over_once() -> None:
    given.target(2015, 10)
    given.target(2016, 5)
    given.left("A", dt.date(2015, 11, 20))  # 4 people

    def carry(reason: str = "两户年底未达标") -> Target:
        return negotiating.carry_over(
            area_code=COUNTY, year=2015, metric="people", document="文", reason=reason, by=QIAN, pack=PACK
        )

    with pytest.raises(refusals.ReasonNeeded):
        carry("")
    made = carry()

    assert (made.year, made.value, made.carried, made.state) == (2016, 11, 6, "fixed")
    with pytest.raises(refusals.NothingLeftOver):
        carry()
    given.left("B", dt.date(2015, 12, 20))  # 2 more: only 4 are left over now
    again = carry()
    assert (again.value, again.carried) == (9, 4)
    assert say(COUNTY, 12, "fixed", QIAN, reason="x").carried == 4


@pytest.mark.usefixtures("small_county")
def test_nothing_is_carried_over_where_nothing_is_left_or_counted(uncounted: str) -> None:
    given.target(2015, 1)
    given.target(2015, 9, metric=uncounted)
    given.left("A", dt.date(2015, 11, 20))

    for metric in ("people", uncounted, "trained"):
        with pytest.raises(refusals.NothingLeftOver):
            negotiating.carry_over(
                area_code=COUNTY, year=2015, metric=metric, document="文", reason="x", by=QIAN, pack=PACK
            )


@pytest.mark.usefixtures("small_county")
def test_a_place_never_reads_the_drafts_about_itself() -> None:
    say(TOWNSHIP, 8, "draft", WANG)

    assert promised.of_year(COUNTY, 2016, drafts=True)["people"].below[TOWNSHIP].value == 8
    assert promised.of_year(COUNTY, 2016, drafts=False) == {}
    assert promised.of_year(TOWNSHIP, 2016, drafts=True) == {}
    assert promised.history(TOWNSHIP, 2016, "people", drafts=False) == []

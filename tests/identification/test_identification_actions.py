"""Quotas split to the last person, households scored, look-back campaigns: who may, what is refused, what is kept."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role, Scope
from jiefa.areas import queries as areas
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.casework import queries as case_queries
from jiefa.identification import queries
from jiefa.identification.actions import lookback, quotas, scores
from jiefa.identification.actions.lookback import Visited
from jiefa.identification.models import Found, LookBack, LookBackHousehold, Quota, Score
from jiefa.identification.rules.quotas import Applicant, NotBelow, QuotaNegative, SumWrong, places, proposed
from jiefa.kernel.errors import NotAllowed
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household, HouseholdYear

PROVINCE = Scope(("52",))
ON = dt.date(2015, 9, 10)
Village = dict[str, Household]


class TestQuotas:
    def test_split_down_to_the_village(self, village: Village, people: People) -> None:
        prefecture = holder("qian", [(Role.PREFECTURE_OFFICER, COUNTY[:4])])
        quotas.set_total(code="52", year=2015, people=10, by=people.zhao)
        quotas.split(code="52", year=2015, parts={COUNTY[:4]: 10}, by=people.zhao)
        quotas.split(code=COUNTY[:4], year=2015, parts={COUNTY: 10}, by=prefecture)
        quotas.split(code=COUNTY, year=2015, parts={TOWNSHIP: 10}, by=people.wang)
        quotas.split(code=TOWNSHIP, year=2015, parts={VILLAGE: 10}, by=people.sun)

        (filling,) = queries.filling([VILLAGE], 2015, PROVINCE)
        assert (filling.quota, filling.registered, filling.applying, filling.left) == (10, 2, 4, 8)
        assert not audit.verify().faults

    def test_sum_must_be_the_quota(self, db: None, people: People) -> None:
        quotas.set_total(code="52", year=2015, people=10, by=people.zhao)
        with pytest.raises(SumWrong, match="相差 1 人"):
            quotas.split(code="52", year=2015, parts={"5203": 9}, by=people.zhao)
        with pytest.raises(NotBelow):
            quotas.split(code="52", year=2015, parts={"5203": 9, "520324": 1}, by=people.zhao)
        with pytest.raises(QuotaNegative):
            quotas.split(code="52", year=2015, parts={"5203": 11, "5201": -1}, by=people.zhao)
        assert queries.quotas(["5203"], 2015) == {}

    def test_difference_is_signed_with_a_reason(self, db: None, people: People) -> None:
        quotas.set_total(code="52", year=2015, people=10, by=people.zhao)

        quotas.split(code="52", year=2015, parts={"5203": 9}, by=people.zhao, reason="一人待核实")

        held = queries.standing("5203", 2015)
        assert held is not None
        assert (held.people, held.reason, held.by) == (9, "一人待核实", "zhao")
        (split,) = queries.splits("52", 2015)
        assert (split["people"], split["reason"]) == (9, "一人待核实")

    def test_reason_is_kept_only_for_a_difference(self, db: None, people: People) -> None:
        quotas.set_total(code="52", year=2015, people=10, by=people.zhao)
        quotas.split(code="52", year=2015, parts={"5203": 10}, by=people.zhao, reason="无")

        held = queries.standing("5203", 2015)
        assert held is not None
        assert held.reason == ""

    def test_several_splits_are_made_together_or_not_at_all(self, db: None, people: People) -> None:
        townships = [child.code for child in areas.children(COUNTY).order_by("code")[:2]]
        two = holder("both", [(Role.COUNTY_OFFICER, COUNTY), (Role.TOWNSHIP_OFFICER, townships[0])])
        Quota.objects.create(division_id=COUNTY, year=2015, people=3, by="x", at=timezone.now())
        Quota.objects.create(division_id=townships[0], year=2015, people=1, by="x", at=timezone.now())
        village = areas.children(townships[0]).order_by("code")[0].code
        splits = [
            quotas.Split(COUNTY, {townships[0]: 1, townships[1]: 2}),
            quotas.Split(townships[0], {village: 2}),
        ]
        with pytest.raises(SumWrong):
            quotas.split_many(splits=splits, year=2015, by=two)
        assert queries.quotas([townships[1], village], 2015) == {}

        quotas.split_many(splits=[splits[0], quotas.Split(townships[0], {village: 1})], year=2015, by=two)

        assert queries.quotas([townships[1], village], 2015) == {townships[1]: 2, village: 1}

    def test_only_the_officer_of_the_place_splits(self, db: None, people: People) -> None:
        for who in (people.wang, people.sun, people.li, people.auditor):
            with pytest.raises(NotAllowed):
                quotas.set_total(code="52", year=2015, people=10, by=who)

    def test_nothing_to_split_without_a_quota(self, db: None, people: People) -> None:
        with pytest.raises(quotas.NoQuota):
            quotas.split(code="52", year=2015, parts={"5203": 1}, by=people.zhao)

    def test_newest_split_holds(self, db: None, people: People) -> None:
        quotas.set_total(code="52", year=2015, people=10, by=people.zhao)
        quotas.split(code="52", year=2015, parts={"5203": 10}, by=people.zhao)
        quotas.split(code="52", year=2015, parts={"5203": 4, "5201": 6}, by=people.zhao)

        assert queries.quotas(["5203", "5201", "5202"], 2015) == {"5203": 4, "5201": 6}

    def test_places_are_taken_in_order_by_who_may_be_eligible(self) -> None:
        ranked = [
            Applicant(1, 3, True),
            Applicant(2, 4, False),
            Applicant(3, 2, None),
            Applicant(4, 4, True),
            Applicant(5, 1, True),
        ]

        assert places(6, ranked) == {1: "within", 3: "within", 4: "waiting", 5: "waiting"}
        assert places(None, ranked) == {}
        assert set(places(-1, ranked).values()) == {"waiting"}

    @given(
        st.integers(0, 10_000),
        st.dictionaries(st.text("0123456789", min_size=4, max_size=4), st.integers(1, 999), min_size=1),
    )
    def test_proposal_is_exact(self, quota: int, weights: dict[str, int]) -> None:
        assert sum(proposed(quota, weights).values()) == quota


class TestScores:
    def test_score_is_kept_with_what_the_card_gave(self, village: Village, people: People, pack: Pack) -> None:
        (made,) = scores.score(
            household_ids=[village["B"].pk],
            year=2015,
            asked={village["B"].pk: {"grain.crops": "cash"}},
            by=people.li,
            pack=pack,
        )

        assert made.answers["house.structure"] == "brick_conc"
        assert made.answers["grain.crops"] == "cash"
        assert made.lowest < made.highest
        assert HouseholdYear.objects.get(household=village["B"], year=2015).poverty_status == "poor"

    def test_what_was_asked_before_still_stands(self, village: Village, people: People, pack: Pack) -> None:
        key = village["B"].pk
        for asked in ({"grain.crops": "cash"}, {"pupils.debt": "none"}):
            scores.score(household_ids=[key], year=2015, asked={key: asked}, by=people.li, pack=pack)

        latest = queries.latest_scores([key], 2015)[key]
        assert latest.asked == {"grain.crops": "cash", "pupils.debt": "none"}
        assert Score.objects.count() == 2

    def test_stranger_scores_nobody(self, village: Village, people: People, pack: Pack) -> None:
        with pytest.raises(NotAllowed):
            scores.score(household_ids=[village["B"].pk], year=2015, asked={}, by=people.wu, pack=pack)

    def test_ranking_of_who_applies(self, village: Village, people: People, pack: Pack) -> None:
        assert [card.household.number for card, _ in queries.ranking(VILLAGE, 2015, PROVINCE)] == ["D", "A"]

        scores.score(household_ids=[village["A"].pk], year=2015, asked={}, by=people.li, pack=pack)

        assert [card.household.number for card, _ in queries.ranking(VILLAGE, 2015, PROVINCE)] == ["A", "D"]
        assert queries.ranking(VILLAGE, 2015, Scope(("520326",))) == []


class TestLookBack:
    def test_list_is_frozen(self, village: Village, people: People) -> None:
        campaign = lookback.begin(
            title="回头看", area=COUNTY, year=2015, begins=ON, ends=dt.date(2016, 6, 30), by=people.wang
        )
        HouseholdYear.objects.filter(household=village["A"]).update(poverty_status="poor")

        assert campaign.households == 1
        assert [row.household.number for row in campaign.list.all()] == ["B"]

    def test_findings_are_kept_and_change_nothing(self, village: Village, people: People) -> None:
        campaign = lookback.begin(
            title="回头看", area=COUNTY, year=2015, begins=ON, ends=dt.date(2016, 6, 30), by=people.wang
        )

        lookback.find(
            campaign=campaign, household_id=village["B"].pk, found=Found.WRONGLY_IN, on=ON, by=people.li, note="有车"
        )
        lookback.find(
            campaign=campaign, household_id=village["A"].pk, found=Found.MISSED, on=ON, by=people.li, note="住危房"
        )

        (row,) = queries.progress(campaign, 12, PROVINCE)
        assert (row["listed"], row["waiting"], row["wrongly_in"], row["missed"]) == (1, 0, 1, 1)
        assert HouseholdYear.objects.get(household=village["B"], year=2015).poverty_status == "poor"
        assert not audit.verify().faults

    def test_refusals(self, village: Village, people: People) -> None:
        ends = dt.date(2015, 12, 31)
        campaign = lookback.begin(title="回头看", area=COUNTY, year=2015, begins=ON, ends=ends, by=people.wang)
        poor, other = village["B"].pk, village["C"].pk
        with pytest.raises(lookback.NoteMissing):
            lookback.find(campaign=campaign, household_id=poor, found=Found.GONE, on=ON, by=people.li)
        with pytest.raises(lookback.MissedIsPoor):
            lookback.find(campaign=campaign, household_id=poor, found=Found.MISSED, on=ON, by=people.li, note="漏")
        with pytest.raises(lookback.OutsideCampaign):
            lookback.find(campaign=campaign, household_id=other, found=Found.CONFIRMED, on=ON, by=people.li)
        with pytest.raises(lookback.OutsideCampaign):
            lookback.find(
                campaign=campaign, household_id=poor, found=Found.CONFIRMED, on=dt.date(2016, 1, 1), by=people.li
            )
        with pytest.raises(NotAllowed):
            lookback.find(campaign=campaign, household_id=poor, found=Found.CONFIRMED, on=ON, by=people.wu)
        assert not LookBackHousehold.objects.exclude(found="").exists()

    def test_visits_of_a_day_come_in_together_or_not_at_all(self, village: Village, people: People) -> None:
        campaign = begin(people)
        poor, applicant = village["B"].pk, village["A"].pk
        both = [Visited(poor, Found.CHANGED, "住房有变化"), Visited(applicant, Found.MISSED, "符合条件")]

        with pytest.raises(lookback.NoteMissing):
            lookback.find_many(
                campaign=campaign, visited=[*both[:1], Visited(applicant, Found.MISSED)], on=ON, by=people.li
            )
        assert not campaign.list.exclude(found="").exists()
        with pytest.raises(NotAllowed):
            lookback.find_many(campaign=campaign, visited=both, on=ON, by=people.wu)

        assert lookback.find_many(campaign=campaign, visited=both, on=ON, by=people.li) == 2

        rows = campaign.list.exclude(found="").values_list("household_id", "found", "note", "on_list", "by", "found_on")
        assert set(rows) == {
            (poor, "changed", "住房有变化", True, people.li.name, ON),
            (applicant, "missed", "符合条件", False, people.li.name, ON),
        }
        (entry,) = Entry.objects.filter(action="lookback.found")
        assert json.loads(entry.diff)["households"] == [[poor, "", "changed", None], [applicant, "", "missed", None]]

    def test_area_without_poor_households_has_no_campaign(self, village: Village, people: People) -> None:
        assert areas.division("520326")
        with pytest.raises(lookback.NobodyToVisit):
            lookback.begin(title="回头看", area="520326", year=2015, begins=ON, ends=ON, by=people.wu)

    def test_campaign_is_seen_by_who_works_in_it(self, village: Village, people: People) -> None:
        campaign = lookback.begin(title="回头看", area=COUNTY, year=2015, begins=ON, ends=ON, by=people.wang)

        assert list(queries.campaigns(Scope((VILLAGE,)))) == [campaign]
        assert list(queries.campaigns(PROVINCE)) == [campaign]
        assert list(queries.campaigns(Scope(("520326",)))) == []

    def test_results_become_dossiers(self, village: Village, people: People, pack: Pack) -> None:
        campaign = begin(people)

        wrong = visit(campaign, village["B"], Found.WRONGLY_IN, people.li, pack)
        missed = visit(campaign, village["A"], Found.MISSED, people.li, pack)
        back = visit(campaign, village["C"], Found.MISSED, people.li, pack)
        again = visit(campaign, village["B"], Found.WRONGLY_IN, people.li, pack)

        followed = dict(Dossier.objects.values_list("pk", "procedure"))
        assert [followed[row.dossier or 0] for row in (wrong, missed, back)] == [
            "household_removal",
            "identification",
            "household_return",
        ]
        assert again.dossier == wrong.dossier
        assert queries.progress(campaign, 12, PROVINCE)[0]["missed"] == 2

    def test_post_that_begins_nothing_keeps_the_result_and_the_dossier_is_found_later(
        self, village: Village, people: People, pack: Pack
    ) -> None:
        campaign = begin(people)
        row = visit(campaign, village["B"], Found.WRONGLY_IN, people.wang, pack)
        assert row.dossier is None
        assert case_queries.followed([row], campaign.begins) == {}

        (dossier,) = casework.propose_households(
            procedure="household_removal",
            household_ids=[village["B"].pk],
            year=2015,
            by=people.li,
            on=timezone.localdate(),
            pack=pack,
        )

        assert case_queries.followed([row], campaign.begins) == {village["B"].pk: dossier}

    def test_refused_result_leaves_no_dossier(self, village: Village, people: People, pack: Pack) -> None:
        campaign = begin(people)
        with pytest.raises(lookback.NoteMissing):
            visit(campaign, village["B"], Found.WRONGLY_IN, people.li, pack, note="")
        with pytest.raises(NotAllowed):
            visit(campaign, village["B"], Found.WRONGLY_IN, people.wu, pack)
        assert not Dossier.objects.exists()


def begin(people: People) -> LookBack:
    return lookback.begin(title="回头看", area=COUNTY, year=2015, begins=ON, ends=dt.date(2016, 6, 30), by=people.wang)


def visit(
    campaign: LookBack, home: Household, found: Found, by: Actor, pack: Pack, note: str = "有车"
) -> LookBackHousehold:
    return casework.look_back(campaign=campaign, household_id=home.pk, found=found, on=ON, note=note, by=by, pack=pack)

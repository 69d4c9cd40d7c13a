"""What causes and kind suggest: dated data, each measure once, with why."""

from __future__ import annotations

import datetime as dt

from jiefa import policy
from jiefa.identification.rules.measures import Suggestion, suggested

PACK = policy.load()
YEAR = PACK.for_year(2015)


def test_household_that_is_ill_is_suggested_medical_aid_by_cause_and_kind_and_schooling_by_kind_alone() -> None:
    assert suggested("two_cause", ["illness"], YEAR) == (
        Suggestion("medical_aid", ("illness",), True),
        Suggestion("education_aid", (), True),
    )


def test_causes_come_in_their_order_and_a_measure_once_with_every_cause() -> None:
    found = suggested("two_lack", ["skill", "motivation"], YEAR)

    assert [one.measure for one in found] == ["training", "employment", "infrastructure", "credit", "relocation"]
    assert found[0] == Suggestion("training", ("skill", "motivation"), True)
    assert found[1] == Suggestion("employment", ("motivation",), False)


def test_who_can_do_nothing_more_is_suggested_the_social_floor_as_the_article_says() -> None:
    assert suggested("two_none", [], YEAR) == (Suggestion("safety_net", (), True),)
    assert YEAR.value("measures.of_kind_two_none").assumption is False


def test_cause_of_which_nothing_is_known_suggests_nothing() -> None:
    assert suggested(None, ["other", "marriage"], YEAR) == ()


def test_every_suggestion_is_a_measure_of_the_list_and_holds_from_the_first_cards_on() -> None:
    names = [name for name in PACK.parameters if name.startswith("measures.of_")]

    assert len(names) == 15
    for name in names:
        assert PACK.at(dt.date(2013, 12, 31)).texts(name), name
    kinds = {name.removeprefix("measures.of_kind_") for name in names if "_kind_" in name}
    causes = {name.removeprefix("measures.of_cause_") for name in names if "_cause_" in name}
    assert kinds == set(PACK.codes("kind").by_id)
    assert causes < set(PACK.codes("cause").by_id)

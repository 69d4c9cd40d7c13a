"""The pack of Guizhou: it loads, it is complete in both languages, and it says what the sources say."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from jiefa import policy
from jiefa.policy.pack import DEFAULT_FOLDER
from jiefa.registry import cards

PACK = policy.load()

NATIONAL = {
    2010: 2300,
    2011: 2536,
    2012: 2625,
    2013: 2736,
    2014: 2800,
    2015: 2855,
    2016: 2952,
    2017: 2952,
    2018: 2995,
    2019: 3218,
    2020: 4000,
}
PROVINCE = {
    2011: 2536,
    2012: 2625,
    2013: 2736,
    2014: 2800,
    2015: 2968,
    2016: 3146,
    2017: 3335,
    2018: 3535,
    2019: 3747,
    2020: 4000,
}
ASSUMED_PROVINCE = {2014, 2015, 2016}

CODE_LISTS = (
    "evaluation_lacking evaluation_measure evaluation_suspected evaluation_verdict "
    "watched_group watch_trigger lead_source warning_department watch_end watch_flag kept_sort "
    "project_kind tender_method claim_kind "
    "sex standard poverty_status household_class cause kind relation education school_stage dropout_reason health "
    "labour work_place house_structure house_danger resettlement water_source fuel road_type industry_organisation "
    "ethnic_group join_reason leave_reason member_change household_change movement disability_kind unit "
    "role part decision outcome evidence notice notice_row lead_kind suggested_measure "
    "organisation_kind cadre_rank team_role leave_kind visit_purpose pairing_kind pairing_duty aid_form aid_source "
    "credit_platform credit_role loan_use loan_stage "
    "fund_source fund_type fund_purpose fund_account fund_factor payment_result "
    "repair_way welfare_post training_trade work_after school_term guarantee_kind relocation_reason settled_in "
    "industry industry_body leading_level benefit_way village_work plan_line "
    "village_card_part village_plan_state natural_disaster "
    "violation_type inspection_check inspection_answer case_source case_subject case_note handed_to "
    "pathway planning_resource planning_metric target_state "
    "assessment_figure interview_reason spot_item spot_recheck spot_result truth_check "
    "hotline_callback hotline_category hotline_look hotline_refusal hotline_unit hotline_verdict"
)


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def test_load_twice_gives_the_same_frozen_pack() -> None:
    assert policy.load() is PACK
    assert len(PACK.version) == 12
    with pytest.raises(AttributeError):
        PACK.version = "other"
    with pytest.raises(TypeError):
        PACK.parameters["new"] = PACK.parameters["poverty_line.national"]


def test_code_lists_are_those_of_cards_and_procedures() -> None:
    assert set(PACK.code_lists) == set(CODE_LISTS.split())


def test_every_label_is_there_in_both_languages() -> None:
    for parameter in PACK.parameters.values():
        assert has_chinese(parameter.label_zh), parameter.id
        assert parameter.label_en.isprintable(), parameter.id
        assert not has_chinese(parameter.label_en), parameter.id
        assert all(value.reference for value in parameter.values)
    for code_list in PACK.code_lists.values():
        assert has_chinese(code_list.zh), code_list.id
        assert not has_chinese(code_list.en), code_list.id
        for code in code_list.values:
            assert code.zh, (code_list.id, code.id)
            assert not has_chinese(code.en), (code_list.id, code.id)
    for sheet in PACK.form("roster").sheets:
        for field in sheet.fields:
            assert has_chinese(field.zh), field.id
            assert has_chinese(field.note_zh), field.id
            assert not has_chinese(field.en), field.id


def test_quality_rules_are_complete_and_speak_of_known_columns() -> None:
    every = PACK.quality_rules()
    # Rules of money are asked of the books: tests/funds/test_funds_findings.py.
    rules = tuple(rule for rule in every if rule.scope != "money")
    families = {
        "ID": 8,
        "HH": 12,
        "NU": 9,
        "CA": 6,
        "DB": 6,
        "LA": 5,
        "WK": 8,
        "IN": 8,
        "ED": 6,
        "ME": 3,
        "HO": 4,
        "LD": 2,
    }
    wanted = {f"{family}{number:02}" for family, most in families.items() for number in range(1, most + 1)}
    columns = {
        name for schema in (cards.HOUSEHOLD_CARD, cards.PERSON_CARD, cards.VILLAGE_FACTS) for name in schema.names
    }
    columns |= {field.id for sheet in PACK.form("roster").sheets for field in sheet.fields}

    assert {rule.id for rule in rules} == wanted | {"VI03", "VI04"}
    for rule in rules:
        assert set(rule.fields) <= columns, rule.id
        assert has_chinese(rule.zh), rule.id
        assert has_chinese(rule.remedy_zh), rule.id
        assert not has_chinese(rule.en), rule.id
        assert not has_chinese(rule.remedy_en), rule.id
        assert rule.level_assumption
    assert PACK.for_year(2013).quality_rules() == tuple(
        rule for rule in every if rule.from_date <= dt.date(2013, 12, 31)
    )


def test_poverty_lines_equal_the_published_table() -> None:
    for year, yuan in NATIONAL.items():
        assert PACK.for_year(year).number("poverty_line.national") == yuan
        assert PACK.at(dt.date(year, 1, 1)).fen("poverty_line.national") == yuan * 100
    for year, yuan in PROVINCE.items():
        value = PACK.for_year(year).value("poverty_line.province")
        assert (value.amount, value.assumption) == (yuan, year in ASSUMED_PROVINCE)


def test_province_has_no_line_before_2011() -> None:
    with pytest.raises(policy.NotInForce, match="2011-01-01"):
        PACK.for_year(2010).value("poverty_line.province")


def test_published_poor_people_are_year_end_stocks() -> None:
    assert PACK.for_year(2014).number("published.poor_people_wan") == 623
    assert PACK.at(dt.date(2015, 12, 30)).number("published.poor_people_wan") == 623
    assert PACK.for_year(2015).number("published.poor_people_wan") == 493


def test_value_that_ended_is_not_in_force() -> None:
    assert PACK.for_year(2021).fen("monitoring.line") == 600_000
    with pytest.raises(policy.NotInForce, match="2021-12-31"):
        PACK.for_year(2022).value("monitoring.line")


def test_wrong_kind_of_question_is_refused() -> None:
    day = PACK.for_year(2015)

    assert day.texts("four_kinds.order")[0] == "two_none"
    assert day.flag("income.medical_reimbursement_counts") is False
    assert day.number("quality.in06.band_share") == Decimal("0.02")
    for ask in (day.number, day.fen, day.text, day.flag):
        with pytest.raises(policy.WrongKind, match=r"four_kinds\.order"):
            ask("four_kinds.order")
    with pytest.raises(policy.WrongKind):
        day.fen("quality.la05.age_from")
    with pytest.raises(policy.WrongKind):
        day.texts("quality.la05.age_from")


def test_unknown_name_is_refused_with_near_ones() -> None:
    with pytest.raises(policy.UnknownPolicy, match=r"poverty_line\.province"):
        PACK.for_year(2015).value("poverty_line.provinse")
    for ask in (PACK.codes, PACK.form, PACK.for_year(2015).scorecard):
        with pytest.raises(policy.UnknownPolicy, match="nothing_such"):
            ask("nothing_such")


def test_weak_labour_is_able_from_2018() -> None:
    assert "weak" not in PACK.for_year(2017).texts("four_kinds.able_labour")
    assert "weak" in PACK.for_year(2018).texts("four_kinds.able_labour")


def test_four_looks_add_up() -> None:
    card = PACK.for_year(2015).scorecard("four_looks")

    assert [(look.id, int(look.points)) for look in card.looks] == [
        ("house", 20),
        ("grain", 30),
        ("labour", 30),
        ("pupils", 20),
    ]
    assert (int(card.poor_below), int(card.out_from), card.assumption) == (60, 80, True)
    with pytest.raises(policy.NotInForce):
        PACK.for_year(2013).scorecard("four_looks")


def test_environment_names_another_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(DEFAULT_FOLDER, tmp_path / "other")
    lines = tmp_path / "other" / "parameters" / "poverty_lines.yaml"
    lines.write_text(lines.read_text(encoding="utf-8").replace("value: 2855", "value: 2856"), encoding="utf-8")
    monkeypatch.setenv("JIEFA_POLICY", str(tmp_path / "other"))

    other = policy.load()

    assert other.for_year(2015).number("poverty_line.national") == 2856
    assert other.version != PACK.version


def test_missing_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEFA_POLICY", str(tmp_path / "nowhere"))
    with pytest.raises(policy.PolicyMissing, match="nowhere"):
        policy.load()

"""Code lists and forms: untidy words find their code, and a list is that of its day."""

from __future__ import annotations

import datetime as dt

import pytest

from jiefa import policy

PACK = policy.load()


@pytest.mark.parametrize(
    ("code_list", "text", "wanted"),
    [
        ("health", "患有长期慢性病", "chronic"),
        ("health", " 健康　", "healthy"),
        ("education", "初中文化", "junior"),
        ("education", "文盲/半文盲", "illiterate"),
        ("relation", "户主本人", "head"),
        ("relation", "本人", "head"),
        ("relation", "长子", "son"),
        ("relation", "长女", "daughter"),
        ("relation", "22", "son"),
        ("relation", "妻", "spouse"),
        ("ethnic_group", "苗", "06"),
        ("ethnic_group", "06", "06"),
        ("ethnic_group", "6", "06"),
        ("ethnic_group", "穿青人", "97"),
        ("sex", "1", "male"),
        ("sex", "Female", "female"),
        ("sex", "FEMALE", "female"),
        ("work_place", "乡（镇）外县内", "county"),
        ("work_place", "乡(镇) 外县内", "county"),
        ("house_danger", "c级", "C"),
        ("house_danger", "Ｄ级", "D"),
        ("cause", "交通条件落后", "transport"),
        ("school_stage", "八年级", "junior"),
        ("member_change", "嫁入", "marriage_in"),
        ("sex", "不详", None),
        ("sex", "", None),
        ("sex", None, None),
    ],
)
def test_parse_untidy_text(code_list: str, text: str | None, wanted: str | None) -> None:
    assert PACK.codes(code_list).parse(text) == wanted


def test_lookup_agrees_with_parse_for_every_accepted_text() -> None:
    for code_list in PACK.code_lists.values():
        for text, code in code_list.lookup.items():
            assert code_list.parse(text) == code
        for code in code_list.ids:
            assert code_list.parse(code_list.label(code, "zh")) == code
            assert code_list.parse(code_list.label(code, "en")) == code


def test_health_at_the_border_of_2017() -> None:
    before, after = (PACK.at(day).codes("health") for day in (dt.date(2016, 12, 31), dt.date(2017, 1, 1)))

    assert before.get("chronic_dis") is None
    assert after.get("chronic_dis") is not None
    assert before.ids == after.ids[:4]


def test_household_class_at_the_border_of_2017() -> None:
    before, after = (PACK.for_year(year).codes("household_class").ids for year in (2016, 2017))

    assert before == ("general", "dibao", "dibao_poor", "wubao", "wubao_poor", "ordinary")
    assert after == ("general", "dibao_poor", "tekun_poor")


def test_earlier_label_and_its_words_hold_until_its_last_day() -> None:
    before, after = (PACK.at(day).codes("education") for day in (dt.date(2016, 12, 31), dt.date(2017, 1, 1)))

    assert before.label("college", "zh") == "大专及以上"
    assert before.parse("本科") == "college"
    assert before.parse("大专") == "college"
    assert after.label("college", "zh") == "大专"
    assert after.parse("本科") == "bachelor"
    assert PACK.codes("education").parse("大专及以上") == "college"


def test_all_56_ethnic_groups_and_others() -> None:
    assert PACK.codes("ethnic_group").ids == (*(f"{number:02}" for number in range(1, 57)), "97")


def test_every_change_of_member_is_a_reason_to_join_or_to_leave() -> None:
    targets = {"join_reason": set[str](), "leave_reason": set[str]()}
    for code in PACK.codes("member_change").values:
        ((code_list, reason),) = code.maps_to.items()
        targets[code_list].add(reason)
    for code in PACK.codes("household_change").values:  # a split and a merger are no change of one member
        for code_list, reason in code.maps_to.items():
            targets[code_list].add(reason)

    assert targets == {name: set(PACK.codes(name).ids) for name in targets}


def test_label_of_unknown_code_is_the_code() -> None:
    assert PACK.codes("sex").label("neither", "zh") == "neither"


@pytest.mark.parametrize(
    ("sheet", "header", "wanted"),
    [
        ("members", "身份证号码", "id_number"),
        ("members", " 与户主 关系", "relation"),
        ("members", "务工时间(月)", "work_months"),
        ("members", "是否参加新农合", "resident_medical"),
        ("households", "致贫原因", "main_cause"),
        ("households", "县(市、区)", "county_name"),
        ("households", "household_number", "household_number"),
    ],
)
def test_header_of_roster_is_known_in_its_variants(sheet: str, header: str, wanted: str) -> None:
    assert PACK.form("roster").sheet(sheet).headers[policy.tidy(header)] == wanted


def test_roster_has_every_required_column() -> None:
    required = {sheet.id: {f.id for f in sheet.fields if f.required} for sheet in PACK.form("roster").sheets}

    assert required["households"] == {"household_number", "year", "poverty_status", "household_class", "main_cause"}
    assert required["members"] == {"household_number", "year", "name", "relation"}
    with pytest.raises(policy.UnknownPolicy):
        PACK.form("roster").sheet("third")

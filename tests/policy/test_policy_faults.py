"""A fault in a pack is refused, and the refusal names file and line in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiefa import policy

CODES = """\
code_lists:
  - id: unit
    zh: 单位
    en: Unit
    reference: 约定
    values:
      - {id: yuan, zh: 元, en: yuan}
      - {id: list, zh: 列表, en: list}
      - {id: flag, zh: 是否, en: flag}
      - {id: month_day, zh: 月日, en: day}
  - id: sex
    zh: 性别
    en: Sex
    reference: GB
    values:
      - {id: male, zh: 男, en: Male, synonyms: [男性], gb: ["1"]}
      - {id: female, zh: 女, en: Female}
"""
PARAMETERS = """\
parameters:
  - id: line.national
    label_zh: 标准
    label_en: Line
    unit: yuan
    values:
      - {from: 2014-01-01, value: 2800, reference: 年鉴}
      - {from: 2015-01-01, to: 2016-12-31, value: 2855.50, reference: 年鉴, assumption: true, note: 约数}
  - id: kinds.causes
    label_zh: 性别组
    label_en: Sexes
    unit: list
    code_list: sex
    values:
      - {from: 2014-01-01, value: [male, female], reference: 约定}
"""
FORMS = """\
forms:
  - id: roster
    zh: 花名册
    en: Roster
    reference: 约定
    notes_zh: 说明
    notes_en: Notes
    sheets:
      - id: members
        zh: 成员
        en: Members
        fields:
          - {id: sex, zh: 性别, en: Sex, type: code, code_list: sex, note_zh: 选, note_en: Choose}
          - {id: wage, zh: 工资, en: Wage, type: money, unit: yuan, minimum: 0, maximum: 9, note_zh: 填, note_en: Fill}
"""
SCORECARDS = """\
scorecards:
  - id: looks
    zh: 看法
    en: Looks
    from: 2014-01-01
    reference: 报道
    poor_below: 60
    out_from: 80
    looks:
      - id: house
        zh: 房
        en: House
        points: 100
        items:
          - id: area
            zh: 面积
            en: Area
            points: 100
            options:
              - {id: none, zh: 无, en: None, points: 0}
              - {id: good, zh: 好, en: Good, points: 100}
"""
RULES = """\
rules:
  - id: ID01
    level: error
    scope: person
    zh: 位数不对
    en: Wrong length
    remedy_zh: 重填
    remedy_en: Fill in again
    fields: [id_number]
    source: 清单
    from: 2014-01-01
"""
GOOD = {
    "codes/codes.yaml": CODES,
    "parameters/lines.yaml": PARAMETERS,
    "forms/roster.yaml": FORMS,
    "scorecards/looks.yaml": SCORECARDS,
    "quality/rules.yaml": RULES,
}

FAULTS = [
    # what is wrong, file, text there, replacement, line, part of the English message
    ("broken YAML", "parameters/lines.yaml", "unit: yuan\n", "unit: [yuan\n", 6, "No valid YAML"),
    ("empty file", "quality/rules.yaml", RULES, "", 1, "empty"),
    ("unknown key", "parameters/lines.yaml", "    unit: yuan", "    unti: yuan", 5, "Unknown key 'unti'"),
    ("key twice", "parameters/lines.yaml", "    unit: yuan", "    label_en: Line\n    unit: yuan", 5, "twice"),
    ("no unit", "parameters/lines.yaml", "    unit: yuan\n", "", 2, "'unit' is missing"),
    ("unknown unit", "parameters/lines.yaml", "unit: yuan", "unit: dollar", 5, "'dollar' is not known"),
    ("no Chinese label", "parameters/lines.yaml", "    label_zh: 标准\n", "", 2, "'label_zh' is missing"),
    ("empty label", "parameters/lines.yaml", "label_en: Line", "label_en: ''", 4, "Text is needed"),
    ("no source", "parameters/lines.yaml", "2800, reference: 年鉴", "2800", 7, "'reference' is missing"),
    ("parameter twice", "parameters/lines.yaml", "id: kinds.causes", "id: line.national", 9, "already stands"),
    ("bad name", "parameters/lines.yaml", "id: kinds.causes", "id: Kinds", 9, "group.name"),
    ("equal dates", "parameters/lines.yaml", "2015-01-01", "2014-01-01", 8, "two values"),
    (
        "overlap",
        "parameters/lines.yaml",
        "from: 2014-01-01, value: 2800",
        "from: 2016-12-31, value: 2800",
        7,
        "two values",
    ),
    ("ends first", "parameters/lines.yaml", "to: 2016-12-31", "to: 2014-12-31", 8, "ends before it begins"),
    (
        "no date",
        "parameters/lines.yaml",
        "from: 2014-01-01, value: 2800",
        "from: 2014, value: 2800",
        7,
        "date is needed",
    ),
    ("no such date", "parameters/lines.yaml", "from: 2015-01-01", "from: 2015-02-30", 8, "date is needed"),
    ("text for number", "parameters/lines.yaml", "value: 2800", "value: '2,800'", 7, "number is needed"),
    ("infinite", "parameters/lines.yaml", "value: 2800", "value: .inf", 7, "number is needed"),
    ("number for list", "parameters/lines.yaml", "[male, female]", "1", 15, "list"),
    ("flag as text", "parameters/lines.yaml", "assumption: true", "assumption: 'yes'", 8, "true or false"),
    ("unknown code", "parameters/lines.yaml", "[male, female]", "[male, child]", 15, "'child' is not known"),
    ("unknown code list", "parameters/lines.yaml", "code_list: sex", "code_list: gender", 13, "'gender' is not known"),
    ("entry twice", "parameters/lines.yaml", "[male, female]", "[male, male]", 15, "twice"),
    (
        "no mapping",
        "parameters/lines.yaml",
        "{from: 2014-01-01, value: 2800, reference: 年鉴}",
        "2800",
        7,
        "Keys with values",
    ),
    ("list twice", "codes/codes.yaml", "id: sex", "id: unit", 11, "already stands"),
    ("code twice", "codes/codes.yaml", "{id: female", "{id: male", 17, "already stands"),
    ("code without English", "codes/codes.yaml", "zh: 女, en: Female", "zh: 女", 17, "'en' is missing"),
    ("number as code", "codes/codes.yaml", '["1"]', "[1]", 16, "quotes"),
    ("one word, two codes", "codes/codes.yaml", "synonyms: [男性]", "synonyms: [女]", 17, "means both"),
    ("maps nowhere", "codes/codes.yaml", "en: Female", "en: Female, maps_to: [sex.child]", 17, "no code 'sex.child'"),
    ("unknown type", "forms/roster.yaml", "type: money", "type: float", 14, "'float' is not known"),
    ("list missing in form", "forms/roster.yaml", "code_list: sex", "code_list: gender", 13, "'gender' is not known"),
    ("code without list", "forms/roster.yaml", "code_list: sex, ", "", 13, "needs a code_list"),
    ("no note", "forms/roster.yaml", ", note_en: Choose", "", 13, "'note_en' is missing"),
    ("header twice", "forms/roster.yaml", "zh: 工资", "zh: 性别", 14, "already stands"),
    ("maximum too small", "forms/roster.yaml", "maximum: 9", "maximum: -1", 14, "below the minimum"),
    ("total not 100", "scorecards/looks.yaml", "points: 100", "points: 90", 10, "come to 100, not 90"),
    (
        "items not the look's",
        "scorecards/looks.yaml",
        "        points: 100\n        items",
        "        points: 90\n        items",
        13,
        "90",
    ),
    ("options not the item's", "scorecards/looks.yaml", "en: Good, points: 100", "en: Good, points: 9", 18, "not 9"),
    ("negative points", "scorecards/looks.yaml", "points: 0}", "points: -1}", 20, "negative"),
    ("thresholds", "scorecards/looks.yaml", "out_from: 80", "out_from: 50", 8, "Thresholds"),
    ("rule twice", "quality/rules.yaml", RULES, RULES + RULES.removeprefix("rules:\n"), 12, "already stands"),
    ("unknown level", "quality/rules.yaml", "level: error", "level: fatal", 3, "'fatal' is not known"),
    ("unknown scope", "quality/rules.yaml", "scope: person", "scope: town", 4, "'town' is not known"),
    ("no remedy", "quality/rules.yaml", "    remedy_zh: 重填\n", "", 2, "'remedy_zh' is missing"),
    ("bad rule name", "quality/rules.yaml", "id: ID01", "id: first", 2, "named like ID01"),
]


def write_pack(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_good_pack_loads(tmp_path: Path) -> None:
    pack = policy.load(write_pack(tmp_path, GOOD))

    assert pack.for_year(2015).fen("line.national") == 285_550
    assert pack.for_year(2014).texts("kinds.causes") == ("male", "female")


@pytest.mark.parametrize(("file", "old", "new", "line", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_fault_names_file_and_line(tmp_path: Path, file: str, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD[file]
    # the total of a scorecard: all three levels shrink together
    text = GOOD[file].replace(old, new) if old == "points: 100" else GOOD[file].replace(old, new, 1)
    write_pack(tmp_path, GOOD | {file: text})

    with pytest.raises(policy.PolicyError) as caught:
        policy.load(tmp_path)

    assert f"{file}, line {line}: " in caught.value.message("en")
    assert message in caught.value.message("en")
    assert f"{file} 第 {line} 行：" in caught.value.message("zh")


def test_two_versions_of_a_scorecard_may_not_overlap(tmp_path: Path) -> None:
    write_pack(tmp_path, GOOD | {"scorecards/looks_2.yaml": SCORECARDS})

    with pytest.raises(policy.PolicyError, match=r"looks_2\.yaml 第 2 行"):
        policy.load(tmp_path)


def test_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    write_pack(tmp_path, GOOD)
    (tmp_path / "codes" / "codes.yaml").write_bytes(CODES.encode("gbk"))

    with pytest.raises(policy.PolicyError, match=r"codes\.yaml 第 1 行.*UTF-8"):
        policy.load(tmp_path)


def test_file_ending_in_yml_is_refused(tmp_path: Path) -> None:
    write_pack(tmp_path, GOOD | {"quality/more.yml": RULES})

    with pytest.raises(policy.PolicyError, match=r"more\.yml"):
        policy.load(tmp_path)

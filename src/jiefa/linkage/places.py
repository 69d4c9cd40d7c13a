"""Places as addresses name them: county, township and village out of 贵州省遵义市正安县安场镇光明村团结组12号, whatever is left out.

Provinces and prefectures are dropped: a list names them or does not, and tells nothing by it. What is left of a unit is its name
without 县, 镇, 村 and without the peoples of an autonomous one, as it sounds: 道真仡佬族苗族自治县 is 道真, 安厂镇 sounds like 安场镇.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc
from pypinyin import lazy_pinyin

COUNTY, TOWN, VILLAGE = "_county", "_town", "_village"
"""What is added to the name of a column for the units of its addresses."""
CITY = "市"
"""Kept at the end of a county that is called so: where nothing else is named, it may be the prefecture."""
SOME = 0.01
"""Share of the values of a column that name a unit, from which it holds addresses. Chosen, not measured."""
MOST = 0.5
"""Share that are digits, from which it holds codes. Chosen, not measured."""
LOOKED_AT = 10_000
"""Different values of a column that are taken apart to see what it holds. Chosen, not measured."""
DIGITS = "^[0-9]+$"
PLAIN = "北京|天津|上海|重庆"
PROVINCES = "河北|山西|辽宁|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆"
SURE = "吉林省|海南省"
"""Provinces that share their name with a prefecture, which go only by their whole name."""
PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉"
    "|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
COMMUNITY, ZONE = "\ue000", "\ue001"
"""Stand for 社区, and for 区 inside a township (开发区, 小区), while an address is taken apart; no address holds them."""
TIDIED = (
    (r"[\p{P}\p{Z}\p{S}]", ""),
    (rf"^(?:(?:{PROVINCES})(?:[\p{{Han}}]{{0,3}}自治区|省)?|{SURE}|(?:{PLAIN})市)", ""),
    (rf"(?:(?:{PEOPLES})族)+(?:自治|民族)?([县州旗乡])", r"\1"),
    (r"(?:自治|民族)([县州旗乡])", r"\1"),
    (r"(?:行政村|村)?(?:村民委员会|村委会|村委)|行政村", "村"),
    (r"(?:社区)?(?:居民委员会|居委会|居委)|社区", COMMUNITY),
    (r"街道(?:办事处|办)|办事处", "街道"),
    (r"(开发|小|工业|产业|高新|示范|集中|安置)区", rf"\1{ZONE}"),
)
"""Patterns and what takes their place, one after the other."""
_UNITS = rf"省市县区旗镇乡村{COMMUNITY}{ZONE}"
_NAME = f".[^{_UNITS}]{{0,9}}?"
"""The shortest name: its first letter may be anything (镇宁县, 市中区, 乡宁县), the others are no units."""
PARTS = (
    # 州 alone is a prefecture where two letters stand before it (黔南州); with one it is part of a name (杭州市, 播州区).
    rf"^(?:.[^{_UNITS}州]{{1,9}}?州|{_NAME}市|{_NAME}地区|{_NAME}盟)?"
    rf"(?:(?P<county>{_NAME}[县区旗市]))?"
    rf"(?:.[^{_UNITS}]{{0,9}}?{ZONE})*"
    rf"(?:(?P<town>{_NAME})(?:镇|乡|街道|苏木))?"
    rf"(?:.[^{_UNITS}]{{0,9}}?{ZONE})*"
    rf"(?:(?P<village>{_NAME})[村{COMMUNITY}])?"
)
LONE_CITY = rf"^(?P<city>{_NAME}市)(?:.[^县区旗市]*)?$"
COUNTY_ENDS = "[县区旗]$"
BEFORE_HOUSES = "^(?P<before>.*[市县区旗镇乡村道木会委处])"
"""All up to the last letter that ends a unit, or what is called a committee or an office of it."""


class Form(StrEnum):
    """What a column of places holds, and with it how its values are compared."""

    CODE = "code"
    UNITS = "units"
    TEXT = "text"


def form(values: pa.Array) -> Form | None:
    """What the different values of a column are; None where there are none. Of many some tell."""
    values = values.drop_null()
    if not len(values):
        return None
    digits = _count(pc.match_substring_regex(values, DIGITS))
    if digits == len(values):
        return Form.CODE
    some = values.take(pa.array(range(0, len(values), max(1, len(values) // LOOKED_AT))))
    county, town, village = (pc.is_valid(one) for one in _parts(some))
    if _count(pc.or_(pc.or_(county, town), village)) >= SOME * len(some):
        return Form.UNITS
    return Form.CODE if digits >= MOST * len(values) else Form.TEXT


def of_all(forms: Iterable[Form | None]) -> Form:
    """The form in which columns of several sides are compared."""
    there = {one for one in forms if one is not None}
    if Form.UNITS in there:
        return Form.UNITS
    return Form.CODE if there <= {Form.CODE} else Form.TEXT


def units(values: pa.Array) -> dict[str, pa.Array]:
    """By ``COUNTY``, ``TOWN``, ``VILLAGE`` how it sounds in each value, null where it is not named; of a code its beginnings."""
    # Houses make every address another; what is before them is few different values, and taking those apart is what costs: 30
    # microseconds each, the rest is 2 (2026-11).
    before = pc.struct_field(pc.extract_regex(values, BEFORE_HOUSES), "before").dictionary_encode()
    county, town, village = (_heard(part).take(before.indices) for part in _parts(before.dictionary))
    digits = pc.fill_null(pc.match_substring_regex(values, DIGITS), False)
    lengths = pc.utf8_length(values)

    def or_code(part: pa.Array, length: int) -> pa.Array:
        there = pc.and_(digits, pc.greater_equal(lengths, length))
        return pc.if_else(there, pc.utf8_slice_codeunits(values, 0, length), part)

    return {COUNTY: or_code(county, 6), TOWN: or_code(town, 9), VILLAGE: or_code(village, 12)}


def _count(these: pa.Array) -> int:
    return int(pc.sum(these).as_py() or 0)


def _parts(values: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """County, township and village; a city with nothing between it and the township is in the place of the county."""
    for pattern, instead in TIDIED:
        values = pc.replace_substring_regex(values, pattern, instead)
    found = pc.extract_regex(values, PARTS)
    county, town, village = (_filled(pc.struct_field(found, name)) for name in ("county", "town", "village"))
    city = _filled(pc.struct_field(pc.extract_regex(values, LONE_CITY), "city"))
    return pc.coalesce(pc.replace_substring_regex(county, COUNTY_ENDS, ""), city), town, village


def _filled(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)


def _heard(names: pa.Array) -> pa.Array:
    coded = names.dictionary_encode()
    return pa.array([_sound(one) for one in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _sound(name: str) -> str:
    bare = name.removesuffix(CITY)
    return "".join(lazy_pinyin(bare)) + name[len(bare) :]

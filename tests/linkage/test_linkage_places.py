"""Addresses taken apart, and lists in which only the address tells people apart."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from tests.linkage import lists

from jiefa.linkage import places, prepare
from jiefa.linkage.matching import Matched, matched
from jiefa.linkage.places import COUNTY, TOWN, VILLAGE, Form
from jiefa.linkage.spec import Column, Kind, Spec


@pytest.mark.parametrize(
    ("said", "county", "town", "village"),
    [
        ("贵州省遵义市正安县安场镇光明村团结组12号", "zhengan", "anchang", "guangming"),
        ("正安县安场镇光明村", "zhengan", "anchang", "guangming"),
        ("贵州正安县安厂镇光明村民委员会", "zhengan", "anchang", "guangming"),  # 安厂: as it sounds
        ("遵义市-正安县-安场镇-光明村村委会", "zhengan", "anchang", "guangming"),
        ("正安县经济开发区安场街道办事处光明社区居民委员会", "zhengan", "anchang", "guangming"),
        ("安场镇光明村", None, "anchang", "guangming"),
        ("光明村", None, None, "guangming"),
        ("正安安场镇光明村", None, "zhengananchang", "guangming"),
        ("贵州省遵义市", "zunyi市", None, None),
        ("贵州省仁怀市茅台镇", "renhuai市", "maotai", None),
        ("遵义市仁怀市茅台镇", "renhuai市", "maotai", None),
        ("遵义市道真仡佬族苗族自治县玉溪镇", "daozhen", "yuxi", None),
        ("道真县玉溪镇", "daozhen", "yuxi", None),
        ("黔东南苗族侗族自治州凯里市三棵树镇", "kaili市", "sankeshu", None),
        ("黔东南州凯里市三棵树镇", "kaili市", "sankeshu", None),
        ("安顺市镇宁布依族苗族自治县江龙镇", "zhenning", "jianglong", None),
        ("镇远县舞阳镇", "zhenyuan", "wuyang", None),
        ("遵义市播州区石板镇池坪村", "bozhou", "shiban", "chiping"),
        ("浙江省杭州市西湖区西溪街道", "xihu", "xixi", None),
        ("正安县市坪苗族仡佬族乡龙坪村", "zhengan", "shiping", "longping"),
        ("广西壮族自治区河池市凤山县乔音乡", "fengshan", "qiaoyin", None),
        ("吉林市昌邑区", "changyi", None, None),
        ("520324103200", "520324", "520324103", "520324103200"),
        ("520324", "520324", None, None),
        ("不详", None, None, None),
        ("wagga wagga", None, None, None),
    ],
)
def test_units(said: str, county: str | None, town: str | None, village: str | None) -> None:
    found = {unit: values.to_pylist() for unit, values in places.units(pa.array([said])).items()}
    assert found == {COUNTY: [county], TOWN: [town], VILLAGE: [village]}


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([], None),
        ([None], None),
        (["520324103200", "520324"], Form.CODE),
        (["520324103200", "520324", "不详"], Form.CODE),
        (["sydney", "2000", "wagga wagga"], Form.TEXT),
        (["正安县安场镇", "520324"], Form.UNITS),
    ],
)
def test_what_a_column_holds(values: list[str | None], form: Form | None) -> None:
    assert places.form(pa.array(values, pa.string())) == form


def test_sides_say_together_what_places_are() -> None:
    assert places.of_all([Form.CODE, None]) is Form.CODE
    assert places.of_all([Form.CODE, Form.TEXT]) is Form.TEXT
    assert places.of_all([Form.CODE, Form.UNITS]) is Form.UNITS


def test_codes_stay_as_they_are() -> None:
    """No column stands beside them: a province of codes takes no more memory than before."""
    spec = Spec("id", "id", (Column("a", Kind.PLACE, "a", "a"),))
    side = prepare.prepared(pa.table({"id": ["x"], "a": ["520324103200"]}), spec, "f", right=False)
    (same,), inside = prepare.comparable([side], spec)
    assert same.table.column_names == ["said_id", "unique_id", "c1"]
    assert (inside.columns[0].kind, inside.columns[0].units) == (Kind.PLACE, False)


def test_other_places_are_texts() -> None:
    spec = Spec("id", "id", (Column("a", Kind.PLACE, "a", "a"),))
    side = prepare.prepared(pa.table({"id": ["x"], "a": ["Wagga Wagga"]}), spec, "f", right=False)
    assert prepare.comparable([side], spec)[1].columns[0].kind is Kind.TEXT


BASE = (Column("name", Kind.NAME, "name", "name"), Column("born", Kind.DATE, "born", "born"))
WITH_PLACE = Spec("key", "key", (*BASE, Column("address", Kind.PLACE, "address", "address")), one_to_one=True)


def _run(drawn: lists.Lists, spec: Spec) -> Matched:
    left = prepare.prepared(drawn.left, spec, "left", right=False)
    return matched(left, prepare.prepared(drawn.right, spec, "right", right=True), spec)


@pytest.fixture(scope="module")
def drawn() -> lists.Lists:
    return lists.addressed(1_500, 3)


@pytest.fixture(scope="module")
def found(drawn: lists.Lists) -> Matched:
    return _run(drawn, WITH_PLACE)


def test_addresses_tell_people_apart(drawn: lists.Lists, found: Matched) -> None:
    """As texts they found 0.78 of the pairs, by their first letters no more than without them: 0.72 (of 2,000 people)."""
    pairs = set(zip(found.pairs["left"].to_pylist(), found.pairs["right"].to_pylist(), strict=True))
    assert len(pairs & drawn.truth) > 0.98 * len(pairs)
    assert len(pairs & drawn.truth) > 0.97 * len(drawn.truth)


def test_each_way_of_writing_is_found(drawn: lists.Lists, found: Matched) -> None:
    """Pairs whose name or birthday is written otherwise, by the way in which the place is."""
    said = dict(zip(found.pairs["right"].to_pylist(), found.pairs["left"].to_pylist(), strict=True))
    left = {row["key"]: (row["name"], row["born"]) for row in drawn.left.to_pylist()}
    hits: dict[int, list[bool]] = {way: [] for way in range(len(lists.WAYS))}
    for place, row in enumerate(drawn.right.to_pylist()):
        key = "L" + row["key"][1:]
        if left[key] != (row["name"], row["born"]):
            hits[place % len(lists.WAYS)].append(said.get(row["key"]) == key)
    for way, these in hits.items():
        assert len(these) > 25
        # The least of the six was 39 of 44; without the place 0.72 of all.
        assert sum(these) > 0.8 * len(these), lists.WAYS[way]


def test_codes_are_compared_by_their_beginnings() -> None:
    spec = replace(lists.SPEC, columns=(*lists.COLUMNS[:2], lists.COLUMNS[3]))
    found = _run(lists.drawn(300, 5), spec)
    assert any('left(l."c3", 9)' in rule for rule in found.rules)

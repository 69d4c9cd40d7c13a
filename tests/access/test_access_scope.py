"""The gate lets through exactly what a plain prefix filter would."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiefa.access import queries
from jiefa.access.rules import Scope
from jiefa.areas.models import Division
from jiefa.kernel.errors import NotAllowed

DIGITS = "0189"
CODES = st.sampled_from([2, 4, 6, 9, 12]).flatmap(lambda n: st.text(DIGITS, min_size=n, max_size=n))
REAL = ["52", "5201", "5203", "5209", "520326", "520302", "520382", "520326100", "520302001", "520326100001", "53", "9"]
REAL_AREAS = st.sampled_from([code for code in REAL if len(code) != 1])


def _inside(code: str, areas: list[str]) -> bool:
    return any(code.startswith(area) for area in areas)


@given(st.lists(CODES, max_size=8), CODES)
def test_scope_covers_what_lies_under_any_of_its_areas(areas: list[str], code: str) -> None:
    assert Scope.over(areas).covers(code) == _inside(code, areas)


@given(st.lists(CODES, max_size=8))
def test_scope_over_keeps_no_area_inside_another(areas: list[str]) -> None:
    kept = Scope.over(areas).areas

    assert all(not one.startswith(other) for one in kept for other in kept if one != other)
    assert len(set(kept)) == len(kept)
    assert set(kept) <= set(areas)


@given(st.lists(CODES, max_size=6), CODES, CODES)
def test_narrowed_scope_is_the_common_part(areas: list[str], place: str, code: str) -> None:
    narrowed = Scope.over(areas).narrowed(place)

    assert narrowed.covers(code) == (_inside(code, areas) and code.startswith(place))


@given(st.lists(CODES, max_size=6))
def test_narrowed_by_nothing_is_the_same(areas: list[str]) -> None:
    assert Scope.over(areas).narrowed(None) == Scope.over(areas)


@given(st.lists(CODES, max_size=6), st.lists(CODES, max_size=30))
def test_condition_of_snapshots_is_the_prefix_filter(areas: list[str], codes: list[str]) -> None:
    table = ibis.memtable(pa.table({"code": pa.array(codes, pa.string())}))

    found = table.filter(Scope.over(areas).condition(table.code)).to_pyarrow()["code"].to_pylist()

    assert sorted(found) == sorted(code for code in codes if _inside(code, areas))


@settings(max_examples=40)
@given(st.lists(REAL_AREAS, max_size=4))
def test_gate_is_the_prefix_filter(db: None, areas: list[str]) -> None:
    every = Division.objects.values_list("code", flat=True)

    found = set(queries.gate(Division.objects.all(), Scope.over(areas), "code").values_list("code", flat=True))

    assert found == {code for code in every if _inside(code, areas)}


def test_empty_scope_lets_nothing_through(db: None) -> None:
    nobody = Scope(())

    assert not nobody
    assert list(queries.gate(Division.objects.all(), nobody, "code")) == []
    assert not nobody.covers("52")
    assert nobody.narrowed("52") == nobody


def test_gate_is_a_seek_in_the_index(db: None) -> None:
    from jiefa.registry.models import Household

    plan = queries.gate(Household.objects.all(), Scope(("520326", "5201"))).explain()

    if "Seq Scan" not in plan:  # PostgreSQL scans an empty table whatever the indices
        assert "registry_household_place" in plan
        assert "SCAN registry_household" not in plan.replace("USING INDEX", "")


def test_operator_may_all_of_the_given_areas_and_nothing_elsewhere() -> None:
    from jiefa.access.rules import Permission

    operator = queries.operator(("52",))

    assert all(operator.may(permission, "520326100001") for permission in Permission)
    assert not any(operator.may(permission, "530102") for permission in Permission)
    with pytest.raises(NotAllowed):
        operator.demand(Permission.HOUSEHOLD_VIEW, "53")

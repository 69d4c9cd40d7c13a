"""One column, and two that are one comparison: too little to learn from, and compared all the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jiefa.linkage.errors import NothingToCompare
from jiefa.linkage.matching import Matched, matched
from jiefa.linkage.prepare import prepared
from jiefa.linkage.spec import Column, Kind, Spec


def _run(left: list[str | None], right: list[str | None] | None, kind: Kind, **more: object) -> Matched:
    spec = Spec("id", "id", (Column("v", kind, "v", "v"),), **more)  # type: ignore[arg-type]  # fields by name, of several types
    sides = []
    for name, values in (("l", left), ("r", right)):
        if values is not None:
            keys = [f"{name}{place}" for place in range(len(values))]
            table = pa.table({"id": keys, "v": pa.array(values, pa.string())})
            sides.append(prepared(table, spec, name, right=name == "r"))
    return matched(sides[0], sides[1] if len(sides) == 2 else None, spec)


def test_numbers_that_are_once_in_each_list_are_certain() -> None:
    found = _run(["111", "222", None, "333"], ["222", "444", "111"], Kind.NUMBER)
    assert [(one["left"], one["right"], one["probability"]) for one in found.pairs.to_pylist()] == [
        ("l0", "r2", 1.0),
        ("l1", "r0", 1.0),
    ]
    assert (found.precision, found.recall) == (1.0, 1.0)


def test_what_several_hold_is_worth_its_part_to_each() -> None:
    found = _run(["111", "111", "222"], ["111", "222"], Kind.NUMBER, threshold=0.01)
    by_pair = {(one["left"], one["right"]): one["probability"] for one in found.pairs.to_pylist()}
    # Of 3 pairs that agree 1.5 do by chance: within the lists 2 of 8 (ordered) pairs agree, and there are 6 pairs between them.
    share = (3 - 6 * 2 / 8) / (1 + 0.5 + 0.5)
    assert by_pair == pytest.approx({("l2", "r1"): share, ("l0", "r0"): share / 2, ("l1", "r0"): share / 2})


def test_names_are_worth_what_is_not_chance() -> None:
    """Half of the right list is on the left, names are shared by chance: what is expected is near what is true."""
    random = np.random.default_rng(4)
    names = [f"王{chr(0x4E00 + int(one))}" for one in random.integers(0, 1_500, 1_000)]
    left, right = names[:600], names[300:600] + names[600:900]
    found = _run([*left], [*right], Kind.NAME)
    true = sum(int(one["left"][1:]) == int(one["right"][1:]) + 300 for one in found.pairs.to_pylist())
    assert found.pairs.num_rows > 300
    assert found.precision == pytest.approx(true / found.pairs.num_rows, abs=0.05)


def test_numbers_twice_in_one_list() -> None:
    found = _run(["111", "222", "111", "333", "333", "333"], None, Kind.NUMBER)
    assert [(one["left"], one["right"], one["probability"]) for one in found.pairs.to_pylist()] == [
        ("l0", "l2", 1.0),
        ("l3", "l4", 0.5),
        ("l3", "l5", 0.5),
        ("l4", "l5", 0.5),
    ]


def test_names_alone_in_one_list_are_refused_with_the_reason() -> None:
    with pytest.raises(NothingToCompare) as refused:
        _run(["王伟", "王伟"], None, Kind.NAME)
    assert "one column" in refused.value.message("en")


def test_nothing_in_common() -> None:
    with pytest.raises(NothingToCompare):
        _run(["1"], ["2"], Kind.NUMBER)


def test_two_names_and_nothing_else() -> None:
    random = np.random.default_rng(2)
    first, last = (random.integers(0, 400, 900) for _one in range(2))

    def table(start: int, stop: int) -> pa.Table:
        return pa.table(
            {
                "id": [str(place) for place in range(start, stop)],
                "a": [f"一{chr(0x5000 + int(one))}" for one in first[start:stop]],
                "b": [f"二{chr(0x6000 + int(one))}" for one in last[start:stop]],
            }
        )

    spec = Spec("id", "id", (Column("a", Kind.NAME, "a", "a"), Column("b", Kind.NAME, "b", "b")))
    left, right = table(0, 600), table(300, 900)
    found = matched(prepared(left, spec, "l", right=False), prepared(right, spec, "r", right=True), spec)
    true = sum(one["left"] == one["right"] for one in found.pairs.to_pylist())
    assert true > 285
    assert true > 0.9 * found.pairs.num_rows

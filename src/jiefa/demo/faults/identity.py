"""Faults of certificate numbers, telephones and account holders (ID01-ID08, HH09-HH12, NU09)."""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import AnyArray, IntArray, ranks_within
from jiefa.demo.families import MALE, R
from jiefa.demo.faults.bench import Bench
from jiefa.demo.identities import FIRST_FAULT_SEQUENCE, digits
from jiefa.kernel.id_numbers import CHECK_CHARACTERS

OTHER_REGION, PLACEHOLDER = b"539901", b"999999"
"""An unassigned code of Yunnan, and the placeholder of rule ID07."""


def _plain(bench: Bench) -> AnyArray:
    """Members with an 18-character number."""
    return np.asarray(np.char.str_len(bench.m["id_number"]) == 18)


def id01(bench: Bench) -> None:
    rows = bench.people("ID01", _plain(bench))
    matrix = bench.certificate(rows)
    old = bench.of_person("id01")[rows] < 0.4
    matrix[~old, 17] = 0
    matrix[old, 6:15] = matrix[old, 8:17]
    matrix[old, 15:] = 0
    bench.set_certificate(rows, matrix, checked=False)
    bench.note_people("ID01", rows)


def id02(bench: Bench) -> None:
    rows = bench.people("ID02", _plain(bench))
    matrix = bench.certificate(rows)
    characters = np.frombuffer(CHECK_CHARACTERS.encode(), np.uint8)
    place = np.argmax(matrix[:, 17][:, None] == characters[None, :], axis=1)
    matrix[:, 17] = characters[(place + 1 + (bench.of_person("id02")[rows] * 9).astype(np.int64)) % 11]
    bench.set_certificate(rows, matrix, checked=False)
    bench.note_people("ID02", rows)


def id03(bench: Bench) -> None:
    rows = bench.people("ID03", ~_plain(bench))
    matrix = bench.certificate(rows)
    kind = bench.of_person("id03")[rows] < 0.5
    matrix[kind, 18] = ord("8")
    matrix[~kind, 19] = ord("5")
    bench.set_certificate(rows, matrix, checked=False)
    bench.note_people("ID03", rows)


def id04(bench: Bench) -> None:
    rows = bench.people("ID04", _plain(bench))
    matrix = bench.certificate(rows)
    month = bench.of_person("id04")[rows] < 0.6
    matrix[month, 10:12] = np.frombuffer(b"13", np.uint8)
    matrix[~month, 6:10] = np.frombuffer(b"1879", np.uint8)
    bench.set_certificate(rows, matrix)
    bench.note_people("ID04", rows)


def wrong_sex_sequence(bench: Bench, rows: IntArray, sex: IntArray, matrix: AnyArray) -> None:
    """Sequence numbers of the free range that say ``sex``; those born on one day in one county get different ones."""
    county = bench.part.register.homes.county[bench.card.household[rows]]
    key = (county * 200_000 + bench.m["birth_date"][rows] + 60_000) * 2 + sex
    base = FIRST_FAULT_SEQUENCE + 2 * (ranks_within(key) % 49)
    matrix[:, 14:17] = digits(base + np.where(sex == MALE, 1, 0), 3)


def id05(bench: Bench) -> None:
    rows = bench.people("ID05", _plain(bench))
    matrix = bench.certificate(rows)
    wrong_sex_sequence(bench, rows, 1 - bench.m["sex"][rows], matrix)
    bench.set_certificate(rows, matrix)
    bench.note_people("ID05", rows)


def id06(bench: Bench) -> None:
    """A member carries the number of somebody of the same county and sex in another household; both are found."""
    several = _plain(bench) & bench.to_members(bench.card.family.size > 1)
    rows, givers = _share_numbers(bench, bench.people("ID06", several), several)
    bench.note_people("ID06", rows)
    bench.note_people("ID06", givers)


def hh09(bench: Bench) -> None:
    """A household of one whose only member is a child on the card of another: the trace of a parted household."""
    alone = _plain(bench) & bench.to_members(bench.card.family.size == 1)
    child = np.isin(bench.m["relation"], [R["son"], R["daughter"]]) & bench.to_members(bench.card.family.size > 1)
    rows, givers = _share_numbers(bench, bench.people("HH09", alone), child & _plain(bench))
    bench.note("HH09", bench.card.household[rows])
    bench.note_also("ID06", bench.card.household[givers])


def _share_numbers(bench: Bench, rows: IntArray, may_give: AnyArray) -> tuple[IntArray, IntArray]:
    """The members ``rows`` given the numbers of others of their county and sex; both, as far as there are any.

    The givers' households are taken, those for whom there is no giver are free again.
    """
    group = bench.part.register.homes.county[bench.card.household] * 2 + bench.m["sex"]
    givers = np.flatnonzero(bench.card.present & may_give & ~bench.to_members(bench.busy))
    givers = givers[np.lexsort((bench.of_person("giver")[givers], group[givers]))]
    _, one_each = np.unique(bench.card.household[givers], return_index=True)
    givers = givers[np.sort(one_each)]
    first = np.searchsorted(group[givers], group[rows], side="left")
    at = first + ranks_within(group[rows])
    if not len(givers):
        bench.busy[bench.card.household[rows]] = False
        return rows[:0], givers
    there = (at < len(givers)) & (group[givers[np.minimum(at, len(givers) - 1)]] == group[rows])
    bench.busy[bench.card.household[rows[~there]]] = False
    rows, chosen = rows[there], givers[at[there]]
    bench.busy[bench.card.household[chosen]] = True
    bench.m["id_number"][rows] = bench.m["id_number"][chosen]
    return rows, chosen


def _other_region(bench: Bench, rule: str, rows: IntArray, region: bytes) -> None:
    matrix = bench.certificate(rows)
    matrix[:, :6] = np.frombuffer(region, np.uint8)
    # the whole county code is gone: keep it in the free part of the sequence so that no two numbers become equal
    wrong_sex_sequence(bench, rows, bench.m["sex"][rows], matrix)
    county = bench.part.register.homes.county[bench.card.household[rows]]
    matrix[:, 14:17] = digits(county * 10 + np.where(bench.m["sex"][rows] == MALE, 1, 0) + 2, 3)
    bench.set_certificate(rows, matrix)
    bench.note_people(rule, rows)


def id07(bench: Bench) -> None:
    _other_region(bench, "ID07", bench.people("ID07", _plain(bench)), PLACEHOLDER)


def id08(bench: Bench) -> None:
    born_here = np.isin(bench.m["relation"], [R["son"], R["daughter"], R["grandson"], R["granddaugh"], R["father"]])
    _other_region(bench, "ID08", bench.people("ID08", _plain(bench) & born_here), OTHER_REGION)


def nu09(bench: Bench) -> None:
    rows = bench.people("NU09", ~_plain(bench))
    matrix = bench.certificate(rows)
    matrix[:, 18:] = 0
    bench.set_certificate(rows, matrix, checked=False)
    bench.note_people("NU09", rows)


def hh10(bench: Bench) -> None:
    """Two households of one county with one telephone."""
    county = bench.part.register.homes.county[: len(bench.busy)]
    rows = bench.homes("HH10", bench.h["phone"] != b"")
    free = np.flatnonzero(~bench.busy & (bench.h["phone"] != b""))
    free = free[np.lexsort((bench.lasting("giver")[free], county[free]))]
    if not len(free):
        bench.busy[rows] = False
        return
    at = np.searchsorted(county[free], county[rows], side="left") + ranks_within(county[rows])
    there = (at < len(free)) & (county[free[np.minimum(at, len(free) - 1)]] == county[rows])
    bench.busy[rows[~there]] = False
    rows, givers = rows[there], free[at[there]]
    bench.busy[givers] = True
    bench.h["phone"][rows] = bench.h["phone"][givers]
    bench.note("HH10", rows)
    bench.note("HH10", givers)


def hh11(bench: Bench) -> None:
    """The account belongs to a head of another household whose name no member bears."""
    rows = bench.homes("HH11", np.ones(len(bench.busy), bool))
    heads = bench.h["account_holder"]
    kept = []
    members = bench.m["name"]
    for row in rows.tolist():
        first, end = np.searchsorted(bench.card.household, [row, row + 1])
        own = set(bench.part.names.take(members[first:end]).to_pylist())
        for step in (7, 11, 13, 17):
            other = int(heads[(row + step) % len(heads)])
            if bench.part.names[int(members[other])].as_py() not in own:
                bench.h["account_holder"][row] = other
                kept.append(row)
                break
    bench.note("HH11", np.array(kept, dtype=np.int64))


def hh12(bench: Bench) -> None:
    rows = bench.homes("HH12", bench.h["phone"] != b"")
    text = bench.h["phone"][rows]
    short = bench.lasting("hh12")[rows] < 0.6
    matrix = np.ascontiguousarray(text).view(np.uint8).reshape(len(text), text.dtype.itemsize).copy()
    matrix[short, :-1] = matrix[short, 1:]
    matrix[short, -1] = 0
    matrix[~short, 0] = ord("2")
    bench.h["phone"][rows] = matrix.view(text.dtype).ravel()
    bench.note("HH12", rows)

"""The checks of a snapshot, computed once and kept beside it, like its figures: named by policy, never out of date, never overwritten."""

from __future__ import annotations

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiefa.policy import NotInForce, Pack
from jiefa.snapshots import Snapshot
from jiefa.truth.queries import counted
from jiefa.truth.queries.results import results_file
from jiefa.truth.rules import bunching, chance, heaping
from jiefa.truth.rules import limits as asked
from jiefa.truth.rules.chance import Ints
from jiefa.truth.rules.heaping import SHARES
from jiefa.truth.rules.limits import Limits
from jiefa.truth.rules.tables import RESULT, Check

LEVELS = (2, 4, 6, 9, 12)
ABOVE_VILLAGES = LEVELS[:-1]

Row = dict[str, object]


def check(snapshot: Snapshot, pack: Pack) -> Path | None:
    """The file of the checks (``RESULT``), by check and division, computed once; None where the policy of the year knows none."""
    target = results_file(snapshot, pack)
    if target.exists():
        return target
    try:
        limits = asked.of(pack.for_year(snapshot.year))
    except NotInForce:
        return None
    found = [*_bunching(snapshot, limits), *_heaping(snapshot, limits), *_copied(snapshot, limits)]
    found += [*_same_day(snapshot, limits)]
    if snapshot.holds("targets"):
        found += _exact(snapshot, limits)
    if snapshot.holds("visits"):
        found += _visits(snapshot, limits)
    _write(target, _judged(found, limits))
    return target


def _row(check: Check, division: str, n: int, observed: float, expected: float, p: float) -> Row:
    return {
        "check": check.value,
        "division": division,
        "unit": None,
        "mark": "",
        "n": n,
        "observed": float(observed),
        "expected": float(expected),
        "p": float(p),
    }


def _judged(found: list[Row], limits: Limits) -> pa.Table:
    """With q among all of one check and level, and whether it is asked about."""
    families: dict[tuple[object, int], list[Row]] = defaultdict(list)
    for row in found:
        families[row["check"], len(str(row["division"]))].append(row)
    for several in families.values():
        for row, q in zip(several, chance.false_shares(np.array([row["p"] for row in several])), strict=True):
            row |= {"q": float(q), "asked": bool(q <= limits.false_share)}
    return pa.Table.from_pylist(found, RESULT).sort_by([("check", "ascending"), ("division", "ascending")])


def _write(target: Path, table: pa.Table) -> None:
    """Aside and renamed: whole or not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".writing-", suffix=".parquet", dir=target.parent)
    os.close(descriptor)
    try:
        pq.write_table(table, name, compression="zstd", row_group_size=8_192)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _by_place(rows: pa.Table, column: str, classes: int) -> Iterator[tuple[str, Ints]]:
    """Counts by class of every place of every level. ``rows``: ``village_code``, ``column``, ``n``."""
    villages, at, counts = rows["village_code"], rows[column].to_numpy(), rows["n"].to_numpy()
    for digits in LEVELS:
        codes = pc.utf8_slice_codeunits(villages, 0, digits).combine_chunks().dictionary_encode()
        if not isinstance(codes, pa.DictionaryArray) or not len(codes):
            continue
        index = codes.indices.to_numpy(zero_copy_only=False)
        sums = np.zeros((len(codes.dictionary), classes), np.int64)
        np.add.at(sums, (index, at), counts)
        yield from zip(codes.dictionary.to_pylist(), sums, strict=True)


def _bunching(snapshot: Snapshot, limits: Limits) -> Iterator[Row]:
    of = counted.beside_line(snapshot, limits)
    rows = counted.rows(snapshot, of.group_by("village_code", "bin").aggregate(n=of.count()))
    for place, counts in _by_place(rows, "bin", 2 * limits.window.bins):
        found = bunching.test(counts, limits.window)
        if found is not None:
            yield _row(Check.BUNCHING, place, found.near, found.above, found.expected, found.p)


def _heaping(snapshot: Snapshot, limits: Limits) -> Iterator[Row]:
    of = counted.amounts(snapshot)
    rows = counted.rows(snapshot, of.group_by("village_code", "rounded").aggregate(n=of.count()))
    for place, counts in _by_place(rows, "rounded", len(SHARES)):
        if counts.sum() >= limits.heaping_least:
            found = heaping.test(counts)
            mark = "" if found.chi_square is None else f"{found.chi_square:.1f}"
            yield _row(Check.HEAPING, place, found.n, found.round, found.expected, found.p) | {"mark": mark}


def _tied(rows: pa.Table) -> tuple[chance.Real, chance.Real]:
    """``(p, expected)`` of each row of ties."""
    own, n, elsewhere, total, kinds = (
        rows[name].to_numpy() for name in ("own", "n", "elsewhere", "all_elsewhere", "kinds")
    )
    return chance.tied(own, n, elsewhere, total, kinds), n * np.minimum(1.0, (elsewhere + 1) / (total + 1))


def _copied(snapshot: Snapshot, limits: Limits) -> Iterator[Row]:
    """The card of each village that is the least likely to be there so often; villages without one have p = 1."""
    of = counted.answers(snapshot)
    homes = counted.rows(snapshot, of.group_by("village_code").aggregate(n=of.count()))
    rows = counted.rows(snapshot, counted.copied(snapshot, limits))
    best = _least(rows, "village_code", "card")
    for village, n in zip(homes["village_code"].to_pylist(), homes["n"].to_pylist(), strict=True):
        if n >= limits.copied_least:
            own, expected, p, mark = best.get(village, (1, 1.0, 1.0, ""))
            yield _row(Check.COPIED, village, n, own, expected, p) | {"mark": mark}


def _least(rows: pa.Table, group: str, kind: str) -> dict[object, tuple[int, float, float, str]]:
    """By group ``(own, expected, p, kind)`` of the kind with the least p."""
    if not rows.num_rows:
        return {}
    p, expected = _tied(rows)
    best: dict[object, tuple[int, float, float, str]] = {}
    groups, kinds, own = rows[group].to_pylist(), rows[kind].to_pylist(), rows["own"].to_pylist()
    for place in np.lexsort((np.array([str(one) for one in kinds]), p)):
        one = (int(own[place]), float(expected[place]), float(p[place]), str(kinds[place]))
        best.setdefault(groups[place], one)
    return best


def _same_day(snapshot: Snapshot, limits: Limits) -> Iterator[Row]:
    """Villages that decide on a day of their own of the season: how many share the commonest one."""
    rows = counted.rows(snapshot, counted.exit_days(snapshot))
    by_village = list(zip(rows["village_code"].to_pylist(), rows["on"].to_pylist(), strict=True))
    for digits in ABOVE_VILLAGES:
        days: dict[str, Counter[object]] = defaultdict(Counter)
        for village, on in sorted(by_village):
            days[village[:digits]][on] += 1
        for place, counts in days.items():
            villages = counts.total()
            if villages < limits.least_villages:
                continue
            ((day, most),) = counts.most_common(1)
            share = 1 / limits.season_days
            tail = chance.at_least(np.array([most]), np.array([villages]), np.array([share]))[0]
            p = min(1.0, float(tail) * limits.season_days)
            yield _row(Check.SAME_DAY, place, villages, most, villages * share, p) | {"mark": str(day)}


def _exact(snapshot: Snapshot, limits: Limits) -> list[Row]:
    """Places close to their targets: how many are at them exactly, where each difference in the band is as likely.

    Places of one level alone, the lowest of which there are enough close ones: that a township is at its target follows where its
    villages are.
    """
    met: dict[str, dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for area, people, done in counted.compared(snapshot):
        if abs(done - people) <= limits.near_people:
            for digits in ABOVE_VILLAGES:
                if digits < len(area):
                    met[area[:digits]][len(area)].append(done == people)
    share = 1 / (2 * limits.near_people + 1)
    found = []
    for place, levels in met.items():
        enough = [level for level, exactly in levels.items() if len(exactly) >= limits.exact_least]
        if enough:
            level = max(enough)
            n, hits = len(levels[level]), sum(levels[level])
            p = float(chance.at_least(np.array([hits]), np.array([n]), np.array([share]))[0])
            found.append(_row(Check.EXACT, place, n, hits, n * share, p) | {"mark": str(level)})
    return found


def _visits(snapshot: Snapshot, limits: Limits) -> list[Row]:
    """The report of each cadre that is the least likely to be given of so many households."""
    of = counted.visited(snapshot, limits)
    cadres = counted.rows(snapshot, of.group_by("cadre_id").aggregate(n=of.count(), place=of.village_code.min()))
    best = _least(counted.rows(snapshot, counted.same_words(snapshot, limits)), "cadre_id", "text_key")
    found = []
    columns = (cadres[name].to_pylist() for name in ("cadre_id", "n", "place"))
    for cadre, n, place in zip(*columns, strict=True):
        if n >= limits.visit_least:
            own, expected, p, mark = best.get(cadre, (1, 1.0, 1.0, ""))
            row = _row(Check.VISITS, place, n, own, expected, p)
            found.append(row | {"unit": cadre, "mark": mark})
    return found

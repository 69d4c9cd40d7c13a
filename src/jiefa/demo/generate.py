"""A synthetic Guizhou written to a folder: rosters by year and part, village facts, designations, flows, truth.

Deterministic for (seed, scale, until, years). Memory is bounded by one part: at most ``PEOPLE_PER_PART`` poor people of
the first year, or one county.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jiefa.demo import cards, facts, faults, geography, reference, roster, targets, years
from jiefa.demo.cards import Card, Part
from jiefa.demo.geography import Plan
from jiefa.demo.manifest import Manifest, RosterPart
from jiefa.demo.years import Flow
from jiefa.kernel.errors import JiefaError

PEOPLE_PER_PART = 400_000
SMALLEST_SCALE, LARGEST_SCALE = 0.001, 1.0
ROWS_PER_GROUP = 122_880
COMPRESSION = "zstd"


class DemoOutOfRange(JiefaError):
    code = "demo.out_of_range"
    zh = "演示数据的{what_zh}不能是 {value}：应在 {low} 到 {high} 之间。请改后再运行。"
    en = "The demo's {what_en} cannot be {value}: it must be from {low} to {high}. Change it and run again."


@dataclass
class Demo:
    """A province being generated. Iterate over it once: each step writes the rosters of one part, year by year.

    The caller may load and delete the files of a part before it asks for the next. ``manifest`` is there when the
    iteration has ended.
    """

    folder: Path
    scale: float
    seed: int
    until: int = 2015
    faulty: bool = True
    write_years: frozenset[int] | None = None
    manifest: Manifest | None = None
    _plan: Plan = field(init=False)
    _flows: list[Flow] = field(init=False, default_factory=list)
    _truth: list[pa.Table] = field(init=False, default_factory=list)
    _facts: list[pa.Table] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        _check("比例", "scale", self.scale, SMALLEST_SCALE, LARGEST_SCALE)
        _check("末年", "last year", self.until, targets.FIRST_YEAR, targets.LAST_YEAR)
        self._plan = geography.plan(self.scale, tuple(range(targets.FIRST_YEAR, self.until + 1)))

    def __iter__(self) -> Iterator[RosterPart]:
        self.folder.mkdir(parents=True, exist_ok=True)
        written: list[RosterPart] = []
        for number, counties in enumerate(cards.county_parts(self._plan, PEOPLE_PER_PART)):
            part = cards.build_part(self._plan, counties, self.seed, number)
            codes = [county.code for county in reference.counties()]
            self._flows += years.flows(part.register, part.ends, codes)
            for made in self._rosters(part, tuple(codes[index] for index in counties)):
                written.append(made)
                yield made
        self.manifest = self._finish(written)

    def _rosters(self, part: Part, counties: tuple[str, ...]) -> Iterator[RosterPart]:
        injector = faults.Injector(part)
        for end in part.ends:
            card = cards.card(part, end)
            true_people, true_homes = facts.poor_by_village(part, card, end)
            if self.faulty:
                self._truth.append(injector.inject(card))
            self._facts.append(facts.rows(self._plan, part, card, true_people, true_homes))
            if self.write_years is None or end.year in self.write_years:
                yield self._write(part, card, counties, injector)

    def _write(self, part: Part, card: Card, counties: tuple[str, ...], injector: faults.Injector) -> RosterPart:
        name = f"{card.year}-{part.number + 1:03d}"
        households, members = roster.tables(part, card, injector.spare)
        return RosterPart(
            year=card.year,
            households=_store(households, self.folder / f"households-{name}.parquet"),
            members=_store(members, self.folder / f"members-{name}.parquet"),
            counties=counties,
            household_rows=households.num_rows,
            member_rows=members.num_rows,
            people=int(card.present.sum()),
        )

    def _finish(self, written: Sequence[RosterPart]) -> Manifest:
        all_facts = pa.concat_tables(self._facts).sort_by([("year", "ascending"), ("village_code", "ascending")])
        if self.faulty:
            all_facts, wrong = facts.misreport(all_facts, self.seed)
            self._truth.append(wrong)
        truth = pa.concat_tables(self._truth) if self._truth else faults.TRUTH.empty_table()
        flows = pa.Table.from_pylist([{name: getattr(flow, name) for name in Flow.__slots__} for flow in self._flows])
        manifest = Manifest(
            folder=self.folder,
            seed=self.seed,
            scale=self.scale,
            until=self.until,
            faulty=self.faulty,
            parts=tuple(written),
            designations=_designations(self.folder / "designations.csv"),
            village_facts=_store(all_facts, self.folder / "village_facts.parquet"),
            flows=_store(flows, self.folder / "flows.parquet"),
            truth=_store(truth, self.folder / "truth.parquet"),
            totals=_totals(self._flows),
        )
        manifest.save()
        return manifest


def generate(
    folder: Path, *, scale: float, seed: int, until: int = 2015, faulty: bool = True, years: Sequence[int] | None = None
) -> Manifest:
    """A province at ``scale`` (0.001 to 1) written to ``folder``, from 2013 to ``until``.

    Only the rosters of ``years`` are written, if given. Raises ``DemoOutOfRange``.
    """
    demo = Demo(folder, scale, seed, until, faulty, frozenset(years) if years is not None else None)
    for _ in demo:
        pass
    if demo.manifest is None:
        raise AssertionError("the generation ended without a manifest")
    return demo.manifest


def _check(what_zh: str, what_en: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise DemoOutOfRange(what_zh=what_zh, what_en=what_en, value=value, low=low, high=high)


def _store(table: pa.Table, path: Path) -> Path:
    pq.write_table(table, path, compression=COMPRESSION, row_group_size=ROWS_PER_GROUP)
    return path


def _designations(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["code", "kind", "from_year", "detail", "source"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(geography.designations())
    return path


def _totals(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    numbers = [name for name in Flow.__slots__ if name not in ("year", "county")]
    return tuple(
        Flow(
            year=year,
            county="52",
            **{name: sum(getattr(flow, name) for flow in flows if flow.year == year) for name in numbers},
        )
        for year in sorted({flow.year for flow in flows})
    )

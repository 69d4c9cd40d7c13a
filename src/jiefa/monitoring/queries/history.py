"""The register's own history as arrays: households that were out of it or near the line in a year, and how the next year ended.

From snapshots alone. Nationality and sex are read to compare groups and never stand among the columns of the score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from jiefa.assistance.queries.promises import LABOUR
from jiefa.exits.rules.household import DANGEROUS
from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.monitoring.queries import cards
from jiefa.monitoring.rules import triggers
from jiefa.monitoring.rules.measuring import Flags, Real
from jiefa.monitoring.rules.scoring import Ints
from jiefa.policy import NotInForce, Pack
from jiefa.snapshots import Snapshot

HAN = "01"
OLD_AGE = 60
SERIOUS = ("serious", "serious_dis")
DISABLED = ("disabled", "chronic_dis", "serious_dis")

COLUMNS = (
    *("income", "growth", "growth_known", "wage_share", "transfer_share", "business_share"),
    *("size", "able_share", "children", "old", "serious", "disabled", "pupils", "uninsured", "months"),
    *("unsafe_house", "unsafe_water", "land", "out", "years_out", "triggers"),
)
"""What the score is made of, in order. Shares are of gross income; income is against the poverty line of the year, capped."""
GROUPS = ("minority", "female_head", "old_head", "disabled_member")
"""The groups by which a score is compared: each household's head, or any member."""
CAP = 5.0
"""Times the line: what lies above says no more about falling below it."""


@dataclass(frozen=True)
class Sample:
    """Households of a year, one place each in every array, by key. ``fell``: False throughout where the next year is not known.

    ``plain``: the order without a score: triggers on the card, then the lower income.
    """

    year: int
    keys: Ints
    villages: tuple[str, ...]
    columns: Real
    triggers: Ints
    plain: Real
    fell: Flags
    groups: Mapping[str, Flags]

    @property
    def cases(self) -> int:
        return int(self.fell.sum())


def sample(now: Snapshot, later: Snapshot | None, pack: Pack) -> Sample:
    """The households of a snapshot that a score is about; with ``later``, those that have a card in it, too, and how it ended.

    Raises ``NotInForce`` where the poverty line of a year is not known.
    """
    rows = cards.rows(now, _households(now, later, pack)).sort_by("household_id")
    columns = _columns(rows, now.year)
    fired = _numbers(rows, "fired")
    return Sample(
        year=now.year,
        keys=_numbers(rows, "household_id").astype(np.int64),
        villages=tuple(rows["village_code"].to_pylist()),
        columns=np.column_stack([*columns.values(), fired]),
        triggers=fired.astype(np.int64),
        # Income never outweighs a trigger: it lies between 0 and the cap.
        plain=fired - columns["income"] / (CAP + 1),
        fell=_numbers(rows, "fell").astype(bool),
        groups={name: _numbers(rows, name).astype(bool) for name in GROUPS},
    )


def _numbers(rows: pa.Table, name: str) -> Real:
    found: Real = np.asarray(rows[name].cast(pa.float64()).fill_null(0).to_numpy(), np.float64)
    return found


def _households(now: Snapshot, later: Snapshot | None, pack: Pack) -> ir.Table:
    of = cards.cards_of(now, before=cards.newest(now.year - 1))
    policy = pack.for_year(now.year)
    line = policy.fen("poverty_line.province")
    near = int(policy.number("monitoring.near_line_percent"))
    homes = of.households
    home = homes.filter(
        (homes.poverty_status == "exited")
        | (
            ~homes.poverty_status.isin(("removed", "closed"))
            & (homes.net_income_per_person_fen >= line)
            & (homes.net_income_per_person_fen * 100 < line * near)
        )
    )
    home = home.mutate(line_fen=ibis.literal(line))
    found = _beside(_beside(home, _members(of.persons, now.year)), _fired(of, now.year, pack))
    if later is None:
        return found.mutate(fell=ibis.literal(False))
    next_line = pack.for_year(later.year).fen("poverty_line.province")
    ended = now.table_of(later, "households")
    ended = ended.select(
        "household_id",
        next_status=ended.poverty_status,
        below=(ended["size"] > 0) & (ended.net_income_fen < ended["size"].cast("int64") * next_line),
    )
    joined = found.inner_join(ended, "household_id")
    entered = ~joined.poverty_status.isin(sorted(IN_POVERTY)) & joined.next_status.isin(sorted(IN_POVERTY))
    return joined.mutate(fell=(joined.next_status == "returned") | entered | joined.below.fill_null(False))


def _beside(homes: ir.Table, more: ir.Table) -> ir.Table:
    """The households with what stands about them in another table, blanks where nothing does."""
    return homes.left_join(more, "household_id").drop("household_id_right")


def _members(people: ir.Table, year: int) -> ir.Table:
    """What the members' cards say of each household."""
    head = people.relation == "head"
    old = people.birth_date <= dt.date(year - OLD_AGE, 12, 31)
    insured = people.resident_medical.fill_null(False) | people.employee_medical.fill_null(False)

    def count(condition: ir.BooleanValue) -> ir.IntegerScalar:
        return condition.fill_null(False).cast("int64").sum()

    def any_of(condition: ir.BooleanValue) -> ir.IntegerScalar:
        return condition.fill_null(False).cast("int64").max()

    return people.group_by("household_id").aggregate(
        members=people.count(),
        able=count(people.labour.isin(LABOUR)),
        children=count(people.birth_date > dt.date(year - 16, 12, 31)),
        old=count(old),
        serious=count(people.health.isin(SERIOUS)),
        disabled=count(people.health.isin(DISABLED) | people.disability_level.notnull()),
        pupils=count(people.school_stage.notnull() & (people.school_stage != "not_pupil")),
        uninsured=count(~insured),
        months=people.work_months.fill_null(0).sum(),
        minority=any_of(head & people.ethnic_group.notnull() & (people.ethnic_group != HAN)),
        female_head=any_of(head & (people.sex == "female")),
        old_head=any_of(head & old),
        disabled_member=any_of(people.health.isin(DISABLED) | people.disability_level.notnull()),
    )


def _fired(of: triggers.Cards, year: int, pack: Pack) -> ir.Table:
    """How many triggers stand on each card; none where the year has no monitoring line."""
    try:
        found = triggers.on_cards(of, cards.limits(year, pack), statuses=())
    except NotInForce:
        return of.households.select("household_id", fired=ibis.literal(0))
    return found.group_by("household_id").aggregate(fired=found.count())


def _columns(rows: pa.Table, year: int) -> dict[str, Real]:
    """The columns of the score but the last, in order, without blanks."""
    size = np.maximum(_numbers(rows, "size"), 1)
    line = np.maximum(_numbers(rows, "line_fen"), 1)
    income = _numbers(rows, "net_income_per_person_fen")
    before = _numbers(rows, "previous_income_per_person_fen")
    known = before > 0
    wage, business = _numbers(rows, "wage_income_fen"), _numbers(rows, "business_income_fen")
    transfers = sum((_numbers(rows, name) for name in _TRANSFERS), np.zeros(rows.num_rows)) + _numbers(
        rows, "property_income_fen"
    )
    gross = np.maximum(wage + business + transfers, 1)
    exited = _numbers(rows, "exited_year")
    out = np.asarray([status == "exited" for status in rows["poverty_status"].to_pylist()], np.float64)
    danger = np.asarray([grade in DANGEROUS for grade in rows["house_danger"].to_pylist()], np.float64)
    water = np.asarray([safe is False for safe in rows["water_safe"].to_pylist()], np.float64)
    return {
        "income": np.clip(income / line, 0, CAP),
        "growth": np.where(known, np.clip(income / np.maximum(before, 1) - 1, -1, 2), 0.0),
        "growth_known": known.astype(np.float64),
        "wage_share": wage / gross,
        "transfer_share": transfers / gross,
        "business_share": business / gross,
        "size": size,
        "able_share": _numbers(rows, "able") / size,
        "children": _numbers(rows, "children") / size,
        "old": _numbers(rows, "old") / size,
        "serious": _numbers(rows, "serious"),
        "disabled": _numbers(rows, "disabled"),
        "pupils": _numbers(rows, "pupils"),
        "uninsured": _numbers(rows, "uninsured"),
        "months": np.minimum(_numbers(rows, "months"), 36),
        "unsafe_house": danger,
        "unsafe_water": water,
        "land": np.minimum(_numbers(rows, "cultivated_land_mu") / size, 10),
        "out": out,
        "years_out": np.where((out > 0) & (exited > 0), np.clip(year - exited, 0, 5), 0.0),
    }


_TRANSFERS = (
    *("birth_plan_grant_fen", "dibao_income_fen", "tekun_income_fen", "pension_income_fen"),
    *("ecology_income_fen", "other_transfer_fen"),
)

"""Transfers into and out of projects against what is on file of these projects: one lock, four questions, however many rows.

The row of a project is locked before its sums are read, so that of two who pay from it at the same moment the second sees the first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from jiefa.areas import queries as areas
from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules import projects as rules
from jiefa.funds.rules.projects import Refusal, Standing
from jiefa.funds.rules.refusals import Problem
from jiefa.funds.rules.rows import PAYEE, PROJECT
from jiefa.kernel import money
from jiefa.policy import Pack
from jiefa.stores import bulk
from jiefa.stores.locking import lock

TABLE, BENEFICIARIES = "funds_project", "funds_projectbeneficiary"
FEE = "management_fee"
GONE = frozenset(("closed", "removed"))
"""Statuses of households that nothing is paid to any more."""

_LOCKED = pa.schema(
    [
        ("id", pa.int64()),
        ("number", pa.string()),
        ("place_code", pa.string()),
        ("kind", pa.string()),
        ("year", pa.int64()),
        ("contractor", pa.string()),
        ("implementer", pa.string()),
        ("approved_fen", pa.int64()),
        ("approved_on", pa.date32()),
        ("noticed_on", pa.date32()),
        ("progress_percent", pa.int64()),
        ("accepted_on", pa.date32()),
        ("settled_on", pa.date32()),
        ("warranty_until", pa.date32()),
        ("received_fen", pa.int64()),
        ("paid_fen", pa.int64()),
    ]
)
_NUMBERED = pa.schema([("id", pa.int64())])
_SHARE = pa.schema(
    [
        ("id", pa.int64()),
        ("project_id", pa.int64()),
        ("household_id", pa.int64()),
        ("planned_fen", pa.int64()),
        ("reached_fen", pa.int64()),
        ("status", pa.string()),
    ]
)
_OTHER = pa.schema([("project_id", pa.int64()), ("household_id", pa.int64()), ("number", pa.string())])
_FEES = pa.schema([("account_id", pa.int64()), ("got_fen", pa.int64()), ("paid_fen", pa.int64())])
_HANDS = pa.schema([("number", pa.string())])


@dataclass
class _Share:
    id: int
    planned_fen: int
    reached_fen: int
    gone: bool
    changed: bool = False


@dataclass
class Judged:
    """What speaks against rows; and the sums of projects and shares as they stand after all other rows."""

    problems: list[Problem] = field(default_factory=list)
    projects: dict[int, Standing] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    shares: dict[tuple[int, int], _Share] = field(default_factory=dict)

    def sums(self) -> pa.Table:
        """``id, received_fen, paid_fen`` of the projects that the rows changed."""
        found = [self.projects[key] for key in sorted(self.changed)]
        columns = {
            name: pa.array([getattr(one, name) for one in found], pa.int64())
            for name in ("id", "received_fen", "paid_fen")
        }
        return pa.table(columns)

    def reached(self) -> pa.Table:
        """``id, reached_fen`` of the shares that the rows changed."""
        found = [one for _key, one in sorted(self.shares.items()) if one.changed]
        return pa.table(
            {name: pa.array([getattr(one, name) for one in found], pa.int64()) for name in ("id", "reached_fen")}
        )


def judge(rows: pa.Table, left_out: Collection[int], pack: Pack) -> Judged:
    """The rows that touch projects, in their order. Must run inside a transaction; locks the projects.

    A row with a problem, or in ``left_out``, moves nothing: those after it are judged without it.
    """
    touching = pc.or_(pc.equal(rows["from_kind"], PROJECT), pc.equal(rows["to_kind"], PROJECT))
    places = pc.indices_nonzero(touching).to_pylist()
    if not places:
        return Judged()
    chosen = rows.take(pa.array(places, pa.int64()))
    judged = Judged()
    by_number = _locked(chosen)
    judged.projects = {one.id: one for one in by_number.values()}
    _households_locked(chosen)
    judged.shares = _shares(chosen, by_number)
    walk = _Walk(judged, by_number, _others(judged.shares), pack)
    names = (
        "from_kind", "from_code", "from_owner", "from_household", "to_kind", "to_code", "to_owner", "to_household",
        "amount_fen", "on", "reverses", "key",
    )  # fmt: skip
    for row, values in zip(places, zip(*(chosen[name].to_pylist() for name in names), strict=True), strict=True):
        if row in left_out:
            continue
        said = walk.step(*values)
        if said is not None:
            error, context = said
            judged.problems.append(Problem(row, error(key=values[-1], **context)))
    return judged


def _locked(chosen: pa.Table) -> dict[str, Standing]:
    owners = {owner for side in ("from", "to") for owner in _of(chosen, side)}
    wanted = pa.table({"number": pa.array(sorted(owners), pa.string())})
    with bulk.staged("wanted_projects", wanted, "number") as staged:
        sql = f"SELECT p.id FROM {staged} w JOIN {TABLE} p ON p.number = w.number ORDER BY p.id"
        keys = bulk.read(sql, [], _NUMBERED)["id"].combine_chunks()
    rows = lock(TABLE, keys, _LOCKED).to_pylist()
    return {row["number"]: Standing(**row) for row in rows}


def _households_locked(chosen: pa.Table) -> None:
    """Nobody else pays these households from a project until the end: two projects that pay one the same item at a moment see each other."""
    paid = chosen.filter(pc.and_(pc.equal(chosen["from_kind"], PROJECT), pc.is_valid(chosen["to_household"])))
    if paid.num_rows:
        lock("registry_household", pc.unique(paid["to_household"]).sort(), _NUMBERED)


def _of(chosen: pa.Table, side: str) -> set[str]:
    named = chosen.filter(pc.equal(chosen[f"{side}_kind"], PROJECT))
    return set(pc.unique(named[f"{side}_owner"]).to_pylist())


def _shares(chosen: pa.Table, by_number: dict[str, Standing]) -> dict[tuple[int, int], _Share]:
    """What households that these rows pay, or that pay back, have of the projects."""
    pairs: set[tuple[int, int]] = set()
    for project, other in (("from", "to"), ("to", "from")):
        named = chosen.filter(pc.is_valid(chosen[f"{other}_household"]))
        named = named.filter(pc.equal(named[f"{project}_kind"], PROJECT))
        several = named.group_by([f"{project}_owner", f"{other}_household"]).aggregate([])
        for owner, household in zip(*(several[name].to_pylist() for name in several.column_names), strict=True):
            if owner in by_number:
                pairs.add((by_number[owner].id, household))
    if not pairs:
        return {}
    projects, households = zip(*sorted(pairs), strict=True)
    wanted = pa.table({"project_id": pa.array(projects, pa.int64()), "household_id": pa.array(households, pa.int64())})
    with bulk.staged("wanted_shares", wanted, "household_id") as staged:
        sql = (
            f"SELECT b.id, b.project_id, b.household_id, b.planned_fen, b.reached_fen, h.poverty_status FROM {staged} w "
            f"JOIN {BENEFICIARIES} b ON b.project_id = w.project_id AND b.household_id = w.household_id "
            "JOIN registry_household h ON h.id = b.household_id"
        )
        found = bulk.read(sql, [], _SHARE).to_pylist()
    return {
        (one["project_id"], one["household_id"]): _Share(
            one["id"], one["planned_fen"], one["reached_fen"], one["status"] in GONE
        )
        for one in found
    }


def _others(shares: dict[tuple[int, int], _Share]) -> dict[tuple[int, int], str]:
    """By project and household, the number of another project of the same kind and year that paid the household."""
    if not shares:
        return {}
    projects, households = zip(*sorted(shares), strict=True)
    wanted = pa.table({"project_id": pa.array(projects, pa.int64()), "household_id": pa.array(households, pa.int64())})
    with bulk.staged("wanted_items", wanted, "household_id") as staged:
        sql = (
            f"SELECT w.project_id, w.household_id, min(o.number) FROM {staged} w JOIN {TABLE} p ON p.id = w.project_id "
            f"JOIN {BENEFICIARIES} b ON b.household_id = w.household_id AND b.project_id <> w.project_id AND b.reached_fen > 0 "
            f"JOIN {TABLE} o ON o.id = b.project_id AND o.kind = p.kind AND o.year = p.year GROUP BY 1, 2"
        )
        found = bulk.read(sql, [], _OTHER).to_pylist()
    return {(one["project_id"], one["household_id"]): one["number"] for one in found}


class _Walk:
    """One row after another, each judged after those before it."""

    def __init__(
        self, judged: Judged, by_number: dict[str, Standing], others: dict[tuple[int, int], str], pack: Pack
    ) -> None:
        self._judged, self._others, self._pack = judged, others, pack
        self._keys = {number: one.id for number, one in by_number.items()}
        self._limits: dict[dt.date, rules.Limits] = {}
        self._paid_now: dict[tuple[int, str, int], int] = {}

    def _held(self, on: dt.date) -> rules.Limits:
        if on not in self._limits:
            self._limits[on] = rules.limits(self._pack.at(on))
        return self._limits[on]

    def step(
        self,
        from_kind: str,
        from_code: str,
        from_owner: str,
        from_household: int | None,
        to_kind: str,
        to_code: str,
        to_owner: str,
        to_household: int | None,
        fen: int,
        on: dt.date,
        reverses: int | None,
        key: str,
    ) -> Refusal | None:
        """What speaks against the row; where nothing does, the sums are moved on."""
        out = from_kind == PROJECT
        number, place = (from_owner, from_code) if out else (to_owner, to_code)
        now = self._judged.projects.get(self._keys.get(number, 0))
        if now is None or now.place_code != place:
            name = areas.named([place]).get(place, place)
            return refusals.ProjectUnknown, {"project": number, "place": name}
        household = to_household if out else from_household
        if out and to_kind == PAYEE and reverses is None:
            said = self._against(now, to_owner, household, fen, on)
            if said is not None:
                return said[0], {"project": number, **said[1]}
            self._move(now.paying(fen), household, fen)
        elif (to_kind if out else from_kind) == PAYEE:  # a refund, or a payment taken back, whichever way it goes
            return self._back(now, household, fen if out else -fen, number)
        else:
            said = None if out else rules.against_receiving(now, fen, on)
            if said is not None:
                return said[0], {"project": number, **said[1]}
            self._move(now.taking(-fen if out else fen), None, 0)
        return None

    def _against(self, now: Standing, unit: str, household: int | None, fen: int, on: dt.date) -> Refusal | None:
        said = rules.against_paying(now, fen, on, household is None, self._held(on))
        if said is not None:
            return said
        if household is None:
            return None if rules.unit_of(now, unit) else (refusals.PayeeNotOfProject, {"payee": unit})
        share = self._judged.shares.get((now.id, household))
        if share is None:
            return refusals.PayeeNotBeneficiary, {}
        if share.gone:
            return refusals.PayeeGone, {}
        if share.reached_fen + fen > share.planned_fen:
            said_fen = {"planned": share.planned_fen, "reached": share.reached_fen, "asked": fen}
            return refusals.ShareExceeded, {name: money.format_yuan(value) for name, value in said_fen.items()}
        other = self._others.get((now.id, household)) or self._in_this_list(now, household)
        if other is not None:
            return refusals.ItemTwice, {"year": now.year, "other": other}
        return None

    def _back(self, now: Standing, household: int | None, fen: int, number: str) -> Refusal | None:
        """A refund moves the sums back, never below what was paid; a refund taken back moves them on, never above what may be."""
        share = self._judged.shares.get((now.id, household or 0))
        paid = now.paid_fen if household is None else share.reached_fen if share is not None else 0
        most = (now.approved_fen or 0) if household is None or share is None else share.planned_fen
        if not (0 <= paid + fen <= most and 0 <= now.paid_fen + fen <= (now.approved_fen or 0)):
            return refusals.RefundWrong, {
                "project": number,
                "paid": money.format_yuan(paid),
                "asked": money.format_yuan(abs(fen)),
            }
        self._move(now.paying(fen), household, fen)
        return None

    def _in_this_list(self, now: Standing, household: int) -> str | None:
        first = self._paid_now.setdefault((household, now.kind, now.year), now.id)
        return None if first == now.id else self._judged.projects[first].number

    def _move(self, after: Standing, household: int | None, fen: int) -> None:
        self._judged.projects[after.id] = after
        self._judged.changed.add(after.id)
        share = self._judged.shares.get((after.id, household)) if household is not None else None
        if share is not None:
            share.reached_fen += fen
            share.changed = True


def fees(rows: pa.Table, payers: list[int], left_out: Collection[int], pack: Pack) -> Iterator[Problem]:
    """Rows that pay for management more of their pot than the rules allow; what comes in by the same list does not count yet.

    ``payers``: by row the key of the payer's account.
    """
    asked = pc.and_(pc.equal(rows["purpose"], FEE), pc.equal(rows["to_kind"], PAYEE))
    places = pc.indices_nonzero(pc.and_(asked, pc.is_null(rows["reverses"]))).to_pylist()
    places = [row for row in places if row not in left_out]
    if not places:
        return
    accounts = sorted({payers[row] for row in places})
    with bulk.staged("wanted_fees", pa.table({"account_id": pa.array(accounts, pa.int64())}), "account_id") as staged:
        sql = (
            "SELECT w.account_id, "
            "coalesce((SELECT CAST(sum(t.amount_fen) AS bigint) FROM funds_transfer t JOIN funds_account a ON a.id = w.account_id "
            "WHERE t.to_code = a.area_code AND t.to_account_id = w.account_id AND t.reverses_id IS NULL), 0), "
            "coalesce((SELECT CAST(sum(t.amount_fen) AS bigint) FROM funds_transfer t JOIN funds_account a ON a.id = w.account_id "
            f"WHERE t.from_code = a.area_code AND t.from_account_id = w.account_id AND t.purpose = '{FEE}' AND t.reverses_id IS NULL), 0) "
            f"FROM {staged} w"
        )
        found = {one["account_id"]: one for one in bulk.read(sql, [], _FEES).to_pylist()}
    got = {account: one["got_fen"] for account, one in found.items()}
    paid = {account: one["paid_fen"] for account, one in found.items()}
    amounts, days, keys = (rows[name].to_pylist() for name in ("amount_fen", "on", "key"))
    for row in places:
        account = payers[row]
        percent = int(pack.at(days[row]).number("funds.management_fee_percent"))
        most = rules.part(got[account], percent)
        if paid[account] + amounts[row] > most:
            said = {"most": most, "asked": paid[account] + amounts[row]}
            fen = {name: money.format_yuan(value) for name, value in said.items()}
            yield Problem(row, refusals.FeeTooHigh(key=keys[row], percent=percent, **fen))
        else:
            paid[account] += amounts[row]


def hands(rows: pa.Table, by: str) -> Iterator[Problem]:
    """Rows out of a project in whose dossier the payer took a step: applying, approving and inspecting are not paying."""
    paying = pc.equal(rows["from_kind"], PROJECT)
    if not pc.any(paying).as_py():
        return
    wanted = pa.table({"number": pa.array(sorted(_of(rows, "from")), pa.string())})
    with bulk.staged("wanted_hands", wanted, "number") as staged:
        sql = (
            f"SELECT DISTINCT p.number FROM {staged} w JOIN {TABLE} p ON p.number = w.number "
            "JOIN procedures_steptaken s ON s.dossier_id = p.dossier_id WHERE s.by = %s"
        )
        found = set(bulk.read(sql, [by], _HANDS)["number"].to_pylist())
    if not found:
        return
    owners, keys = rows["from_owner"].to_pylist(), rows["key"].to_pylist()
    for row in pc.indices_nonzero(paying).to_pylist():
        if owners[row] in found:
            yield Problem(row, refusals.HandInProject(key=keys[row], project=owners[row], by=by))

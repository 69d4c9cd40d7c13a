"""What is on file that speaks for or against transfers: keys, places, closed years, what was reversed. Set by set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from jiefa.areas import queries as areas
from jiefa.funds.models import Account, ClosedYear, Transfer
from jiefa.funds.rules import refusals
from jiefa.funds.rules.refusals import Problem
from jiefa.kernel import division_codes
from jiefa.registry.models import Household
from jiefa.stores import bulk

AT_ONCE = 500
SAME = ("from_account_id", "to_account_id", "amount_fen", "on", "purpose", "document", "reverses_id")
ON_FILE = pa.schema(
    [
        ("n", pa.int64()),
        ("from_account_id", pa.int64()),
        ("to_account_id", pa.int64()),
        ("amount_fen", pa.int64()),
        ("on", pa.date32()),
        ("purpose", pa.string()),
        ("document", pa.string()),
        ("reverses_id", pa.int64()),
    ]
)


def keys(
    rows: pa.Table, account_keys: Sequence[int], payers: Sequence[int], receivers: Sequence[int]
) -> Iterator[int | Problem]:
    """Rows whose key is on file with the same content (their number), or with another, or stands in the rows before."""
    texts = rows["key"]
    if pc.count_distinct(texts).as_py() < rows.num_rows:
        seen: set[str] = set()
        for place, key in enumerate(texts.to_pylist()):
            if key in seen:
                yield Problem(place, refusals.KeyTwice(key=key))
            seen.add(key)
    wanted = pa.table({"n": pa.array(range(rows.num_rows), pa.int64()), "key": texts})
    with bulk.staged("wanted_keys", wanted, "key") as staged:
        names = ", ".join(f't."{name}"' for name in SAME)
        sql = f"SELECT w.n, {names} FROM {staged} w JOIN funds_transfer t ON t.key = w.key ORDER BY w.n"
        found = bulk.read(sql, [], ON_FILE).to_pylist()
    for one in found:
        row = one["n"]
        own = (
            account_keys[payers[row]],
            account_keys[receivers[row]],
            *(rows[name][row].as_py() for name in ("amount_fen", "on", "purpose", "document", "reverses")),
        )
        if own == tuple(one[name] for name in SAME):
            yield row
        else:
            yield Problem(row, refusals.KeyContradicts(key=texts[row].as_py()))


def any_key(texts: Sequence[str]) -> bool:
    """Whether a transfer is on file under one of these keys."""
    return Transfer.objects.filter(key__in=texts).exists()


def places(rows: pa.Table) -> Iterator[Problem]:
    """Rows that name a place which is not on file."""
    columns = ("from_code", "to_code", "origin_code")
    wanted = sorted({code for name in columns for code in pc.unique(rows[name]).to_pylist() if code})
    known: set[str] = set()
    for first in range(0, len(wanted), AT_ONCE):
        known |= set(areas.named(wanted[first : first + AT_ONCE]))
    strange = set(wanted) - known
    if not strange:
        return
    for place, codes in enumerate(zip(*(rows[name].to_pylist() for name in columns), strict=True)):
        for code in codes:
            if code in strange:
                yield Problem(place, refusals.PlaceUnknown(key=rows["key"][place].as_py(), place=code))
                break


def households(rows: pa.Table) -> Iterator[Problem]:
    """Rows that name a household which is not on the register."""
    columns = ("from_household", "to_household")
    wanted = sorted({key for name in columns for key in pc.unique(rows[name]).to_pylist() if key is not None})
    known: set[int] = set()
    for first in range(0, len(wanted), AT_ONCE):
        known |= set(Household.objects.filter(pk__in=wanted[first : first + AT_ONCE]).values_list("pk", flat=True))
    strange = set(wanted) - known
    if not strange:
        return
    for place, keys in enumerate(zip(*(rows[name].to_pylist() for name in columns), strict=True)):
        if strange & set(keys):
            yield Problem(place, refusals.HouseholdUnknown(key=rows["key"][place].as_py()))


def closed(rows: pa.Table) -> Iterator[Problem]:
    """Rows dated into a year that is closed for one of their places, or for a place around it."""
    years = pc.unique(pc.year(rows["on"])).to_pylist()
    shut = set(ClosedYear.objects.filter(year__in=years).values_list("area_code", "year"))
    if not shut:
        return
    names = areas.named(sorted({area for area, _year in shut}))
    sides = zip(rows["on"].to_pylist(), rows["from_code"].to_pylist(), rows["to_code"].to_pylist(), strict=True)
    for place, (on, payer, receiver) in enumerate(sides):
        around = {one for code in (payer, receiver) if code for one in (*division_codes.ancestors(code), code)}
        for area in sorted(around):
            if (area, on.year) in shut:
                said = {"place": names.get(area, area), "year": on.year}
                yield Problem(place, refusals.YearClosed(key=rows["key"][place].as_py(), **said))
                break


def reversals(
    rows: pa.Table, account_keys: Sequence[int], payers: Sequence[int], receivers: Sequence[int]
) -> Iterator[Problem]:
    """Rows that take back what cannot be taken back: reversed before, a reversal itself, another amount or other accounts."""
    asked = [(place, key) for place, key in enumerate(rows["reverses"].to_pylist()) if key is not None]
    if not asked:
        return
    found: dict[int, Transfer] = {}
    keys = sorted({key for _place, key in asked})
    for first in range(0, len(keys), AT_ONCE):
        part = Transfer.objects.select_related("reversed_by").filter(pk__in=keys[first : first + AT_ONCE])
        found |= {one.pk: one for one in part}
    taken: set[int] = set()
    for place, key in asked:
        wrong = found.get(key)
        own = (account_keys[receivers[place]], account_keys[payers[place]], rows["amount_fen"][place].as_py())
        before = getattr(wrong, "reversed_by", None) if wrong is not None else None
        again = before is not None and before.key == rows["key"][place].as_py()
        if (
            wrong is None
            or wrong.reverses_id is not None
            or (before is not None and not again)
            or key in taken
            or own != (wrong.from_account_id, wrong.to_account_id, wrong.amount_fen)
        ):
            yield Problem(place, refusals.NotToReverse(key=rows["key"][place].as_py()))
        taken.add(key)


def names(account_keys: Sequence[int]) -> dict[int, str]:
    """What accounts are called in a message: the place and the unit; a household by its number."""
    found = list(Account.objects.select_related("household").filter(pk__in=account_keys))
    places = areas.named(sorted({one.area_code for one in found}))
    return {
        one.pk: " ".join(
            part
            for part in (places.get(one.area_code, ""), one.household.number if one.household else one.owner)
            if part
        )
        for one in found
    }

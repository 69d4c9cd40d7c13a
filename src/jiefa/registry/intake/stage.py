"""From a file to a staged roster: read, placed, sealed, derived, matched. Nothing is written to the records.

``Staged`` is what the quality rules judge (above this folder) and what ``actions.batches`` keeps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from jiefa import sheets
from jiefa.access.rules import Scope
from jiefa.kernel.errors import JiefaError
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.registry import cards, roster
from jiefa.registry.intake import derive, match, places
from jiefa.registry.intake.remarks import RowRemark, remark

Progress = Callable[[str], None]


class RosterEmpty(JiefaError):
    code = "registry.roster_empty"
    zh = "文件“{file}”里没有一户可以读取。请用 jiefa template roster 生成的表填写后再导入。"
    en = "The file {file!r} holds no household that can be read. Fill in the workbook of jiefa template roster and load again."


@dataclass
class Staged:
    """A roster as it stands before anybody decides. Rows of other years than ``year`` are not in the tables."""

    file_name: str
    digest: str
    year: int
    households: pa.Table
    members: pa.Table
    accounts: dict[str, dict[str, int]]
    """Per sheet: ``read`` rows, of which ``data`` rows and ``skipped`` ones (blank, totals, notes)."""
    reading: list[sheets.Remark] = field(default_factory=list)
    remarks: list[RowRemark] = field(default_factory=list)
    known_keys: pa.ChunkedArray = field(default_factory=lambda: match.NOBODY["id_key"])
    """The blind indices on file of those who belong to its households."""

    def household_cards(self) -> pa.Table:
        """The staged households as cards, numbered by the file's own order."""
        return self.households.select(cards.HOUSEHOLD_CARD.names).cast(cards.HOUSEHOLD_CARD)

    def person_cards(self) -> pa.Table:
        """The staged members present at the year's end, of households in the file, as cards."""
        present = pc.and_(pc.invert(self.members["leaving"]), self.members["household_id"].is_valid())
        members = self.members.filter(present)
        members = members.append_column("joined_on", members["changed_on"])
        return members.select(cards.PERSON_CARD.names).cast(cards.PERSON_CARD)


def read_roster(
    path: Path | Sequence[Path], pack: Pack, within: Scope, on_step: Progress = lambda step: None
) -> Staged:
    """The roster in ``path`` (a file, a folder, or the files of its sheets), staged.

    Raises the errors of ``sheets`` when the file cannot be read, ``RosterEmpty``.
    """
    return matched(read_alone(path, pack, within, on_step), on_step)


def read_alone(path: Path | Sequence[Path], pack: Pack, within: Scope, on_step: Progress = lambda step: None) -> Staged:
    """The roster as the file tells it, nothing of the register beside it yet. Raises what ``read_roster`` raises."""
    on_step("reading")
    files = [path] if isinstance(path, Path) else list(path)
    read = sheets.read(path, roster.specs(pack))
    households, members = read.tables[roster.HOUSEHOLDS], read.tables[roster.MEMBERS]
    years = Counter(year for year in households["year"].to_pylist() if year is not None)
    if not years:
        raise RosterEmpty(file=files[0].name)
    year = years.most_common(1)[0][0]
    remarks: list[RowRemark] = []
    households = _one_year(households, roster.HOUSEHOLDS, year, remarks)
    members = _one_year(members, roster.MEMBERS, year, remarks)
    policy = pack.for_year(year)
    on_step("deriving")
    vault = Vault(settings.JIEFA_VAULT_KEY)
    located = places.villages_of(households, within)
    households = households.set_column(households.schema.get_field_index("village_code"), "village_code", located)
    households = derive.seal_households(households, vault, derive.phone_pattern(policy))
    members = derive.seal_members(members, vault)
    staged_households, staged_members = derive.staged_tables(households, members, policy)
    remarks += _plain_remarks(staged_households, staged_members, within)
    return Staged(
        file_name=files[0].name,
        digest=read.digest,
        year=year,
        households=staged_households,
        members=staged_members,
        accounts={
            sheet: {"read": rows, "data": read.tables[sheet].num_rows, "skipped": read.skipped_rows(sheet)}
            for sheet, rows in read.rows_read.items()
        },
        reading=list(read.remarks),
        remarks=remarks,
    )


def matched(staged: Staged, on_step: Progress = lambda step: None) -> Staged:
    """A roster that was read alone, with what the register knows now beside it, and the remarks that follow."""
    on_step("matching")
    found = match.match(staged.households, staged.members, staged.year)
    return replace(
        staged,
        households=found.households,
        members=found.members,
        remarks=staged.remarks + found.remarks,
        known_keys=found.known_members["id_key"],
    )


def may_touch(written: Staged, other: Staged) -> bool:
    """Whether writing one matched roster may change what the register knows of another, which was matched before that.

    It may where both name a household or a person; of another year it may, because what a household is known by is its last card.
    """
    if written.year != other.year:
        return True
    shared = (
        (written.households["household_number"], other.households["household_number"]),
        (_keys(written), _keys(other)),
    )
    return any(
        pc.any(pc.is_in(ours, value_set=theirs.combine_chunks(), skip_nulls=True)).as_py() for theirs, ours in shared
    )


def _keys(staged: Staged) -> pa.ChunkedArray:
    return pa.chunked_array([*staged.members["id_key"].chunks, *staged.known_keys.chunks], pa.int64())


def _one_year(table: pa.Table, sheet: str, year: int, remarks: list[RowRemark]) -> pa.Table:
    """``table`` without the rows of other years, each of which gets a remark; a blank year is left to the required-field check."""
    other = pc.fill_null(pc.not_equal(table["year"], year), False)
    for row, number in zip(
        table.filter(other)["row"].to_pylist(), table.filter(other)["household_number"].to_pylist(), strict=True
    ):
        remarks.append(remark("RO13", sheet, row, number))
    kept = table.filter(pc.invert(other))
    return kept.set_column(kept.schema.get_field_index("year"), "year", pc.fill_null(kept["year"], year))


def _plain_remarks(households: pa.Table, members: pa.Table, within: Scope) -> list[RowRemark]:
    """The remarks that need no look into the register: place, scope, numbers twice, members without household."""
    found: list[RowRemark] = []
    numbers = households["household_number"].to_pylist()
    times = Counter(numbers)
    for row, number, village in zip(
        households["row"].to_pylist(), numbers, households["village_code"].to_pylist(), strict=True
    ):
        if village is None:
            found.append(remark("RO01", roster.HOUSEHOLDS, row, number))
        elif not within.covers(village):
            found.append(remark("RO02", roster.HOUSEHOLDS, row, number))
        if number is not None and times[number] > 1:
            found.append(remark("RO03", roster.HOUSEHOLDS, row, number))
    orphans = members.filter(members["household_id"].is_null())
    for row, number in zip(orphans["row"].to_pylist(), orphans["household_number"].to_pylist(), strict=True):
        found.append(remark("RO04", roster.MEMBERS, row, number))
    return found

"""A roster from file to decision: staged by the registry, judged by the rules, kept with every remark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from django.db import connections, transaction

from jiefa.access.rules import Scope
from jiefa.insight.queries import judging
from jiefa.policy import Pack
from jiefa.registry import roster
from jiefa.registry.actions import batches
from jiefa.registry.intake import folder, remarks, stage
from jiefa.registry.intake.stage import Staged
from jiefa.registry.models import Batch
from jiefa.stores.analysis import duckdb_space
from jiefa.stores.engine import reads_while_writing

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Checked:
    """A batch as kept, with its remarks and where every row went."""

    batch: Batch
    staged: Staged
    remarks: pa.Table


def check_roster(
    *,
    path: Path | Sequence[Path],
    pack: Pack,
    within: Scope,
    by: str,
    take_over: bool = False,
    keep_source: bool = False,
    name: str | None = None,
    on_step: Progress = lambda step: None,
) -> Checked:
    """The roster read, checked and kept as a batch that waits; ``name``: what its owner calls the file. Raises the errors of ``sheets`` and ``SameContent``."""
    judged = _judged(stage.read_alone(path, pack, within, on_step), pack, on_step)
    staged, said = judged.staged, judged.remarks
    staged.file_name = name or staged.file_name
    source = path.read_bytes() if keep_source and isinstance(path, Path) and path.is_file() else None
    batch = batches.keep_batch(staged=staged, remarks=said, by=by, take_over=take_over, source=source)
    return Checked(batch, staged, said)


def load_roster(
    *,
    path: Path | Sequence[Path],
    pack: Pack,
    within: Scope,
    by: str,
    take_over: bool = False,
    on_step: Progress = lambda step: None,
) -> Checked:
    """The roster read, checked and taken in at once, for who answers for both: a break leaves nothing or the whole batch."""
    return _taken_in(_judged(stage.read_alone(path, pack, within, on_step), pack, on_step), by, take_over, on_step)


def load_rosters(
    *,
    paths: Iterable[Path | Sequence[Path]],
    pack: Pack,
    within: Scope,
    by: str,
    take_over: bool = False,
    on_step: Progress = lambda step: None,
) -> Iterator[Checked]:
    """Rosters taken in one after another, each as ``load_roster`` takes it. One is read while the one before is written.

    On PostgreSQL, where a reader never waits for a writer, it is matched and checked as well; should the one before then turn
    out to have touched somebody whom it names, it is matched and checked once more.
    ``paths`` is asked for the next roster, in another thread, once the one before has been checked.
    """
    waiting = iter(paths)

    def prepare_next() -> Staged | Judged | None:
        try:
            path = next(waiting, None)
            if path is None:
                return None
            read = stage.read_alone(path, pack, within)
            return _judged(read, pack) if reads_while_writing() else read
        finally:
            connections.close_all()  # of this thread

    before: Staged | None = None
    with ThreadPoolExecutor(max_workers=1) as ahead:
        coming = ahead.submit(prepare_next)
        while (ready := coming.result()) is not None:
            coming = ahead.submit(prepare_next)
            if isinstance(ready, Staged):
                ready = _judged(ready, pack, on_step)
            elif before is not None and stage.may_touch(before, ready.staged):
                ready = _judged(ready.read, pack, on_step)
            before = ready.staged
            yield _taken_in(ready, by, take_over, on_step)


@dataclass(frozen=True)
class Judged:
    """A roster matched with the register, and all that there is to say of it; ``read``: as the file alone tells it."""

    read: Staged
    staged: Staged
    remarks: pa.Table


def _taken_in(judged: Judged, by: str, take_over: bool, on_step: Progress) -> Checked:
    staged, said = judged.staged, judged.remarks
    with transaction.atomic():
        batch = batches.keep_batch(staged=staged, remarks=said, by=by, take_over=take_over, source=None)
        batch = batches.accept_batch(batch=batch, by=by, second_officer=False, just_matched=True, on_step=on_step)
    return Checked(batch, staged, said)


def _judged(read: Staged, pack: Pack, on_step: Progress = lambda step: None) -> Judged:
    staged = stage.matched(read, on_step)
    batches.refuse_known_content(staged.digest)
    on_step("checking")
    return Judged(read, staged, all_remarks(staged, pack))


def all_remarks(staged: Staged, pack: Pack) -> pa.Table:
    """Everything there is to say of a staged roster, by row (``folder.REMARK_COLUMNS``): reading, intake, quality."""
    parts = [_reading_remarks(staged), _intake_remarks(staged), _quality_remarks(staged, pack)]
    parts.append(_waiting_remarks(staged, pa.concat_tables(parts)))
    return pa.concat_tables(parts).sort_by([("sheet", "ascending"), ("row", "ascending"), ("rule", "ascending")])


def _number_of_row(staged: Staged) -> dict[tuple[str, int], str | None]:
    numbers: dict[tuple[str, int], str | None] = {}
    for sheet, table in ((roster.HOUSEHOLDS, staged.households), (roster.MEMBERS, staged.members)):
        for row, number in zip(table["row"].to_pylist(), table["household_number"].to_pylist(), strict=True):
            numbers[(sheet, row)] = number
    return numbers


def _reading_remarks(staged: Staged) -> pa.Table:
    """One row per cell that could not be typed or is doubtful; what was put right is said once per column and kind."""
    rows: list[tuple[object, ...]] = []
    severe = [remark for remark in staged.reading if remark.severity != "fixed"]
    numbers = _number_of_row(staged) if any(remark.rows for remark in severe) else {}
    levels = {"error": "error", "warning": "warn", "fixed": "fixed"}
    for said in staged.reading:
        level, code = levels[said.severity], f"cell.{said.code}"
        if said.severity == "fixed" or not said.rows:
            rows.append((said.sheet, None, None, said.column, level, code, said.zh, said.en))
            continue
        for row in said.rows:
            rows.append((said.sheet, row, numbers.get((said.sheet, row)), said.column, level, code, said.zh, said.en))
    return _table(rows)


def _waiting_remarks(staged: Staged, said: pa.Table) -> pa.Table:
    """RO14 on the row of every household that waits because of a member's row alone."""
    with duckdb_space() as db:
        db.register("said", said)
        db.register("h", staged.households.select(["row", "household_number"]))
        rows = db.execute(
            f"""
            SELECT h.row, h.household_number FROM h
            WHERE h.household_number IN (SELECT household FROM said WHERE level = 'error' AND household IS NOT NULL)
              AND h.row NOT IN (
                SELECT row FROM said WHERE level = 'error' AND sheet = '{roster.HOUSEHOLDS}' AND row IS NOT NULL)
            """
        ).fetchall()
    waiting = [remarks.remark("RO14", roster.HOUSEHOLDS, row, number) for row, number in rows]
    return _table([(r.sheet, r.row, r.household, r.column, r.level, r.rule, r.zh, r.en) for r in waiting])


def _intake_remarks(staged: Staged) -> pa.Table:
    said: list[remarks.RowRemark] = staged.remarks
    return _table([(r.sheet, r.row, r.household, r.column, r.level, r.rule, r.zh, r.en) for r in said])


def _table(rows: list[tuple[object, ...]]) -> pa.Table:
    columns: list[tuple[object, ...]] = list(zip(*rows, strict=True)) if rows else [() for _ in folder.REMARK_COLUMNS]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, folder.REMARK_COLUMNS, strict=True)],
        schema=folder.REMARK_COLUMNS,
    )


def _quality_remarks(staged: Staged, pack: Pack) -> pa.Table:
    found = judging.judge(staged.person_cards(), staged.household_cards(), staged.year, pack)
    with duckdb_space() as db:
        db.register("found", found)
        db.register("h", staged.households.select(["household_id", "row", "household_number"]))
        db.register("m", staged.members.select(["person_id", "row"]))
        db.register("texts", _texts(pack))
        db.register("labels", _labels(pack))
        return db.sql(_QUALITY_REMARKS).to_arrow_table().cast(folder.REMARK_COLUMNS)


# A detail that names columns (which fields are empty, say) is told in their labels, and the remark stands on the first.
_QUALITY_REMARKS = f"""
WITH known AS (SELECT map(list(id), list(zh)) AS zh, map(list(id), list(en)) AS en FROM labels),
named AS (
    SELECT found.*, list_filter(string_split(coalesce(detail, ''), ','), lambda d: known.zh[d] IS NOT NULL) AS columns,
        array_to_string(list_transform(columns, lambda d: known.zh[d]), '、') AS columns_zh,
        array_to_string(list_transform(columns, lambda d: known.en[d]), ', ') AS columns_en
    FROM found, known
)
SELECT CASE WHEN named.person_id IS NULL THEN '{roster.HOUSEHOLDS}' ELSE '{roster.MEMBERS}' END AS sheet,
    CASE WHEN named.person_id IS NULL THEN h.row ELSE m.row END AS row,
    h.household_number AS household,
    coalesce(columns[1], CASE WHEN named.person_id IS NULL THEN texts.household_column ELSE texts.member_column END)
        AS "column",
    named.level, named.rule,
    texts.zh || CASE WHEN columns_zh <> '' THEN '这里是：' || columns_zh || '。' ELSE '' END AS zh,
    texts.en || CASE WHEN columns_en <> '' THEN ' Here: ' || columns_en || '.' ELSE '' END AS en
FROM named
JOIN h ON h.household_id = named.household_id
LEFT JOIN m ON m.person_id = named.person_id
JOIN texts ON texts.rule = named.rule
"""


def _labels(pack: Pack) -> pa.Table:
    """The labels of the roster's columns, by id."""
    fields = {field.id: field for sheet in pack.form("roster").sheets for field in sheet.fields}
    return pa.table(
        {
            "id": list(fields),
            "zh": [field.zh for field in fields.values()],
            "en": [field.en for field in fields.values()],
        }
    )


def _texts(pack: Pack) -> pa.Table:
    """Per rule: the words with the remedy, and the column of either sheet on which it is shown (NULL: the row)."""
    form = pack.form("roster")
    known = {sheet.id: [field.id for field in sheet.fields] for sheet in form.sheets}
    rows = []
    for text in pack.quality_rules():
        rows.append(
            (
                text.id,
                f"{text.zh}{text.remedy_zh}",
                f"{text.en} {text.remedy_en}",
                _shown_on(text.fields, known[roster.HOUSEHOLDS]),
                _shown_on(text.fields, known[roster.MEMBERS]),
            )
        )
    names = ("rule", "zh", "en", "household_column", "member_column")
    return pa.table(
        {name: pa.array(values, pa.string()) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
    )


def _shown_on(fields: tuple[str, ...], columns: list[str]) -> str | None:
    return next((column for name in fields for column in columns if name in (column, f"{column}_fen")), None)

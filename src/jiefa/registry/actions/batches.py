"""Taking a roster into the register: kept aside with its remarks, then accepted or refused as one piece.

Acceptance is one transaction: a break at any moment leaves nothing or everything.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError
from jiefa.kernel.vault import Vault
from jiefa.registry.actions import entering
from jiefa.registry.intake import folder, match
from jiefa.registry.intake.stage import Staged
from jiefa.registry.models import Batch, BatchState
from jiefa.stores import bulk
from jiefa.stores.analysis import duckdb_space

KEPT_SOURCE_BYTES = 64 << 20
"""Files up to this size are kept, sealed, so that the report can be made again; larger ones stay with their owner."""


class SameContent(JiefaError):
    code = "registry.same_content"
    zh = "内容相同的花名册已经导入过：第 {batch} 批（{state}，{file}）。没有重复写入。要更正，请先修改内容。"
    en = "A roster of the same content was loaded before: batch {batch} ({state}, {file}). Nothing was written twice. To correct it, change the content."


class NotYours(JiefaError):
    code = "registry.second_officer"
    zh = "导入的人不能自己接受：请由另一位有权的工作人员复核第 {batch} 批。"
    en = "Who loaded a roster cannot accept it: another officer has to review batch {batch}."


class AlreadyDecided(JiefaError):
    code = "registry.decided"
    zh = "第 {batch} 批已经处理过了（{state}）。"
    en = "Batch {batch} has been decided already ({state})."


def refuse_known_content(digest: str) -> None:
    """Raises ``SameContent`` when a roster of this digest is waiting or went in whole."""
    whole = Q(state=BatchState.STAGED) | Q(state=BatchState.ACCEPTED, held_back=0)
    _refuse(Batch.objects.filter(whole, digest=digest).first())


def _refuse(known: Batch | None) -> None:
    if known is not None:
        raise SameContent(batch=known.pk, state=known.get_state_display(), file=known.file_name)


def keep_batch(*, staged: Staged, remarks: pa.Table, by: str, take_over: bool, source: bytes | None) -> Batch:
    """The batch, waiting for its decision. ``remarks`` (``folder.REMARK_COLUMNS``) decide which households are held back.

    Held: any error on a row of the household. With ``take_over`` only what makes the record impossible holds
    (``_IMPOSSIBLE``, keys that cannot be read); everything else becomes an open finding of the next check.
    """
    refuse_known_content(staged.digest)
    households, members = _marked(staged, remarks, take_over)
    vault = Vault(settings.JIEFA_VAULT_KEY)
    kept_source = vault.seal_bytes(source) if source is not None and len(source) <= KEPT_SOURCE_BYTES else None
    held = pc.sum(households["held"]).as_py() or 0
    unchanged = pc.sum(households["unchanged"]).as_py() or 0
    if households.num_rows == held + unchanged:
        # What waited then still waits: the same content again brings nothing. Where the register was put right since, it does.
        _refuse(Batch.objects.filter(digest=staged.digest, state=BatchState.ACCEPTED).first())
    home = folder.keep(
        settings.JIEFA_HOME, households, members, remarks, kept_source, {"year": staged.year, "take_over": take_over}
    )
    counties = sorted({code[:6] for code in households["village_code"].drop_null().unique().to_pylist()})
    levels = remarks["level"].to_pylist()
    with transaction.atomic():
        return Batch.objects.create(
            digest=staged.digest,
            file_name=staged.file_name,
            state=BatchState.STAGED,
            take_over=take_over,
            years=str(staged.year),
            counties=",".join(counties),
            households=households.num_rows,
            persons=members.num_rows,
            accepted=households.num_rows - held - unchanged,
            held_back=held,
            skipped=unchanged + staged.accounts.get("households", {}).get("skipped", 0),
            warnings=levels.count("warn"),
            folder=home.path.name,
            staged_at=timezone.now(),
            staged_by=by,
        )


_IMPOSSIBLE = ("RO01", "RO02", "RO03", "RO04", "RO06", "RO09", "RO11", "RO12", "RO13")
"""What no record can be made of, or what would overwrite one: it holds a household back even when a register is taken over."""

_KEY_COLUMNS = ("household_number", "year", "name", "poverty_status", "household_class", "id_number")


def _unreadable_key(remarks: pa.Table) -> pa.Array:
    """Errors of reading in the columns without which there is no record, and in numbers that would be lost."""
    of_reading = pc.starts_with(remarks["rule"], "cell")
    return pc.and_(of_reading, pc.fill_null(pc.is_in(remarks["column"], pa.array(_KEY_COLUMNS)), False))


def _marked(staged: Staged, remarks: pa.Table, take_over: bool) -> tuple[pa.Table, pa.Table]:
    blocking = pc.equal(remarks["level"], "error")
    if take_over:
        blocking = pc.and_(blocking, pc.or_(pc.is_in(remarks["rule"], pa.array(_IMPOSSIBLE)), _unreadable_key(remarks)))
    with duckdb_space() as db:
        db.register("h", staged.households)
        db.register("blocked", pa.table({"household_number": remarks.filter(blocking)["household"]}))
        marked = db.sql(
            """
            SELECT h.*, h.household_number IS NULL OR h.household_number IN
                (SELECT household_number FROM blocked WHERE household_number IS NOT NULL) AS held0,
                coalesce(h.same_year_content = h.content_key, false) AS same
            FROM h ORDER BY household_id
            """
        ).to_arrow_table()
    held, same = marked["held0"], marked["same"]
    marked = marked.drop_columns(["held0", "same"])
    marked = marked.append_column("held", pc.and_(held, pc.invert(same))).append_column("unchanged", same)
    return marked, staged.members


@transaction.atomic
def refuse_batch(*, batch: Batch, by: str, reason: str) -> None:
    """The batch is refused; nothing of it was or will be written."""
    batch = _lock(batch)
    _decide(batch, BatchState.REFUSED, by, reason)
    audit.record_many(
        [
            audit.Said(
                chain=county or "system",
                by=by,
                action="batch.refused",
                object_type="batch",
                object_id=batch.pk,
                diff={"digest": batch.digest, "reason": reason},
            )
            for county in batch.counties.split(",")
        ]
    )


def accept_batch(
    *,
    batch: Batch,
    by: str,
    second_officer: bool = True,
    just_matched: bool = False,
    on_step: Callable[[str], None] = lambda step: None,
) -> Batch:
    """The batch is in the register: households, persons, memberships, cards, movements, one audit entry per county.

    Households whose record changed since the check are held back and counted so. ``just_matched``: the check was a moment ago,
    and holds if no household of the roster has changed since (``_still``). Raises ``AlreadyDecided`` and, where a
    second officer is asked for, ``NotYours``.
    """
    with transaction.atomic():
        batch = _lock(batch)
        if second_officer and batch.staged_by == by:
            raise NotYours(batch=batch.pk)
        staged = folder.StagedFolder(settings.JIEFA_HOME / "staged" / batch.folder)
        year = int(batch.years)
        households, members = staged.households(), staged.members()
        chosen = households.filter(pc.invert(pc.or_(households["held"], households["unchanged"])))
        chosen_members = members.filter(pc.is_in(members["household_id"], chosen["household_id"].combine_chunks()))
        on_step("matching")
        rematched = (_still(chosen, chosen_members, year) if just_matched else None) or _rematch(
            chosen, chosen_members, year
        )
        on_step("writing")
        entering.write(rematched, year)
        bulk.refresh_statistics(entering.TABLES)
        changed_since = chosen.num_rows - rematched.households.num_rows
        Batch.objects.filter(pk=batch.pk).update(
            accepted=rematched.households.num_rows, held_back=batch.held_back + changed_since
        )
        _decide(batch, BatchState.ACCEPTED, by, "")
        _audit_by_county(batch, rematched.households, rematched.members, by)
        on_step("committing")
    batch.refresh_from_db()
    return batch


def _lock(batch: Batch) -> Batch:
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != BatchState.STAGED:
        raise AlreadyDecided(batch=locked.pk, state=locked.get_state_display())
    return locked


def _decide(batch: Batch, state: BatchState, by: str, reason: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=state, decided_at=timezone.now(), decided_by=by, reason=reason)


MATCH_COLUMNS = ("existing_id", "existing_version", "latest_year", "same_year_content", "previous_year")


def _still(households: pa.Table, members: pa.Table, year: int) -> match.Match | None:
    """The match of the check, if every household stands as it did then and who was in none still is; else None.

    Whatever changes a household or its members raises its version, so that the members need not be read again: a tenth of
    the time of a following year's roster.
    """
    columns = ["household_number", *MATCH_COLUMNS]
    with duckdb_space() as db:
        db.register("before", households.select(columns))
        db.register("known", match.known_households(households, year))
        same = " AND ".join(f"before.{name} IS NOT DISTINCT FROM known.{name}" for name in MATCH_COLUMNS)
        changed = db.sql(
            f"SELECT count(*) FROM before LEFT JOIN known USING (household_number) WHERE NOT ({same})"
        ).fetchall()[0][0]
    taken_in = members.filter(pc.and_(members["existing_person_id"].is_valid(), pc.invert(members["known_here"])))
    if changed or match.any_belongs(taken_in["existing_person_id"]):
        return None
    return match.Match(households.drop_columns(["held", "unchanged"]), members, match.NOBODY, remarks=[])


def _rematch(households: pa.Table, members: pa.Table, year: int) -> match.Match:
    """The match as it is now; households for which it is no longer that of the check are left out."""
    matched_columns = [name for name in households.column_names if name in MATCHED]
    plain = households.drop_columns([*matched_columns, "held", "unchanged"])
    again = match.match(
        plain, members.drop_columns(["existing_person_id", "known_here", "was_present", "same_grade_years"]), year
    )
    with duckdb_space() as db:
        db.register("before", households)
        db.register("now", again.households)
        same = " AND ".join(f"before.{name} IS NOT DISTINCT FROM now.{name}" for name in MATCH_COLUMNS)
        kept = db.sql(
            f"SELECT now.household_id FROM now JOIN before USING (household_id) WHERE {same} ORDER BY 1"
        ).to_arrow_table()["household_id"]
    if len(kept) == households.num_rows:
        return again
    ids = kept.combine_chunks()
    return match.Match(
        households=again.households.filter(pc.is_in(again.households["household_id"], ids)),
        members=again.members.filter(pc.is_in(again.members["household_id"], ids)),
        known_members=again.known_members,
        remarks=[],
    )


MATCHED = frozenset(match.HOUSEHOLD_COLUMNS) - {"household_number"}


def _audit_by_county(batch: Batch, households: pa.Table, members: pa.Table, by: str) -> None:
    by_county: dict[str, list[int]] = {}
    for column, position in ((households["village_code"], 0), (members["village_code"], 1)):
        for value in pc.value_counts(pc.utf8_slice_codeunits(column, 0, 6)):
            by_county.setdefault(value["values"].as_py(), [0, 0])[position] = value["counts"].as_py()
    audit.record_many(
        [
            audit.Said(
                chain=county,
                by=by,
                action="batch.accepted",
                object_type="batch",
                object_id=batch.pk,
                diff={
                    "digest": batch.digest,
                    "file": batch.file_name,
                    "year": batch.years,
                    "households": household_count,
                    "member_rows": member_count,
                    "staged_by": batch.staged_by,
                    "take_over": batch.take_over,
                },
            )
            for county, (household_count, member_count) in sorted(by_county.items())
        ]
    )

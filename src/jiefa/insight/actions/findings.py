"""Findings follow the data: new violations open one, vanished violations close theirs; a waiver takes two people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from jiefa.audit import actions as audit
from jiefa.insight.models import Finding, FindingState
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.stores import bulk
from jiefa.stores.analysis import duckdb_space

_ON_FILE = pa.schema(
    [
        ("id", pa.int64()),
        ("rule", pa.string()),
        ("household_id", pa.int64()),
        ("person_id", pa.int64()),
        ("village_code", pa.string()),
        ("state", pa.string()),
    ]
)
_KEY = "rule, coalesce(household_id, 0), coalesce(person_id, 0), CASE WHEN household_id IS NULL THEN village_code ELSE '' END"


class SamePerson(JiefaError):
    code = "insight.waive_same_person"
    zh = "提出不改的人不能自己批准，请另一位有权的工作人员决定。"
    en = "Who asked for a waiver cannot grant it; another officer has to decide."


class NotOpen(JiefaError):
    code = "insight.finding_not_open"
    zh = "这条问题现在是“{state}”，不能这样处理。请刷新页面。"
    en = "This finding is {state!r} now; this cannot be done. Reload the page."


def follow(
    *,
    year: int,
    violations: Path | pa.Table,
    snapshot: str,
    pack: Pack,
    household_id: int | None = None,
    judged: Collection[str] | None = None,
) -> tuple[int, int]:
    """``(opened, mended)``: findings of ``year`` brought in line with ``violations``; of one household, if given.

    ``judged``: the rules that were asked; findings of others stay as they are.
    """
    policy = pack.for_year(year)
    today = timezone.localdate()
    days = {level: int(policy.number(f"findings.{level}_days")) for level in ("error", "warn")}
    where, parameters = ("AND household_id = %s", [year, household_id]) if household_id else ("", [year])
    with transaction.atomic(), duckdb_space() as db:
        on_file = bulk.read(
            "SELECT id, rule, household_id, person_id, village_code, state FROM insight_finding "
            f"WHERE state <> 'mended' AND year = %s {where}",
            parameters,
            _ON_FILE,
        )
        db.register("on_file", on_file)
        source = f"read_parquet('{violations}')" if isinstance(violations, Path) else "given"
        if not isinstance(violations, Path):
            db.register("given", violations)
        db.execute(f"CREATE TABLE v AS SELECT DISTINCT ON ({_KEY}) * FROM {source} ORDER BY {_KEY}, level")
        fresh = db.sql(_fresh_sql(year, today, days, snapshot)).to_arrow_table()
        bulk.insert("insight_finding", fresh.append_column("id", bulk.new_ids("insight_finding", fresh.num_rows)))
        bulk.refresh_statistics(["insight_finding"])
        asked = f"AND rule IN ({', '.join(repr(rule) for rule in sorted(judged))})" if judged is not None else ""
        gone = db.sql(
            f"""
            SELECT id, 'mended' AS state, DATE '{today}' AS closed_on FROM on_file
            WHERE state <> 'waived' {asked} AND ({_KEY}) NOT IN (SELECT ({_KEY}) FROM v) ORDER BY id
            """
        ).to_arrow_table()
        bulk.update("insight_finding", gone, "id")
    return fresh.num_rows, gone.num_rows


def _fresh_sql(year: int, today: dt.date, days: dict[str, int], snapshot: str) -> str:
    return f"""
        SELECT rule, level, CAST({year} AS SMALLINT) AS year, village_code, household_id, person_id,
            coalesce(detail, '') AS detail,
            CASE WHEN household_id IS NULL THEN substr(village_code, 1, 9) ELSE village_code END AS owner_code,
            'open' AS state, DATE '{today}' AS opened_on,
            DATE '{today}' + CASE level WHEN 'error' THEN {days["error"]} ELSE {days["warn"]} END AS deadline,
            '' AS reason, '' AS asked_by, '' AS decided_by, '{snapshot}' AS snapshot
        FROM v WHERE ({_KEY}) NOT IN (SELECT ({_KEY}) FROM on_file) ORDER BY village_code, household_id, person_id, rule
    """


@transaction.atomic
def ask_waiver(*, finding: Finding, by: str, reason: str) -> None:
    """Somebody says why the data is right although the rule speaks against it; another person decides."""
    found = _lock(finding, FindingState.OPEN)
    Finding.objects.filter(pk=found.pk).update(state=FindingState.ASKED, asked_by=by, reason=reason)
    _log(found, by, "finding.waiver_asked", {"reason": reason})


@transaction.atomic
def decide_waiver(*, finding: Finding, by: str, grant: bool) -> None:
    """The waiver is granted or the finding is open again. Raises ``SamePerson``, ``NotOpen``."""
    found = _lock(finding, FindingState.ASKED)
    if found.asked_by == by:
        raise SamePerson
    state = FindingState.WAIVED if grant else FindingState.OPEN
    Finding.objects.filter(pk=found.pk).update(
        state=state, decided_by=by, closed_on=timezone.localdate() if grant else None
    )
    _log(found, by, "finding.waived" if grant else "finding.waiver_refused", {"asked_by": found.asked_by})


def _lock(finding: Finding, state: FindingState) -> Finding:
    found = Finding.objects.select_for_update().get(pk=finding.pk)
    if found.state != state:
        raise NotOpen(state=found.get_state_display())
    return found


def _log(finding: Finding, by: str, action: str, diff: dict[str, object]) -> None:
    audit.record(
        chain=finding.village_code,
        by=by,
        action=action,
        object_type="finding",
        object_id=finding.pk,
        diff={"rule": finding.rule, "household": finding.household_id, **diff},
    )

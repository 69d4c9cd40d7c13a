"""What is wrong with money and projects by the rules FU01-FU06, LN01, LN02 of the pack, and lists to act on: idle money, slow work.

Each is one question to the tables of money, and opens its rows. Guards keep most of them from ever happening; they are asked all the same,
because registers are taken over, households die, and time passes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from jiefa.access.rules import Scope
from jiefa.funds.models import Project
from jiefa.funds.queries import loan_findings
from jiefa.kernel.errors import Language
from jiefa.policy import NotInForce, Pack, Policy
from jiefa.stores import bulk
from jiefa.stores.dates import day_mark, days_between

MOST = 500
"""Rows of one finding that are read at once; how many there are is counted beside."""

FOUND = pa.schema(
    [
        ("kind", pa.string()),
        ("id", pa.int64()),
        ("area_code", pa.string()),
        ("name", pa.string()),
        ("fen", pa.int64()),
        ("more", pa.string()),
    ]
)
"""``kind``: what ``id`` is the key of: ``project``, ``account``, ``transfer``, ``household``, ``loan``; '' for none."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question. ``rule``: the rule of the pack that it belongs to."""

    id: str
    rule: str
    zh: str
    en: str
    sql: Callable[[Policy, dt.date], tuple[str, list[object]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a question found; ``fen`` None where no money is named."""

    kind: str
    id: int
    area_code: str
    name: str
    fen: int | None
    more: str


def _over(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return (
        (
            "SELECT 'project' AS kind, p.id, p.place_code AS area_code, p.number || ' ' || p.name AS name, "
            "CAST(sum(t.amount_fen) AS bigint) AS fen, '' AS more FROM funds_project p "
            "JOIN funds_account a ON a.kind = 'project' AND a.area_code = p.place_code AND a.owner = p.number "
            "JOIN funds_transfer t ON t.from_code = a.area_code AND t.from_account_id = a.id "
            "JOIN funds_account b ON b.id = t.to_account_id AND b.kind = 'payee' "
            "LEFT JOIN funds_transfer back ON back.reverses_id = t.id "
            "WHERE t.reverses_id IS NULL AND back.id IS NULL "
            "GROUP BY p.id, p.place_code, p.number, p.name, p.approved_fen HAVING sum(t.amount_fen) > coalesce(p.approved_fen, 0)"
        ),
        [],
    )


def _early(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return _paid('p.approved_on IS NULL OR t."on" < p.approved_on')


def _unpublished(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return _paid('p.noticed_on IS NULL OR t."on" < p.noticed_on')


def _paid(condition: str) -> tuple[str, list[object]]:
    """Payments of projects, not taken back, for which the condition holds."""
    return (
        (
            "SELECT 'transfer' AS kind, t.id, p.place_code AS area_code, p.number || ' ' || p.name AS name, t.amount_fen AS fen, "
            "t.document AS more FROM funds_project p "
            "JOIN funds_account a ON a.kind = 'project' AND a.area_code = p.place_code AND a.owner = p.number "
            "JOIN funds_transfer t ON t.from_code = a.area_code AND t.from_account_id = a.id "
            "JOIN funds_account b ON b.id = t.to_account_id AND b.kind = 'payee' "
            "LEFT JOIN funds_transfer back ON back.reverses_id = t.id "
            f"WHERE t.reverses_id IS NULL AND back.id IS NULL AND ({condition})"
        ),
        [],
    )


def _stranger(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return _paid(
        "(b.household_id IS NULL AND b.owner <> p.contractor AND b.owner <> p.implementer) OR (b.household_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM funds_projectbeneficiary s WHERE s.project_id = p.id AND s.household_id = b.household_id))"
    )


def _gone(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return _paid(
        "EXISTS (SELECT 1 FROM registry_household h WHERE h.id = b.household_id AND h.poverty_status IN ('closed', 'removed'))"
    )


def _twice(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return (
        (
            "SELECT 'household' AS kind, s.household_id AS id, h.village_code AS area_code, h.number AS name, "
            "CAST(sum(s.reached_fen) AS bigint) AS fen, CAST(p.year AS text) AS more FROM funds_projectbeneficiary s "
            "JOIN funds_project p ON p.id = s.project_id JOIN registry_household h ON h.id = s.household_id WHERE s.reached_fen > 0 "
            "GROUP BY s.household_id, h.village_code, h.number, p.kind, p.year HAVING count(*) > 1"
        ),
        [],
    )


def _forbidden(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    value = policy.value("funds.negative_list")
    purposes = policy.texts("funds.negative_list")
    marks = ", ".join(["%s"] * len(purposes))
    return (
        (
            "SELECT 'transfer' AS kind, t.id, t.from_code AS area_code, t.document AS name, t.amount_fen AS fen, t.purpose AS more "
            f'FROM funds_transfer t WHERE t.purpose IN ({marks}) AND t."on" >= %s AND t.reverses_id IS NULL '
            "AND NOT EXISTS (SELECT 1 FROM funds_transfer back WHERE back.reverses_id = t.id)"
        ),
        [*purposes, value.from_date],
    )


def _idle(years_parameter: str) -> Callable[[Policy, dt.date], tuple[str, list[object]]]:
    def sql(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
        years = int(policy.number(years_parameter))
        return (
            (
                "SELECT 'account' AS kind, a.id, a.area_code, a.owner AS name, a.balance_fen AS fen, CAST(o.year AS text) AS more "
                "FROM funds_account a JOIN funds_origin o ON o.id = a.origin_id "
                "WHERE a.kind IN ('source', 'holder', 'project') AND a.balance_fen > 0 AND o.year <= %s"
            ),
            # Money of a fund year is idle when so many whole years have gone by since that year ended.
            [on.year - 1 - years],
        )

    return sql


def _slow(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    behind = int(policy.number("project.slow_percent"))
    elapsed = f"100.0 * {days_between(day_mark(), 'p.starts_on')} / {days_between('p.ends_on', 'p.starts_on')}"
    return (
        (
            "SELECT 'project' AS kind, p.id, p.place_code AS area_code, p.number || ' ' || p.name AS name, p.approved_fen AS fen, "
            "CAST(p.progress_percent AS text) || '%%' AS more FROM funds_project p JOIN procedures_dossier d ON d.id = p.dossier_id "
            f"WHERE d.step IN ('notice_before', 'carrying_out') AND p.starts_on < {day_mark()} AND (p.ends_on < {day_mark()} "
            f"OR (p.ends_on > p.starts_on AND {elapsed} - p.progress_percent > %s))"
        ),
        [on, on, on, behind],
    )


def _one_firm(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    share = int(policy.number("project.contractor_share_percent"))
    return (
        (
            "SELECT '' AS kind, 0 AS id, c.county AS area_code, c.contractor AS name, c.fen, CAST(c.year AS text) AS more FROM "
            "(SELECT substr(place_code, 1, 6) AS county, year, contractor, CAST(sum(approved_fen) AS bigint) AS fen, count(*) AS projects "
            "FROM funds_project WHERE approved_fen IS NOT NULL AND contractor <> '' GROUP BY 1, 2, 3) c "
            "JOIN (SELECT substr(place_code, 1, 6) AS county, year, CAST(sum(approved_fen) AS bigint) AS fen "
            "FROM funds_project WHERE approved_fen IS NOT NULL AND contractor <> '' GROUP BY 1, 2) w "
            "ON w.county = c.county AND w.year = c.year WHERE c.projects > 1 AND c.fen * 100 > w.fen * %s"
        ),
        [share],
    )


def _split(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    limit = policy.fen("project.tender_limit")
    return (
        (
            "SELECT '' AS kind, 0 AS id, place_code AS area_code, contractor AS name, CAST(sum(asked_fen) AS bigint) AS fen, "
            "CAST(year AS text) AS more FROM funds_project WHERE contractor <> '' AND tender <> 'open' AND asked_fen < %s "
            "GROUP BY place_code, year, kind, contractor HAVING count(*) > 1 AND sum(asked_fen) >= %s"
        ),
        [limit, limit],
    )


def _inspector(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return (
        (
            "SELECT DISTINCT 'project' AS kind, p.id, p.place_code AS area_code, p.number || ' ' || p.name AS name, p.approved_fen AS fen, "
            "i.by AS more FROM funds_project p JOIN funds_projectinspection i ON i.project_id = p.id "
            "WHERE i.by IN (SELECT g.by FROM funds_projectprogress g WHERE g.project_id = p.id) OR i.by IN "
            "(SELECT s.by FROM procedures_steptaken s WHERE s.dossier_id = p.dossier_id AND s.step IN ('application', 'approval', 'carrying_out'))"
        ),
        [],
    )


CHECKS: tuple[Check, ...] = (
    Check("over_approved", "FU01", "支付超过批准金额", "More paid than approved", _over),
    Check("before_approval", "FU01", "审批之前已支付", "Paid before approval", _early),
    Check(
        "stranger",
        "FU02",
        "收款人不是承建、实施单位或受益户",
        "The payee is neither unit nor beneficiary of the project",
        _stranger,
    ),
    Check("gone", "FU02", "收款农户已销户或清退", "The household that was paid is closed or removed", _gone),
    Check("item_twice", "FU02", "同一户同一年同类补助领了两次", "The same item twice in a year", _twice),
    Check("negative_list", "FU03", "用途在负面清单内", "Spent on what is on the negative list", _forbidden),
    Check("idle", "FU04", "资金闲置一年以上", "Money unspent for a year", _idle("funds.idle_years")),
    Check(
        "recall",
        "FU04",
        "资金闲置两年以上（应收回）",
        "Money unspent for two years, to be recalled",
        _idle("funds.recall_years"),
    ),
    Check("slow", "FU04", "进度落后于时间", "Work behind time", _slow),
    Check(
        "one_contractor",
        "FU05",
        "同一承建单位占全县一半以上",
        "One contractor with more than half of a county",
        _one_firm,
    ),
    Check("split", "FU05", "拆分项目低于招标限额", "Split below the limit of tender", _split),
    Check("unpublished", "FU06", "未公示先支付", "Paid before the notice", _unpublished),
    Check(
        "own_inspector",
        "FU06",
        "检查人与申报、审批或实施人相同",
        "The inspector applied, approved or did the work",
        _inspector,
    ),
    Check("loan_limit", "LN01", "一户贷款余额超过上限", "A household owes more than the limit", loan_findings.limit),
    Check("loan_term", "LN01", "贷款期限超过上限", "A loan runs longer than the limit", loan_findings.term),
    Check(
        "loan_status", "LN01", "放款时不在册", "Not on the register when the loan was paid out", loan_findings.status
    ),
    Check("loan_age", "LN02", "借款人年龄不符", "The borrower's age does not fit", loan_findings.age),
    Check(
        "loan_no_labour",
        "LN02",
        "借款户没有劳动力",
        "Nobody of the borrower's household can work",
        loan_findings.no_labour,
    ),
    Check(
        "loan_subsidy",
        "LN02",
        "到期或超过最长期限以后仍贴息",
        "Interest subsidised after the term or beyond the longest term",
        loan_findings.subsidy,
    ),
    Check(
        "loan_overdue",
        "LN02",
        "逾期过了代偿期仍未处理",
        "Overdue beyond the time of compensation",
        loan_findings.overdue,
    ),
)
BY_ID = {one.id: one for one in CHECKS}


def _inside(within: Scope, column: str) -> tuple[str, list[object]]:
    """The gate in words of SQL; nothing for an empty scope."""
    parts, values = [], []
    for low, high in within.ranges():
        parts.append(f"({column} >= %s AND {column} < %s)")
        values += [low, high]
    return (f"({' OR '.join(parts)})" if parts else "1 = 0"), list(values)


def counts(within: Scope, on: dt.date, pack: Pack) -> list[tuple[Check, int]]:
    """How many each question finds inside the scope. One question each; 0 where its rule was not in force."""
    gate, values = _inside(within, "found.area_code")
    found = []
    for check in CHECKS:
        asked = _asked(check, on, pack)
        count = 0
        if asked is not None:
            sql = f"SELECT count(*) AS n FROM ({asked[0]}) AS found WHERE {gate}"
            count = bulk.read(sql, [*asked[1], *values], pa.schema([("n", pa.int64())]))["n"][0].as_py()
        found.append((check, count))
    return found


def rows(check: Check, within: Scope, on: dt.date, pack: Pack, *, most: int | None = MOST) -> list[Row]:
    """What the question finds inside the scope, by place; no more than ``most``."""
    asked = _asked(check, on, pack)
    if asked is None:
        return []
    gate, values = _inside(within, "found.area_code")
    sql = f"SELECT kind, id, area_code, name, fen, more FROM ({asked[0]}) AS found WHERE {gate} ORDER BY area_code, id, name, more"
    sql += f" LIMIT {most}" if most else ""
    return [
        Row(one["kind"] or "", one["id"], one["area_code"], one["name"] or "", one["fen"], one["more"] or "")
        for one in bulk.read(sql, [*asked[1], *values], FOUND).to_pylist()
    ]


def _asked(check: Check, on: dt.date, pack: Pack) -> tuple[str, list[object]] | None:
    """The question of that day; None where the pack had no such limit yet."""
    policy = pack.at(on)
    try:
        return check.sql(policy, on)
    except NotInForce:
        return None


def of_project(found: Project, on: dt.date, pack: Pack, language: Language) -> list[str]:
    """What the rules find of one project, in words."""
    within = Scope((found.place_code,))
    said = []
    for check in CHECKS:
        if check.rule.startswith("LN"):
            continue
        for row in rows(check, within, on, pack):
            about = (row.kind == "project" and row.id == found.pk) or row.name.startswith(f"{found.number} ")
            if about:
                said.append(f"{check.rule} {check.zh if language == 'zh' else check.en}")
                break
    return said

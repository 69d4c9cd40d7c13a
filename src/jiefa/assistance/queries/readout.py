"""What a snapshot holds of help beside the cards of a year, as of a day: tables county by county, as queries.

``help``: one row per household card. ``cases``: one per case of a programme. ``loans``: one per loan. ``funds``: one per
county. ``links``: one per benefit link. ``bodies``: one per body of industry.

Columns of days come from the pack, so that another pack's programmes need no code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pyarrow as pa

from jiefa.assistance.models import FundKind
from jiefa.assistance.queries.gaps import GUARANTEE
from jiefa.assistance.queries.promises import LABOUR
from jiefa.assistance.queries.training import TRAINING
from jiefa.assistance.rules import credit, tables
from jiefa.policy import NotInForce, Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.queries.readout import inside
from jiefa.snapshots import TableSource


def _quoted(values: tuple[str, ...] | frozenset[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


POOR = f"poverty_status IN ({_quoted(IN_POVERTY)})"


def _flag(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _in_force(year: int, on: dt.date, link: str = "l") -> str:
    """That a benefit link stands on some day of the year up to the day."""
    return f"{link}.from_on <= '{on}' AND ({link}.to_on IS NULL OR {link}.to_on >= '{year}-01-01')"


def _help_sql(year: int, on: dt.date, county: str) -> str:
    certified = _flag(f"r.programme = '{TRAINING}' AND r.traced_on <= '{on}'")
    guaranteed = _flag(f"r.programme = '{GUARANTEE}' AND r.year = {year}")
    return f"""
WITH c AS (
    SELECT household_id, village_code, poverty_status, size FROM registry_householdyear
    WHERE year = {year} AND {inside("village_code", county)}
), able AS (
    SELECT DISTINCT household_id FROM registry_personyear
    WHERE year = {year} AND {inside("village_code", county)} AND labour IN ({_quoted(LABOUR)})
), helped AS (
    SELECT DISTINCT h.household_id FROM c JOIN responsibility_helper h ON h.household_id = c.household_id
    WHERE h.from_date <= '{on}' AND (h.to_date IS NULL OR h.to_date > '{on}')
), seen AS (
    SELECT v.household_id, count(*) AS visits FROM c JOIN responsibility_visit v ON v.household_id = c.household_id
    WHERE v."on" >= '{year}-01-01' AND v."on" <= '{on}' AND NOT v.void
        AND NOT EXISTS (SELECT 1 FROM responsibility_visit w WHERE w.corrects_id = v.id)
    GROUP BY v.household_id
), latest AS (
    SELECT p.household_id, max(p.version) AS version FROM c JOIN assistance_householdplan p ON p.household_id = c.household_id
    WHERE p.year = {year} AND p.signed_on <= '{on}' GROUP BY p.household_id
), planned AS (
    SELECT p.household_id, count(m.id) AS measures,
        count(CASE WHEN m.planned_on <= '{on}' THEN 1 END) AS due,
        count(CASE WHEN m.delivered_on <= '{on}' THEN 1 END) AS arrived,
        CAST(coalesce(sum(m.planned_fen), 0) AS bigint) AS planned_fen,
        CAST(coalesce(sum(CASE WHEN m.delivered_on <= '{on}' THEN m.delivered_fen END), 0) AS bigint) AS arrived_fen
    FROM latest JOIN assistance_householdplan p
        ON p.household_id = latest.household_id AND p.year = {year} AND p.version = latest.version
        LEFT JOIN assistance_measure m ON m.plan_id = p.id
    GROUP BY p.household_id
), lent AS (
    SELECT l.household_id, count(*) AS loans FROM c JOIN assistance_loan l ON l.household_id = c.household_id
    WHERE l.from_on <= '{on}' GROUP BY l.household_id
), linked AS (
    SELECT l.household_id, count(*) AS links FROM c JOIN assistance_benefitlink l ON l.household_id = c.household_id
    WHERE {_in_force(year, on)} GROUP BY l.household_id
), benefited AS (
    SELECT l.household_id, CAST(sum(p.fen) AS bigint) AS fen FROM c
        JOIN assistance_benefitlink l ON l.household_id = c.household_id
        JOIN assistance_benefitpaid p ON p.link_id = l.id
    WHERE p."on" >= '{year}-01-01' AND p."on" <= '{on}' GROUP BY l.household_id
), listed AS (
    SELECT r.household_id, max({certified}) AS certified, max({guaranteed}) AS guaranteed
    FROM c JOIN assistance_programmerecord r ON r.household_id = c.household_id
    WHERE r.year <= {year} AND r.programme IN ({_quoted((TRAINING, GUARANTEE))}) AND NOT r.off_list
    GROUP BY r.household_id
)
SELECT {year} AS year, c.village_code, c.household_id, {_flag(f"c.{POOR}")}, c.size, {_flag("able.household_id IS NOT NULL")},
    {_flag("helped.household_id IS NOT NULL")}, coalesce(seen.visits, 0), {_flag("planned.household_id IS NOT NULL")},
    coalesce(planned.measures, 0), coalesce(planned.due, 0), coalesce(planned.arrived, 0),
    coalesce(planned.planned_fen, 0), coalesce(planned.arrived_fen, 0), coalesce(lent.loans, 0),
    coalesce(linked.links, 0), coalesce(benefited.fen, 0), coalesce(listed.certified, 0), coalesce(listed.guaranteed, 0)
FROM c LEFT JOIN able ON able.household_id = c.household_id LEFT JOIN helped ON helped.household_id = c.household_id
    LEFT JOIN seen ON seen.household_id = c.household_id LEFT JOIN planned ON planned.household_id = c.household_id
    LEFT JOIN lent ON lent.household_id = c.household_id LEFT JOIN linked ON linked.household_id = c.household_id
    LEFT JOIN benefited ON benefited.household_id = c.household_id LEFT JOIN listed ON listed.household_id = c.household_id
ORDER BY c.village_code, c.household_id"""


def _cases_sql(year: int, on: dt.date, county: str, pack: Pack) -> str:
    """Each programme reads its own days alone: of twenty days a case has five."""
    named, poor = tables.days(pack), _flag(f"k.{POOR}")
    parts = []
    for programme in pack.programmes.values():
        own = frozenset(tables.days_of(programme))
        of_year, traced = _flag(f"r.year = {year}"), _flag(f"r.traced_on <= '{on}'")
        reached = ", ".join(
            f"CASE WHEN r.own ->> '{day}' <= '{on}' THEN r.own ->> '{day}' END AS {day}"
            if day in own
            else f"NULL AS {day}"
            for day in named
        )
        # Of a programme whose list says everything about its year, an earlier year's case says nothing of this one.
        years = f"r.year = {year}" if programme.whole else f"r.year <= {year}"
        parts.append(
            f"SELECT r.year AS year, r.village_code AS village_code, r.household_id AS household_id, '{programme.id}' AS programme, "
            f"{of_year} AS of_year, {traced} AS traced, r.amount_fen AS amount_fen, "
            f"r.people AS people, {poor} AS poor, {reached} FROM assistance_programmerecord r "
            f"LEFT JOIN registry_householdyear k ON k.household_id = r.household_id AND k.year = {year} "
            f"WHERE r.programme = '{programme.id}' AND {years} AND {inside('r.village_code', county)} AND NOT r.off_list"
        )
    return f"{' UNION ALL '.join(parts)} ORDER BY village_code, household_id, programme"


def _loans_sql(year: int, on: dt.date, county: str, pack: Pack) -> str:
    owed = "l.amount_fen - coalesce(paid.fen, 0)"
    try:
        grace = dt.timedelta(days=credit.limits(pack.at(on)).grace_days)
        late = f"CASE WHEN l.to_on < '{on - grace}' THEN {owed} ELSE 0 END"
    except NotInForce:
        late = "0"
    return f"""
SELECT {year}, l.village_code, l.household_id, l.from_on, l.to_on, l.amount_fen, {owed}, {late}
FROM assistance_loan l LEFT JOIN (
    SELECT p.loan_id, CAST(sum(p.principal_fen) AS bigint) AS fen
    FROM assistance_loan k JOIN assistance_repayment p ON p.loan_id = k.id
    WHERE p."on" <= '{on}' AND {inside("k.village_code", county)} GROUP BY p.loan_id
) paid ON paid.loan_id = l.id
WHERE l.from_on <= '{on}' AND {inside("l.village_code", county)} ORDER BY l.village_code, l.household_id, l.id"""


def _funds_sql(year: int, on: dt.date, county: str) -> str:
    def sum_of(amount: str, condition: str) -> str:
        return f"CAST(coalesce(sum(CASE WHEN {condition} THEN {amount} END), 0) AS bigint)"

    paid_in = sum_of("amount_fen", f"kind = '{FundKind.CONTRIBUTION.value}'")
    compensated = sum_of("-amount_fen", f"kind = '{FundKind.COMPENSATION.value}'")
    subsidy = sum_of("-amount_fen", f"kind = '{FundKind.SUBSIDY.value}' AND \"on\" >= '{year}-01-01'")
    return f"""
SELECT {year}, '{county}', {paid_in}, CAST(coalesce(sum(amount_fen), 0) AS bigint), {compensated}, {subsidy}
FROM assistance_fundentry WHERE county_id = '{county}' AND "on" <= '{on}'"""


def _links_sql(year: int, on: dt.date, county: str) -> str:
    in_force, poor = _flag(_in_force(year, on)), _flag(f"k.{POOR}")
    return f"""
SELECT {year}, l.village_code, l.household_id, b.kind, b.industry, l.way, {in_force}, {poor}, coalesce(paid.fen, 0)
FROM assistance_benefitlink l JOIN assistance_industrybody b ON b.id = l.body_id
    LEFT JOIN registry_householdyear k ON k.household_id = l.household_id AND k.year = {year}
    LEFT JOIN (
        SELECT p.link_id, CAST(sum(p.fen) AS bigint) AS fen
        FROM assistance_benefitlink m JOIN assistance_benefitpaid p ON p.link_id = m.id
        WHERE p."on" >= '{year}-01-01' AND p."on" <= '{on}' AND {inside("m.village_code", county)} GROUP BY p.link_id
    ) paid ON paid.link_id = l.id
WHERE {inside("l.village_code", county)} AND ({_in_force(year, on)} OR paid.fen IS NOT NULL)
ORDER BY l.village_code, l.household_id, l.id"""


def _bodies_sql(year: int, on: dt.date, county: str) -> str:
    def linked(those: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM assistance_benefitlink l JOIN assistance_industrybody o ON o.id = l.body_id "
            f"WHERE {those} AND {_in_force(year, on)})"
        )

    recognised = f"CASE WHEN b.recognised_on <= '{on}' THEN b.recognised_on END"
    return f"""
SELECT {year}, b.village_code, b.kind, b.industry, nullif(b.level, ''), {recognised}, {_flag("b.park_id IS NOT NULL")},
    y.output_fen, y.sales_fen, y.invested_fen, y.members, y.poor_members,
    {_flag(f"{linked('o.id = b.id')} OR {linked('o.park_id = b.id')}")}
FROM assistance_industryyear y JOIN assistance_industrybody b ON b.id = y.body_id
WHERE y.year = {year} AND {inside("b.village_code", county)} ORDER BY b.village_code, b.id"""


def sources(year: int, on: dt.date, counties: Mapping[str, int], *, pack: Pack) -> list[TableSource]:
    """The tables of a year as they stood on a day of it. ``counties``: with their number of household cards."""

    def table(name: str, schema: pa.Schema, share: int, sql: Callable[[str], str]) -> TableSource:
        weights = {county: max(1, households // share) for county, households in counties.items()}
        return TableSource(name, schema, {county: sql(county) for county in counties}, weights)

    return [
        table("help", tables.HELP, 1, lambda county: _help_sql(year, on, county)),
        table("cases", tables.cases_schema(pack), 2, lambda county: _cases_sql(year, on, county, pack)),
        table("loans", tables.LOANS, 20, lambda county: _loans_sql(year, on, county, pack)),
        table("funds", tables.FUNDS, 1_000_000, lambda county: _funds_sql(year, on, county)),
        table("links", tables.LINKS, 10, lambda county: _links_sql(year, on, county)),
        table("bodies", tables.BODIES, 1_000, lambda county: _bodies_sql(year, on, county)),
    ]

"""What is wrong with loans by the rules LN01 and LN02 of the pack: each one question to the tables of loans."""

from __future__ import annotations

import datetime as dt

from jiefa.insight.rules.codes import WITHOUT_LABOUR
from jiefa.policy import Policy
from jiefa.stores.dates import days_between, year_of


def limit(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return (
        (
            "SELECT 'household' AS kind, l.household_id AS id, l.village_code AS area_code, h.number AS name, "
            "CAST(sum(l.balance_fen) AS bigint) AS fen, '' AS more FROM assistance_loan l JOIN registry_household h ON h.id = l.household_id "
            "WHERE l.balance_fen > 0 GROUP BY l.household_id, l.village_code, h.number HAVING sum(l.balance_fen) > %s"
        ),
        [policy.fen("credit.household_limit")],
    )


def term(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return (
        (
            "SELECT 'loan' AS kind, l.id, l.village_code AS area_code, h.number AS name, l.balance_fen AS fen, "
            "CAST(l.months AS text) AS more FROM assistance_loan l JOIN registry_household h ON h.id = l.household_id WHERE l.months > %s"
        ),
        [int(policy.number("credit.months_limit"))],
    )


def status(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    year = year_of("l.from_on")
    return (
        (
            "SELECT 'loan' AS kind, l.id, l.village_code AS area_code, h.number AS name, l.amount_fen AS fen, '' AS more "
            "FROM assistance_loan l JOIN registry_household h ON h.id = l.household_id "
            f"WHERE l.amount_fen > 0 AND (h.entered_year IS NULL OR h.entered_year > {year})"
        ),
        [],
    )


def age(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    years = f"{days_between('l.from_on', 'b.birth_date')} / 365.25"
    return (
        (
            "SELECT 'loan' AS kind, l.id, l.village_code AS area_code, h.number AS name, l.amount_fen AS fen, '' AS more "
            "FROM assistance_loan l JOIN registry_household h ON h.id = l.household_id JOIN registry_person b ON b.id = l.borrower_id "
            f"WHERE b.birth_date IS NOT NULL AND ({years} < %s OR {years} >= %s)"
        ),
        [int(policy.number("credit.least_age")), int(policy.number("credit.greatest_age")) + 1],
    )


def overdue(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    return (
        (
            "SELECT 'loan' AS kind, l.id, l.village_code AS area_code, h.number AS name, l.balance_fen AS fen, "
            "CAST(l.to_on AS text) AS more FROM assistance_loan l JOIN registry_household h ON h.id = l.household_id "
            "WHERE l.balance_fen > 0 AND l.to_on < %s"
        ),
        [on - dt.timedelta(days=int(policy.number("credit.compensation_days")))],
    )


def no_labour(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    """Loans of the year to households whose cards of that year say of everybody what they can do, and nobody can work."""
    marks = ", ".join(["%s"] * len(WITHOUT_LABOUR))
    able = f"sum(CASE WHEN c.labour IS NULL OR c.labour NOT IN ({marks}) THEN 1 ELSE 0 END)"
    return (
        (
            "SELECT 'loan' AS kind, l.id, l.village_code AS area_code, h.number AS name, l.amount_fen AS fen, '' AS more "
            "FROM assistance_loan l JOIN registry_household h ON h.id = l.household_id "
            # By the persons, of whose cards the key begins with them: cards have no index of households.
            "JOIN registry_person m ON m.household_id = l.household_id "
            f"JOIN registry_personyear c ON c.person_id = m.id AND c.year = {year_of('l.from_on')} AND c.household_id = l.household_id "
            f"GROUP BY l.id, l.village_code, h.number, l.amount_fen HAVING {able} = 0"
        ),
        list(WITHOUT_LABOUR),
    )


def subsidy(policy: Policy, on: dt.date) -> tuple[str, list[object]]:
    """Loans of which interest was subsidised that fell due after the term, or beyond the longest term."""
    months = int(policy.number("credit.months_limit"))
    longest = days_between('r."on"', "l.from_on") + " > %s"
    return (
        (
            "SELECT 'loan' AS kind, l.id, l.village_code AS area_code, h.number AS name, CAST(sum(r.interest_fen) AS bigint) AS fen, "
            "CAST(l.to_on AS text) AS more FROM assistance_loan l JOIN registry_household h ON h.id = l.household_id "
            "JOIN assistance_repayment r ON r.loan_id = l.id AND r.subsidised_on IS NOT NULL "
            f'WHERE r."on" > l.to_on OR {longest} GROUP BY l.id, l.village_code, h.number, l.to_on'
        ),
        # A month has 31 days at most: nobody is accused for the length of a month.
        [31 * months],
    )

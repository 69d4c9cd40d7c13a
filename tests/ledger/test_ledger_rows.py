"""The ledger of the demonstration: every figure agrees, and every one changes when the rows behind it change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.journeys.office import SHARES_PROVINCE

from jiefa import policy
from jiefa.ledger.queries import ledger

pytestmark = [SHARES_PROVINCE, pytest.mark.usefixtures("demonstration")]
SCALE = Decimal("0.001")

CHANGES: dict[str, tuple[str, ...]] = {
    "UPDATE planning_assignment SET size = size + 1 WHERE year IS NOT NULL": ("P01", "P02", "P03", "P04", "P05"),
    "UPDATE planning_assignment SET year = NULL WHERE year = 2016": ("P01", "P06"),
    "UPDATE planning_assignment SET year = year + 1 WHERE year IS NOT NULL": ("P07",),
    "DELETE FROM areas_designation WHERE id IN (SELECT max(id) FROM areas_designation GROUP BY kind)": (
        *("R01", "R02", "R05", "I10", "I11"),
    ),
    "UPDATE registry_householdyear SET size = size + 1 WHERE year = 2013": ("R03",),
    "DELETE FROM responsibility_team WHERE village_code LIKE '520324%'": ("R04", "T02", "T03", "T04"),
    "DELETE FROM responsibility_teammember WHERE id % 2 = 0": ("T01", "T05"),
    "UPDATE procedures_dossier SET outcome = 'refused' WHERE id IN (SELECT max(id) FROM procedures_dossier "
    "WHERE outcome = 'approved' GROUP BY procedure, year)": ("R06", "R07", "E05", "E06"),
    "UPDATE funds_transfer SET amount_fen = amount_fen + 100": (
        *("F01", "F03", "F05", "I01", "A03", "A06", "A12", "A13"),
    ),
    "DELETE FROM funds_transfer WHERE purpose = 'concentrated' AND substr(to_code, 1, 6) = (SELECT max(substr(to_code, 1, 6)) "
    "FROM funds_transfer WHERE purpose = 'concentrated')": ("A10", "A11"),
    "UPDATE assistance_loan SET amount_fen = amount_fen + 100": ("F02",),
    "UPDATE assistance_programmerecord SET people = people + 1": ("F06", "M02"),
    "DELETE FROM assistance_programmerecord WHERE id IN (SELECT max(id) FROM assistance_programmerecord "
    "WHERE traced_on IS NOT NULL GROUP BY programme)": ("F04", "M01"),
    "UPDATE planning_target SET value = value + 1": ("E01", "E02", "E03", "E04"),
    "UPDATE assistance_industryyear SET output_fen = output_fen + 100, sales_fen = sales_fen + 100, members = members + 1": (
        *("I04", "I05", "I09"),
    ),
    "DELETE FROM assistance_industryyear": ("I02", "I03", "I06", "I07", "I08"),
    "DELETE FROM responsibility_pairing WHERE id IN (SELECT max(id) FROM responsibility_pairing GROUP BY kind, organisation_id, "
    "leader_id) AND kind <> 'leader' OR kind = 'leader' AND area_code LIKE '52____'": (
        "A01",
        "A02",
        "A04",
        "A05",
        "A07",
        "A08",
        "A09",
    ),
    "UPDATE responsibility_visit SET of_round_id = NULL WHERE id % 50 <> 0": ("V01", "V02", "V03"),
}
"""What is done to the rows, and the figures that must follow."""


def figures(home: Path, *only: str) -> dict[str, Decimal | None]:
    return {row.figure.id: row.counted for row in ledger.rows(policy.load(), home, SCALE, only)}


def test_every_figure_agrees_and_follows_its_rows(home: Path) -> None:
    found = ledger.rows(policy.load(), home, SCALE)
    before = {row.figure.id: row.counted for row in found}

    assert [row.figure.id for row in found if row.agrees is not True] == []
    assert {identity for identities in CHANGES.values() for identity in identities} == set(before)
    unmoved = []
    for change, identities in CHANGES.items():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            for (trigger,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                cursor.execute(f"DROP TRIGGER {trigger}")  # tables that only grow; rolled back below
            cursor.execute(change)
            after = figures(home, *identities)
            unmoved += [identity for identity in identities if after[identity] == before[identity]]
            transaction.set_rollback(True)

    assert unmoved == []
    assert figures(home, "R03", "F01", "V01") == {name: before[name] for name in ("R03", "F01", "V01")}


def test_number_of_queries_is_bounded(home: Path, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(90):
        ledger.rows(policy.load(), home, SCALE)

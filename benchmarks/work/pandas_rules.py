"""Some of the rules as one writes them in pandas, over the same files: what a table in memory costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
from django.conf import settings

from jiefa import snapshots

PERSONAL: dict[str, Callable[[pd.DataFrame, pd.Series], pd.Series]] = {
    "ID02": lambda p, age: (p.id_length == 18) & ~p.id_checksum_ok.fillna(False),
    "ID05": lambda p, age: p.sex.notna() & p.id_sex.notna() & (p.sex != p.id_sex),
    "ID07": lambda p, age: p.id_placeholder.fillna(False),
    "NU01": lambda p, age: p.ethnic_group.isna(),
    "NU02": lambda p, age: p.health.isna(),
    "NU03": lambda p, age: p.labour.isna() & age.between(16, 65),
    "LA01": lambda p, age: (p.health == "healthy") & (p.labour == "lost") & age.between(16, 59),
    "LA05": lambda p, age: p.labour.isin(["ordinary", "skilled"]) & (age >= 70),
    "WK02": lambda p, age: p.work_place.notna() & (p.work_months.fillna(0) == 0),
    "WK03": lambda p, age: p.work_place.isna() & (p.work_months.fillna(0) > 0),
    "ED01": lambda p, age: (p.school_stage == "not_pupil") & p.dropout_reason.isna() & age.between(6, 15),
    "ED04": lambda p, age: p.same_grade_years.fillna(0) > 2,
    "ME01": lambda p, age: ~p.resident_medical.fillna(False) & ~p.employee_medical.fillna(False),
    "ME02": lambda p, age: p.resident_medical.fillna(False) & p.employee_medical.fillna(False),
}

OF_HOUSEHOLDS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "HH01": lambda h: (h.members > 0) & (h.heads != 1),
    "HH03": lambda h: h.stated_size.notna() & (h.stated_size != h.members),
    "HH11": lambda h: ~h.account_holder_is_member.fillna(True),
    "HH12": lambda h: ~h.phone_valid.fillna(True),
    "NU06": lambda h: h.main_cause.isna(),
    "DB01": lambda h: h.household_class.isin(["dibao", "dibao_poor"]) & (h.members > 0) & (h.dibao_members == 0),
    "IN03": lambda h: (h.business_income_fen.fillna(0) > 0) & (h.business_cost_fen.fillna(0) == 0),
}


def run(year: int, target: str) -> dict[str, Any]:
    """Seconds of reading what these rules need, judging, and writing their violations; how many each has."""
    snapshot = snapshots.latest(Path(settings.JIEFA_HOME), year)
    started = time.perf_counter()
    persons = _read(snapshot, "persons", PERSON_COLUMNS)
    households = _read(snapshot, "households", HOUSEHOLD_COLUMNS)
    age = year - persons.birth_date.dt.year
    keys = ["household_id", "person_id", "village_code"]
    found = [persons.loc[test(persons, age).fillna(False), keys].assign(rule=rule) for rule, test in PERSONAL.items()]
    members = (
        pd.DataFrame(
            {
                "household_id": persons.household_id,
                "members": 1,
                "heads": (persons.relation == "head").fillna(False).astype("int64"),
                "dibao_members": persons.dibao.fillna(False).astype("int64"),
            }
        )
        .groupby("household_id", as_index=False)
        .sum()
    )
    whole = households.merge(members, on="household_id", how="left")
    whole[["members", "heads", "dibao_members"]] = whole[["members", "heads", "dibao_members"]].fillna(0)
    found += [
        whole.loc[test(whole).fillna(False), ["household_id", "village_code"]].assign(rule=rule)
        for rule, test in OF_HOUSEHOLDS.items()
    ]
    violations = pd.concat(found)
    violations.to_parquet(target, compression="zstd")
    seconds = time.perf_counter() - started
    counts = violations.rule.value_counts().to_dict()
    return {
        "seconds": seconds,
        "counts": {rule: int(count) for rule, count in counts.items()},
        "violations": len(violations),
    }


PERSON_COLUMNS = [
    *("household_id", "person_id", "village_code", "id_length", "id_checksum_ok", "sex", "id_sex", "id_placeholder"),
    *("ethnic_group", "health", "labour", "birth_date", "work_place", "work_months", "school_stage", "dropout_reason"),
    *("same_grade_years", "resident_medical", "employee_medical", "relation", "dibao"),
]
HOUSEHOLD_COLUMNS = [
    *("household_id", "village_code", "stated_size", "account_holder_is_member", "phone_valid", "main_cause"),
    *("household_class", "business_income_fen", "business_cost_fen"),
]


def _read(snapshot: snapshots.Snapshot, table: str, columns: list[str]) -> pd.DataFrame:
    folder = [str(file) for file in snapshot.files(table)]
    return pd.concat(
        [pd.read_parquet(file, columns=columns, dtype_backend="pyarrow") for file in folder], ignore_index=True
    )

"""Which faults are put into a roster, how often, and which column each falsifies. The one table of all rates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule of method.md 17.2 that a roster can break.

    ``share``: of the households in which it can be made, how many get it anew in a year; nearly half of them still
    have it a year later (``bench.STILL_THERE``). ``also``: rules that the same edit cannot help breaking.
    """

    rule: str
    share: float
    column: str
    also: tuple[str, ...] = ()


FAULTS = (
    Fault("ED04", 0.004, "grade"),
    Fault("HH09", 0.008, "household_number", ("ID06",)),
    Fault("ID06", 0.0012, "id_number"),
    Fault("HH10", 0.00075, "phone"),
    Fault("HH05", 0.02, "relation"),
    Fault("HH08", 0.06, "relation"),
    Fault("DB03", 0.06, "labour"),
    Fault("DB06", 0.015, "household_class"),
    Fault("LA04", 0.06, "labour"),
    Fault("LA05", 0.003, "labour"),
    Fault("HO03", 0.06, "house_area_m2"),
    Fault("HO04", 0.04, "old_house_demolished"),
    Fault("ID03", 0.03, "id_number"),
    Fault("NU09", 0.03, "id_number"),
    Fault("WK04", 0.02, "labour"),
    Fault("WK05", 0.005, "work_place", ("WK04",)),
    Fault("WK08", 0.002, "welfare_post"),
    Fault("ED06", 0.02, "yulu_grant"),
    Fault("ED05", 0.0015, "dropout_reason"),
    Fault("ED03", 0.002, "school_stage"),
    Fault("ED02", 0.0015, "school_stage"),
    Fault("ED01", 0.0025, "school_stage"),
    Fault("IN08", 0.03, "business_income"),
    Fault("IN07", 0.015, "other_transfer"),
    Fault("IN06", 0.02, "business_income"),
    Fault("HO01", 0.006, "house_danger"),
    Fault("ME03", 0.005, "serious_illness_insurance"),
    Fault("DB01", 0.005, "dibao"),
    Fault("DB04", 0.005, "tekun_income"),
    Fault("DB05", 0.005, "dibao_income"),
    Fault("IN01", 0.001, "business_income", ("IN05",)),
    Fault("IN05", 0.002, "wage_income"),
    Fault("ID01", 0.002, "id_number"),
    Fault("ID02", 0.0025, "id_number"),
    Fault("ID04", 0.001, "id_number"),
    Fault("ID05", 0.0015, "id_number"),
    Fault("ID07", 0.001, "id_number", ("ID08",)),
    Fault("ID08", 0.0015, "id_number"),
    Fault("HH01", 0.001, "relation", ("HH08",)),
    Fault("HH03", 0.0025, "stated_size"),
    Fault("HH06", 0.001, "sex"),
    Fault("HH07", 0.002, "relation"),
    Fault("HH11", 0.002, "account_holder"),
    Fault("HH12", 0.0025, "phone"),
    Fault("NU01", 0.002, "ethnic_group"),
    Fault("NU02", 0.002, "health"),
    Fault("NU03", 0.0025, "labour"),
    Fault("NU04", 0.002, "education"),
    Fault("NU05", 0.003, "school_stage"),
    Fault("NU06", 0.0015, "main_cause"),
    Fault("NU07", 0.0025, "fuel"),
    Fault("NU08", 0.003, "cooperative"),
    Fault("CA01", 0.003, "main_cause"),
    Fault("CA02", 0.003, "main_cause"),
    Fault("CA03", 0.0015, "main_cause"),
    Fault("CA04", 0.0015, "other_causes"),
    Fault("CA05", 0.0025, "main_cause"),
    Fault("CA06", 0.003, "main_cause"),
    Fault("DB02", 0.002, "dibao"),
    Fault("LA01", 0.002, "labour"),
    Fault("LA02", 0.002, "labour"),
    Fault("LA03", 0.002, "labour"),
    Fault("WK01", 0.003, "work_months"),
    Fault("WK02", 0.006, "work_months"),
    Fault("WK03", 0.003, "work_place"),
    Fault("WK06", 0.003, "wage_income"),
    Fault("WK07", 0.003, "work_county"),
    Fault("IN02", 0.003, "stated_income_per_person"),
    Fault("IN03", 0.003, "business_cost"),
    Fault("IN04", 0.0015, "business_cost"),
    Fault("ME01", 0.002, "resident_medical"),
    Fault("ME02", 0.002, "employee_medical"),
    Fault("HO02", 0.002, "house_area_m2"),
    Fault("LD01", 0.0015, "cultivated_land_mu"),
    Fault("LD02", 0.002, "road_distance_km"),
    Fault("HH04", 0.0004, "household_number"),
    Fault("HH02", 0.0004, "household_number", ("IN01",)),
)
"""In order of application: rare chances first, since a household gets one fault a year. VI03 and VI04 are made in
``demo.facts``."""

NOT_INJECTED = {
    "HH09 (more than 12 members)": "it would change the number of people; the parted household is made",
    "LD02 (error level)": "the same column as LD02; the warning level is injected",
    "IN06 (village share)": "heaping over a whole village would touch most of its households in one year",
    "ID06 (across counties)": "duplicates are made within a county, the tier that is an error",
}
"""Rules of the families of the roster that cannot be, or are not, put into one, and why."""

BY_RULE = {fault.rule: fault for fault in FAULTS}

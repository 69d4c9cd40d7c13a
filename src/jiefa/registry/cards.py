"""The columns of the annual card as everything above the tables sees them: staging, snapshots, rules, indicators.

One row per household and year (``HOUSEHOLD_CARD``), one per member present at year end and year (``PERSON_CARD``), one per
entry into or exit from the poor register (``MOVEMENT``). Codes are identifiers of the policy pack's code lists,
money is integer fen, NULL means not filled in. No column can hold an ID number, an account, a telephone or a name:
only what rules need of them, derived when the record is written (method.md 1.5-1.7).
"""

from __future__ import annotations

import pyarrow as pa

YEAR = pa.int16()
ID = pa.int64()
FEN = pa.int64()
CODE = pa.string()
DATE = pa.date32()
FLAG = pa.bool_()
SMALL = pa.int16()
MEASURE = pa.decimal128(10, 2)  # m2, mu (亩), km: as typed, two decimals

INCOME_COLUMNS = (
    "wage_income_fen",
    "business_income_fen",
    "property_income_fen",
    "birth_plan_grant_fen",
    "dibao_income_fen",
    "tekun_income_fen",
    "pension_income_fen",
    "ecology_income_fen",
    "other_transfer_fen",
)
"""Parts of the household's yearly income; net income is their sum less ``business_cost_fen`` (method.md 1.7)."""

TRANSFER_COLUMNS = INCOME_COLUMNS[3:]

HOUSEHOLD_CARD = pa.schema(
    [
        ("year", YEAR),
        ("village_code", CODE),
        ("household_id", ID),
        ("household_number", pa.string()),
        # where the household stands
        ("poverty_status", CODE),
        ("household_class", CODE),
        ("standard", CODE),
        ("main_cause", CODE),
        ("other_cause_1", CODE),
        ("other_cause_2", CODE),
        ("other_causes", SMALL),  # how many were named, also beyond two
        ("kind", CODE),  # four kinds of household, method.md 4
        ("entered_year", YEAR),  # of the latest entry or return
        ("exited_year", YEAR),  # NULL while poor
        ("size", SMALL),  # members present at year end
        ("stated_size", SMALL),  # as the form says
        # income of the calendar year, whole household
        *((name, FEN) for name in INCOME_COLUMNS),
        ("business_cost_fen", FEN),
        ("excluded_grants_fen", FEN),  # fixed-use and one-off grants: no income
        ("stated_income_per_person_fen", FEN),
        ("net_income_fen", FEN),
        ("net_income_per_person_fen", FEN),  # rounded half-up, for display and statistics
        ("previous_income_per_person_fen", FEN),  # of the card of the year before
        # house and living
        ("house_area_m2", MEASURE),
        ("house_structure", CODE),
        ("house_built_year", SMALL),
        ("house_danger", CODE),
        ("house_repair_subsidy", FLAG),
        ("relocated_year", SMALL),
        ("resettlement", CODE),
        ("old_house_demolished", FLAG),
        ("water_source", CODE),
        ("water_difficult", FLAG),
        ("water_safe", FLAG),
        ("electricity", FLAG),
        ("production_electricity", FLAG),
        ("fuel", CODE),
        ("sanitary_toilet", FLAG),
        ("road_type", CODE),
        ("road_distance_km", MEASURE),
        ("market_distance_km", MEASURE),
        # land and organisation
        ("cultivated_land_mu", MEASURE),
        ("irrigated_land_mu", MEASURE),
        ("forest_land_mu", MEASURE),
        ("orchard_land_mu", MEASURE),
        ("grass_land_mu", MEASURE),
        ("water_area_mu", MEASURE),
        ("cooperative", FLAG),
        ("industry_organisation", CODE),
        # what rules need of sealed fields
        ("phone_valid", FLAG),  # NULL: no telephone
        ("phone_key", ID),
        ("account_key", ID),
        ("account_holder_is_member", FLAG),  # NULL: no holder named
        ("fields_typed", SMALL),  # filled cells of this card, members' included
    ]
)

PERSON_CARD = pa.schema(
    [
        ("year", YEAR),
        ("village_code", CODE),
        ("household_id", ID),
        ("person_id", ID),
        ("relation", CODE),
        ("sex", CODE),
        ("birth_date", DATE),  # typed, else from the number
        ("ethnic_group", CODE),
        ("education", CODE),
        ("school_stage", CODE),
        ("grade", SMALL),
        ("same_grade_years", SMALL),  # years running in this stage and grade, this one included
        ("dropout_reason", CODE),
        ("health", CODE),
        ("labour", CODE),
        ("work_place", CODE),
        ("work_county", CODE),
        ("work_months", SMALL),
        ("monthly_wage_fen", FEN),  # average of the months worked
        ("welfare_post", FLAG),
        ("dibao", FLAG),
        ("tekun", FLAG),
        ("resident_medical", FLAG),
        ("employee_medical", FLAG),
        ("serious_illness_insurance", FLAG),
        ("pension", FLAG),
        ("yulu_grant_fen", FEN),
        ("joined_on", DATE),
        ("joined_reason", CODE),
        # what rules need of the certificate number
        ("id_form", CODE),  # kernel.id_numbers.IdForm
        ("id_length", SMALL),
        ("id_checksum_ok", FLAG),
        ("id_birth_date", DATE),
        ("id_sex", CODE),
        ("id_region", CODE),
        ("id_placeholder", FLAG),
        ("id_key", ID),  # 64-bit keyed blind index of the citizen number; NULL: none
        ("disability_kind", SMALL),
        ("disability_level", SMALL),
    ]
)

MOVEMENT = pa.schema(
    [
        ("year", YEAR),
        ("village_code", CODE),
        ("household_id", ID),
        ("person_id", ID),  # NULL: the whole household moved
        ("kind", CODE),  # new, returned, exited, natural_gain, natural_loss, correction_in, correction_out
        ("reason", CODE),
        ("on", DATE),
        ("people", pa.int32()),  # signed: + in, - out
    ]
)

VILLAGE_FACTS = pa.schema(
    [
        ("year", YEAR),
        ("village_code", CODE),
        ("rural_registered_households", pa.int32()),
        ("rural_registered_people", pa.int32()),
        ("poor_village", FLAG),
        ("poor_township", FLAG),
        ("poor_county", FLAG),
        ("reported_poor_households", pa.int32()),
        ("reported_poor_people", pa.int32()),
        ("cultivated_land_mu", MEASURE),
    ]
)

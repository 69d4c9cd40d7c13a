"""Groups of code values that rules and indicators speak of, by the ids of the policy pack's code lists."""

from __future__ import annotations

MALE_RELATIONS = (
    "son",
    "daughter_hus",
    "grandson",
    "dgrandson",
    "father",
    "hus_father",
    "wife_father",
    "pat_gfather",
    "mat_gfather",
    "ggrandson",
    "uncle",
    "nephew",
)
FEMALE_RELATIONS = (
    "daughter",
    "son_wife",
    "granddaugh",
    "dgranddaugh",
    "mother",
    "hus_mother",
    "wife_mother",
    "pat_gmother",
    "mat_gmother",
    "ggranddau",
    "sibling_wife",
    "niece",
)
MARRIED_IN_RELATIONS = (
    "spouse",
    "son_wife",
    "daughter_hus",
    "sibling_wife",
    "mother",
    "hus_mother",
    "wife_mother",
    "pat_gmother",
    "mat_gmother",
)
"""Those who usually come by marriage, from anywhere; own judgement, the source says only "not married-in"."""

CHILDREN = ("son", "daughter")
PARENTS = ("father", "mother")

IN_POVERTY = ("poor", "pre_exit", "returned")

DIBAO_CLASSES = ("dibao", "dibao_poor")
WUBAO_CLASSES = ("wubao", "wubao_poor", "tekun_poor")
GENERAL_CLASS = "general"

NOT_PUPIL = "not_pupil"
PRESCHOOL = ("preschool", "kindergarten")
PRIMARY_OR_BELOW = ("preschool", "kindergarten", "primary")
SENIOR = ("senior", "vocational")
COLLEGE_AND_ABOVE = ("higher_voc", "bachelor", "master")
TO_SENIOR = ("kindergarten", "primary", "junior", "senior")
"""Pupils who may not work away; vocational pupils have placements and are left out."""
NOT_PUPIL_STAGES = ("not_pupil", "preschool")
"""All other stages are pupils'. Short on purpose: DuckDB turns IN with five or more constants into a join."""
VOCATIONAL = ("vocational", "higher_voc")
"""Stages with a yulu (雨露) grant."""

HEALTHY = "healthy"
ILL = ("chronic", "serious", "chronic_dis", "serious_dis")
DISABLED = ("disabled", "chronic_dis", "serious_dis")

ABLE = ("ordinary", "skilled")
WITHOUT_LABOUR = ("lost", "none")

DANGEROUS = ("C", "D")
LIMB_DISABILITY = 4
"""Kind 4 of the disability card: 肢体."""

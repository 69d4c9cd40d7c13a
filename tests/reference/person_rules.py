"""The person rules once more, slowly and plainly: one dict is one card, ``None`` is an empty field.

A rule returns ``None`` where it is kept, else the detail of the finding (empty text if it has none).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jiefa.insight.rules.limits import QualityLimits

Card = dict[str, Any]
Rule = Callable[[Card, int, QualityLimits], str | None]

SONS_AND_FATHERS = "son daughter_hus grandson dgrandson father hus_father wife_father pat_gfather mat_gfather ggrandson"
MEN = {*SONS_AND_FATHERS.split(), "uncle", "nephew"}
DAUGHTERS_AND_MOTHERS = "daughter son_wife granddaugh dgranddaugh mother hus_mother wife_mother pat_gmother mat_gmother"
WOMEN = {*DAUGHTERS_AND_MOTHERS.split(), "ggranddau", "sibling_wife", "niece"}
MARRIED_IN = {"spouse", "son_wife", "daughter_hus", "sibling_wife", "mother", "hus_mother", "wife_mother"}
MARRIED_IN |= {"pat_gmother", "mat_gmother"}


def age(card: Card, year: int) -> int | None:
    return None if card["birth_date"] is None else year - card["birth_date"].year


def between(number: int | None, low: int, high: int) -> bool:
    return number is not None and low <= number <= high


def pupil(card: Card) -> bool:
    return card["school_stage"] is not None and card["school_stage"] not in ("not_pupil", "preschool")


def works(card: Card) -> bool:
    return (card["work_months"] or 0) > 0 or card["work_place"] is not None


def more(value: Any, limit: Any) -> bool:
    return value is not None and value > limit


def less(value: Any, limit: Any) -> bool:
    return value is not None and value < limit


def _first(*found: tuple[bool, str]) -> str | None:
    return next((detail for holds, detail in found if holds), None)


def _if(holds: bool) -> str | None:
    return "" if holds else None


def id01(p: Card, year: int, limits: QualityLimits) -> str | None:
    if p["id_form"] == "missing":
        return "missing"
    if p["id_form"] == "old_citizen":
        return "old"
    return _first((p["id_length"] is not None and p["id_length"] not in (18, 20, 22), "length"))


def id02(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["id_length"] == 18 and p["id_checksum_ok"] is not True)


def id03(p: Card, year: int, limits: QualityLimits) -> str | None:
    if p["id_length"] not in (20, 22):
        return None
    kind, level = p["disability_kind"], p["disability_level"]
    return _first(
        (p["id_checksum_ok"] is not True, "number"),
        (not between(kind, 1, 7), "kind"),
        (not between(level, 1, 4), "level"),
    )


def id04(p: Card, year: int, limits: QualityLimits) -> str | None:
    born = p["id_birth_date"]
    if born is None:
        return "invalid" if p["id_form"] in ("citizen", "disability") else None
    return _first((born.year > year, "future"), (year - born.year > limits.id04_oldest_age, "too_old"))


def id05(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(None not in (p["sex"], p["id_sex"]) and p["sex"] != p["id_sex"])


def id07(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["id_placeholder"] is True)


def id08(p: Card, year: int, limits: QualityLimits) -> str | None:
    if p["id_region"] is None or p["id_placeholder"] is not False or p["id_region"].startswith("52"):
        return None
    return _if(p["relation"] not in MARRIED_IN and p["joined_reason"] != "marriage_in")


def hh07(p: Card, year: int, limits: QualityLimits) -> str | None:
    wrong_woman = p["sex"] == "female" and p["relation"] in MEN
    return _if(wrong_woman or (p["sex"] == "male" and p["relation"] in WOMEN))


def nu01(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["ethnic_group"] is None)


def nu02(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["health"] is None)


def nu03(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["labour"] is None and between(age(p, year), 16, 65))


def nu04(p: Card, year: int, limits: QualityLimits) -> str | None:
    if p["education"] is not None:
        return "both" if pupil(p) else None
    from_age = {"not_pupil": 6, None: 24}.get(p["school_stage"], 1000)
    return _first((between(age(p, year), from_age, 999), "empty"))


def nu05(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["school_stage"] is None and between(age(p, year), 6, 23))


def nu09(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["health"] in ("disabled", "chronic_dis", "serious_dis") and p["id_form"] != "disability")


def la01(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["health"] == "healthy" and p["labour"] == "lost" and between(age(p, year), 16, 59))


def la02(p: Card, year: int, limits: QualityLimits) -> str | None:
    years = age(p, year)
    no_pupil = p["school_stage"] == "not_pupil" or (p["school_stage"] is None and between(years, 24, 999))
    return _if(p["health"] == "healthy" and p["labour"] == "none" and between(years, 16, 59) and no_pupil)


def la03(p: Card, year: int, limits: QualityLimits) -> str | None:
    if p["labour"] in (None, "none"):
        return None
    return _first((between(age(p, year), -999, 15), "under_age"), (pupil(p), "pupil"))


def la04(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["disability_kind"] == 4 and p["disability_level"] in (1, 2) and p["labour"] == "ordinary")


def la05(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["labour"] in ("ordinary", "skilled") and between(age(p, year), 70, 999))


def wk01(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["work_months"] is not None and not between(p["work_months"], 0, 12))


def wk02(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["work_place"] is not None and p["work_months"] in (None, 0))


def wk03(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["work_place"] is None and more(p["work_months"], 0))


def wk04(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["labour"] in ("lost", "none") and works(p))


def wk05(p: Card, year: int, limits: QualityLimits) -> str | None:
    if not works(p):
        return None
    at_school = p["school_stage"] in ("kindergarten", "primary", "junior", "senior")
    return _first((between(age(p, year), -999, 15), "under_age"), (at_school, "pupil"))


def wk07(p: Card, year: int, limits: QualityLimits) -> str | None:
    if p["work_place"] in ("province", "outside") and p["work_county"] is None:
        return "county"
    if not more(p["work_months"], 0) or p["monthly_wage_fen"] is None:
        return None
    monthly_yuan = p["monthly_wage_fen"] / 100
    return _first((monthly_yuan < 100, "low"), (monthly_yuan > 30_000, "high"))


def wk08(p: Card, year: int, limits: QualityLimits) -> str | None:
    years = age(p, year)
    wrong_age = years is not None and not 16 <= years < 70
    return _first((p["tekun"] is True and works(p), "tekun"), (p["welfare_post"] is True and wrong_age, "post_age"))


def ed01(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["school_stage"] == "not_pupil" and p["dropout_reason"] is None and between(age(p, year), 6, 15))


def ed02(p: Card, year: int, limits: QualityLimits) -> str | None:
    stage, years = p["school_stage"], age(p, year)
    if stage is None or years is None:
        return None
    return _first(
        (stage in ("preschool", "kindergarten", "primary") and years >= 20, "primary"),
        (stage == "junior" and not 12 <= years <= 17, "junior"),
        (stage in ("senior", "vocational") and not 15 <= years <= 20, "senior"),
        (stage in ("higher_voc", "bachelor", "master") and years < 18, "college"),
        (stage == "master" and years < 20, "master"),
    )


def ed03(p: Card, year: int, limits: QualityLimits) -> str | None:
    small = p["school_stage"] in ("preschool", "kindergarten")
    return _if(small and p["health"] == "healthy" and between(age(p, year), 7, 999))


def ed04(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(more(p["same_grade_years"], 2))


def ed05(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["dropout_reason"] in ("illness", "disability") and p["health"] == "healthy")


def ed06(p: Card, year: int, limits: QualityLimits) -> str | None:
    paid, stage = more(p["yulu_grant_fen"], 0), p["school_stage"]
    if stage in ("vocational", "higher_voc"):
        return _first((p["yulu_grant_fen"] in (None, 0), "unpaid"))
    return _first((paid and stage is not None, "not_eligible"))


def me01(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(True not in (p["resident_medical"], p["employee_medical"]))


def me02(p: Card, year: int, limits: QualityLimits) -> str | None:
    return _if(p["resident_medical"] is True and p["employee_medical"] is True)


RULES: dict[str, Rule] = {
    name.upper(): rule for name, rule in list(globals().items()) if len(name) == 4 and name[2:].isdigit()
}

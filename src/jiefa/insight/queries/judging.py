"""Quality rules run on DuckDB over whatever holds cards: a batch, a form, a snapshot; and what a violation says in words."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import pyarrow as pa

from jiefa.insight import rules
from jiefa.insight.queries import compiled
from jiefa.policy import Pack, QualityRuleText
from jiefa.registry import cards
from jiefa.stores.analysis import duckdb_space

AREA_RULES = frozenset({"VI03", "VI04", "IN06"})
"""Rules whose answer depends on all households of a village: a batch or a form alone cannot give it."""


@cache
def limits_of(pack: Pack, year: int) -> rules.QualityLimits:
    """The numbers that the rules compare with in ``year``."""
    return rules.QualityLimits.from_policy(pack.for_year(year))


def rules_in_force(pack: Pack, year: int) -> frozenset[str]:
    """The ids of the rules that the pack has in force for ``year`` and that stand on register data."""
    known = set(rules.rule_ids())
    return frozenset(text.id for text in pack.for_year(year).quality_rules() if text.id in known)


def rules_of_one_household(pack: Pack, year: int) -> frozenset[str]:
    """The rules in force that one household's cards can answer, wholly or in part."""
    return rules_in_force(pack, year) & rules.ids_of_one_household() - AREA_RULES


def texts(pack: Pack) -> dict[str, QualityRuleText]:
    """Rule texts by id."""
    return {text.id: text for text in pack.quality_rules()}


def judge(
    persons: pa.Table, households: pa.Table, year: int, pack: Pack, wanted: Collection[str] | None = None
) -> pa.Table:
    """The violations among these cards: ``rule, household_id, person_id, village_code, detail, level``."""
    # All rules are compiled as a snapshot takes them, once for both; what a part of a village cannot answer is left out below.
    chosen = rules_in_force(pack, year)
    if wanted is not None:
        chosen &= frozenset(wanted) - AREA_RULES
    sql = compiled.rules_sql(year, limits_of(pack, year), chosen)
    with duckdb_space() as db:
        db.register("persons", persons)
        db.register("households", households)
        db.register("movements", cards.MOVEMENT.empty_table())
        db.register("villages", cards.VILLAGE_FACTS.empty_table())
        db.register("levels", level_table(pack))
        areas = ", ".join(f"'{rule}'" for rule in sorted(AREA_RULES))
        return db.sql(f"{leveled(sql)} WHERE v.rule NOT IN ({areas})").to_arrow_table()


def level_table(pack: Pack) -> pa.Table:
    """``rule, detail, level``: the level of every rule (detail NULL) and of the details that have one of their own."""
    rows: list[tuple[str, str | None, str]] = [(text.id, None, text.level) for text in pack.quality_rules()]
    rows += [(rule, detail, level) for (rule, detail), level in rules.LEVEL_BY_DETAIL.items()]
    return pa.table(
        {
            "rule": pa.array([row[0] for row in rows], pa.string()),
            "detail": pa.array([row[1] for row in rows], pa.string()),
            "level": pa.array([row[2] for row in rows], pa.string()),
        }
    )


def leveled(sql: str) -> str:
    """``sql`` of violations with their level, over a table ``levels``."""
    return f"""
        SELECT v.rule, v.household_id, v.person_id, v.village_code, v.detail, coalesce(own.level, general.level) AS level
        FROM ({sql}) v
        LEFT JOIN levels own ON own.rule = v.rule AND own.detail = v.detail
        LEFT JOIN levels general ON general.rule = v.rule AND general.detail IS NULL
    """

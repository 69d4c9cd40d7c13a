"""Pairs weighed by Fellegi and Sunter's model through Splink, on DuckDB or on Spark (``JIEFA_ENGINE``).

How often values agree by chance is counted, how often they agree in true pairs is learnt by expectation maximisation without any
answers given. Both engines are told the same: comparisons and rules are written for DuckDB and translated for Spark, which has the
similarities of texts from Splink's own jar.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule

from jiefa.linkage import blocking, comparing
from jiefa.linkage.prepare import KEY
from jiefa.linkage.spec import Column, Kind, Spec
from jiefa.stores.analysis import engine_name, spark_session

BY_CHANCE_PAIRS = 1_000_000
"""Pairs drawn to count how often values agree by chance. With three times as many febrl3 has the same F1, with half one pair less; it is
most of the time of a small list (2026-11)."""
SEED = 1
LEAST = 1e-4
"""Probability below which a pair is not looked at again."""
WRITTEN_FOR = "duckdb"
NAMED_IN_TRANSLATION = ("jarowinkler_similarity", "uk.gov.moj.dash.linkage.JaroWinklerSimilarity", "double")
Progress = Callable[[str], None]


def weighed(
    database: duckdb.DuckDBPyConnection,
    spec: Spec,
    names: Sequence[str],
    rules: Sequence[blocking.Rule],
    tell: Progress,
) -> pa.Table:
    """``l``, ``r``, ``w`` (match weight, the prior in it) of all pairs that the rules leave."""
    several = [one.sql for one in rules]
    crossed = blocking.swapped(spec)
    if crossed is not None:
        several.append(crossed)
    pair_of_names = spec.of_kind(Kind.NAME) if crossed is not None else ()
    compared = [comparing.comparison(one, spec) for one in spec.columns if one not in pair_of_names]
    if pair_of_names:
        compared.insert(0, comparing.names_swapped(pair_of_names[0].name, pair_of_names[1].name))
    settings = SettingsCreator(
        link_type="dedupe_only" if len(names) == 1 else "link_only",
        comparisons=[*compared],
        blocking_rules_to_generate_predictions=[_rule(sql) for sql in several],
        unique_id_column_name=KEY,
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
        probability_two_random_records_match=prior(database, names),
    )
    with _engine(database, names) as (sides, read):
        linker = Linker(sides if len(sides) > 1 else sides[0], settings)
        # A linker speaks as soon as it is made, of levels that no pair reached: these have their default, and weigh little.
        logging.getLogger("splink").setLevel(logging.ERROR)
        linker.training.estimate_u_using_random_sampling(max_pairs=BY_CHANCE_PAIRS, seed=SEED)
        for rule in blocking.training(rules):
            if any(not rule.columns & together for together in _together(spec, pair_of_names)):
                _learn(linker, rule)
        tell("weighing")
        scored = linker.inference.predict(threshold_match_probability=LEAST)
        return read(scored.physical_name)


def _together(spec: Spec, pair_of_names: Sequence[Column]) -> list[frozenset[str]]:
    """The columns of each comparison. A rule takes those that it names for granted: where it names one of every comparison, nothing
    can be learnt of it, and Splink fails."""
    alone = [frozenset((one.name,)) for one in spec.columns if one not in pair_of_names]
    return [*alone, *([frozenset(one.name for one in pair_of_names)] if pair_of_names else [])]


def _learn(linker: Linker, rule: blocking.Rule) -> None:
    """What the pairs of a rule teach of true pairs; nothing where a few pairs drive a probability to zero, which Splink refuses with
    ``ValueError``: then the defaults stand."""
    with contextlib.suppress(ValueError):
        linker.training.estimate_parameters_using_expectation_maximisation(_rule(rule.sql))


def _rule(sql: str) -> CustomRule:
    return CustomRule(sql, sql_dialect=WRITTEN_FOR)


Read = Callable[[str], pa.Table]


@contextmanager
def _engine(database: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Iterator[tuple[list[Any], Read]]:
    """The tables where they are weighed, and how weighed pairs are read from there."""
    if engine_name() == "duckdb":
        api = DuckDBAPI(connection=database)
        yield [api.register(name) for name in names], lambda pairs: database.sql(_pairs(pairs)).to_arrow_table()
        return
    from splink.internals.spark.database_api import SparkAPI

    session = spark_session()
    with tempfile.TemporaryDirectory(prefix="jiefa-match-") as folder:
        tables = []
        begun: Any = SparkAPI  # it has no types
        spark = begun(spark_session=session, break_lineage_method="persist")
        # Of the jar's functions this one is registered under another name than the translation of DuckDB's gives it.
        session.udf.registerJavaFunction(*NAMED_IN_TRANSLATION)
        for name in names:
            file = Path(folder) / f"{name}.parquet"
            database.execute(f"""COPY "{name}" TO '{file}' (FORMAT parquet)""")
            tables.append(spark.register(session.read.parquet(str(file)), table_name=name))
        yield tables, lambda pairs: session.sql(_pairs(pairs).replace('"', "`")).toArrow()


def _pairs(table: str) -> str:
    return f'SELECT "{KEY}_l" AS l, "{KEY}_r" AS r, match_weight AS w FROM "{table}"'


def possible(database: duckdb.DuckDBPyConnection, names: Sequence[str]) -> float:
    """How many pairs there are."""
    counts = [blocking.rows_of(database, name) for name in names]
    return max(1.0, counts[0] * counts[1] if len(counts) == 2 else counts[0] * (counts[0] - 1) / 2)


def prior(database: duckdb.DuckDBPyConnection, names: Sequence[str]) -> float:
    """A first guess: every second record of the smaller table has a counterpart. What is learnt replaces it."""
    counts = [blocking.rows_of(database, name) for name in names]
    return min(0.5, max(1.0, min(counts) / 2) / possible(database, names))

"""Dossiers: a province's yearly exit decided by the bulk path, one village list in one request, the to-do page of a full desk."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

YEARLY_EXIT = 300_000
A_SECOND = 2_000.0
LIST, LIST_SECONDS = 200, 2.0


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.register(bench, records)
    # In a copy: what was decided stays decided, and the records of the other subjects shall stay as they are.
    bench.copy_database(records, "dossiers")
    environment = bench.environment(records, "dossiers")
    wanted = max(300, round(YEARLY_EXIT * bench.scale))
    arguments = {"year": province.YEARS[-1], "most": wanted, "list_of": LIST}
    answer = bench.work("procedures", "yearly_exit", arguments, environment).answer
    bench.drop_database(records, "dossiers")
    for name, part in answer["parts"].items():
        rate = part["dossiers"] / part["seconds"]
        promised = name != "opened"
        yield Figure(
            subject="procedures",
            name=f"{part['dossiers']:,} dossiers of the yearly exit: {name}",
            records=records,
            value=rate,
            unit="dossiers/s",
            target=f"≥ {A_SECOND:,.0f}/s" if promised else "",
            met=rate >= A_SECOND if promised else None,
            note=f"{part['seconds']:.1f} s",
        )
    yield Figure(
        subject="procedures",
        name=f"a village list of {answer['list']['dossiers']} decided in one request",
        records=records,
        value=answer["list"]["seconds"],
        unit="s",
        target=f"≤ {LIST_SECONDS:g} s",
        met=answer["list"]["seconds"] <= LIST_SECONDS,
    )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Every dossier passes the guards of the engine and of the capability: post, people, opinion, facts, evidence, version, "
            "the standard of leaving from its cards; a step taken and its share of a log entry are written for each. In a copy of "
            "the records: cards of households enough are put above the standard first, as few of a generated province meet it."
        )
    ]

"""Lists matched: 50,000 rows within themselves, the whole register with a list of a million, against a plain join on the number."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness import Bench, Figure

PERSONS, ROWS, WITHIN = 7_450_000, 1_000_000, 50_000
MOST_LINK, MOST_WITHIN = 300.0, 60.0
PEAK_MIB = 8 * 1024


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    environment = bench.environment(records)
    persons, rows = round(PERSONS * bench.scale), round(ROWS * bench.scale)
    for name, function, arguments, most in (
        (f"{WITHIN:,} rows within themselves", "dedupe", {"rows": WITHIN}, MOST_WITHIN),
        (f"{persons:,} people with {rows:,} rows", "link", {"persons": persons, "rows": rows}, MOST_LINK),
    ):
        bench.say(f"  {name}")
        seconds, peak, runs = bench.repeated(
            lambda function=function, arguments=arguments: bench.work("matching", function, arguments, environment)
        )
        answer = runs[0].answer
        yield Figure(
            subject="match",
            name=name,
            records="Parquet",
            value=seconds,
            unit="s",
            raw=answer["raw"],
            raw_name="s, join on the number",
            ratio=seconds / answer["raw"],
            target=f"≤ {most:g} s",
            met=seconds <= most,
            peak_mib=peak,
            peak_target_mib=PEAK_MIB,
            runs=len(runs),
            note=(
                f"precision {answer['precision']:.4f}, recall {answer['recall']:.4f} "
                f"(expected {answer['expected_precision']:.4f}, {answer['expected_recall']:.4f}); "
                f"{answer['compared']:,} pairs weighed; {answer['prepared']:,.1f} s of preparing"
            ),
        )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Six rows in ten of the list are about somebody on the register; of these half have the number, one in ten with a digit wrong, "
            "the others none; three in a hundred have another character in the name. What has number and name in common is done "
            "with before anything is weighed. The join on the number alone is what any matching has to do at the least."
        )
    ]

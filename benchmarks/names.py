"""Finding people in the whole province by 1, 2 or 3 characters of a name: exactly what LIKE finds, without a scan."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import province
from benchmarks.harness import Bench, Figure

PARTS = 20


def figures(bench: Bench, records: str) -> Iterator[Figure]:
    province.register(bench, records)
    environment = bench.environment(records)
    for length, answer in bench.work("searching", "by_length", {"each": PARTS}, environment).answer.items():
        said = []
        if answer["unlike"]:
            said.append(f"finds other people than LIKE: {'、'.join(answer['unlike'])}")
        if answer["scans"]:
            said.append(f"the plan scans the table of people for {'、'.join(answer['scans'])}")
        yield Figure(
            subject="names",
            name=f"{answer['parts']} parts of {length} character{'s' if length != '1' else ''}, first page of 50",
            records=records,
            value=answer["median_ms"],
            unit="ms",
            raw=answer["like_median_ms"],
            raw_name="ms, LIKE scan",
            ratio=answer["median_ms"] / answer["like_median_ms"],
            target="exactly LIKE, no scan",
            met=not answer["unlike"] and not answer["scans"],
            runs=5,
            note="; ".join(
                [
                    *said,
                    f"{answer['found']:,} people compared; worst {answer['worst_ms']:,.1f} ms ({answer['worst_part']})",
                ]
            ),
        )


def notes(bench: Bench) -> list[str]:
    return [
        (
            "Parts are those of names on file, from the most frequent to the rarest. All keys found are compared with those of "
            "LIKE over the whole table; the plan is that of the first page in order of key. The LIKE page ends at its 50th hit, "
            "so that it is quick for frequent parts and reads all names for rare ones."
        )
    ]

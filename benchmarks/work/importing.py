"""The same people through django-import-export, as its manual says it is quickest."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import Any

import tablib  # type: ignore[import-untyped]
from import_export import resources

from jiefa.registry.models import Household, Person

PERSONS, HOUSEHOLDS = "persons.csv", "households.csv"
SEALED = ("id_sealed",)
"""Binary columns: django-import-export has no form for them, so that they are left out."""

FIELDS = tuple(field.attname for field in Person._meta.concrete_fields if field.name not in SEALED)
ROWS_AT_ONCE = 1_000


class PersonResource(resources.ModelResource):  # type: ignore[misc]
    class Meta:
        model = Person
        exclude = SEALED
        import_id_fields = ("id",)


class PersonInBulk(resources.ModelResource):  # type: ignore[misc]
    class Meta:
        model = Person
        exclude = SEALED
        import_id_fields = ("id",)
        use_bulk = True
        batch_size = ROWS_AT_ONCE
        skip_diff = True
        force_init_instance = True
        use_transactions = True


def keep_persons(folder: str) -> dict[str, Any]:
    """The people on file, and their households' keys, as CSV."""
    names = [name.removesuffix("_id") if name == "household_id" else name for name in FIELDS]
    with (Path(folder) / PERSONS).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        writer.writerows(Person.objects.order_by("pk").values_list(*FIELDS))
    with (Path(folder) / HOUSEHOLDS).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(Household.objects.order_by("pk").values_list("pk", "number", "village_code"))
    return {}


def import_persons(folder: str, in_bulk: bool, most: int | None = None) -> dict[str, Any]:
    """Seconds that the import of the people (the first ``most``) takes; their households stand there before."""
    with (Path(folder) / HOUSEHOLDS).open(encoding="utf-8", newline="") as stream:
        Household.objects.bulk_create(
            [
                Household(pk=pk, number=number, village_code=village, poverty_status="poor", household_class="general")
                for pk, number, village in csv.reader(stream)
            ],
            batch_size=ROWS_AT_ONCE,
        )
    dataset = tablib.Dataset().load((Path(folder) / PERSONS).read_text(encoding="utf-8"), format="csv")
    if most is not None:
        dataset = dataset.subset(rows=range(min(most, dataset.height)))
    resource = PersonInBulk() if in_bulk else PersonResource()
    started = time.perf_counter()
    resource.import_data(dataset, raise_errors=True)
    seconds = time.perf_counter() - started
    written = Person.objects.count()
    assert written == dataset.height, (written, dataset.height)
    return {"seconds": seconds, "rows": written}

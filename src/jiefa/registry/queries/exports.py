"""Lists as Excel files: complete, in scope, numbers masked; made row by row in a temporary file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.db.models import QuerySet

from jiefa import sheets
from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.kernel.errors import Language
from jiefa.policy import Pack
from jiefa.registry.models import Household, HouseholdYear
from jiefa.registry.queries import households
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType

CHUNK = 2_000

_COLUMNS = (
    ("household_number", "户编号", "Household number", ColumnType.TEXT),
    ("village_code", "行政村代码", "Village code", ColumnType.TEXT),
    ("village", "行政村", "Village", ColumnType.TEXT),
    ("head_name", "户主", "Head", ColumnType.TEXT),
    ("size", "家庭人口数", "People", ColumnType.INT),
    ("poverty_status", "脱贫属性", "Poverty status", ColumnType.TEXT),
    ("household_class", "户属性", "Class", ColumnType.TEXT),
    ("main_cause", "主要致贫原因", "Main cause", ColumnType.TEXT),
    ("kind", "四类户", "Kind", ColumnType.TEXT),
    ("entered_year", "纳入年度", "Year of entry", ColumnType.INT),
    ("exited_year", "脱贫年度", "Year of exit", ColumnType.INT),
    ("net_income_per_person", "人均纯收入", "Net income per person", ColumnType.MONEY),
    ("year", "年度", "Year", ColumnType.INT),
)


def household_list(rows: QuerySet[Household], year: int, pack: Pack, language: Language) -> BinaryIO:
    """An open file that holds every row of the list; the caller streams it and the system forgets it."""
    return _written(_rows(households.chunks(rows, CHUNK), year, pack, language), year, language)


def household_list_of(keys: Iterable[list[int]], within: Scope, year: int, pack: Pack, language: Language) -> BinaryIO:
    """The same for households named by key, those of them that lie inside the scope."""
    chunks = (
        list(gate(Household.objects.filter(pk__in=part[at : at + CHUNK]), within).order_by("pk"))
        for part in keys
        for at in range(0, len(part), CHUNK)
    )
    return _written(_rows(chunks, year, pack, language), year, language)


def _written(rows: Iterator[tuple[object, ...]], year: int, language: Language) -> BinaryIO:
    columns = [Column(id=name, zh=zh, en=en, type=kind) for name, zh, en, kind in _COLUMNS]
    return sheets.opened_xlsx(rows, columns, sheet_name=f"农户 {year}", language=language)[0]


def _rows(chunks: Iterable[list[Household]], year: int, pack: Pack, language: Language) -> Iterator[tuple[object, ...]]:
    lists = {name: pack.codes(name) for name in ("poverty_status", "household_class", "cause", "kind")}

    def label(name: str, code: str | None) -> str | None:
        return lists[name].label(code, language) if code else None

    for chunk in chunks:
        cards = {
            c.household_id: c for c in HouseholdYear.objects.filter(household_id__in=[h.pk for h in chunk], year=year)
        }
        villages = areas.named(sorted({household.village_code for household in chunk}))
        for household in chunk:
            card = cards.get(household.pk)
            yield (
                household.number,
                household.village_code,
                villages.get(household.village_code),
                household.head_name,
                card.size if card else household.size,
                label("poverty_status", card.poverty_status if card else household.poverty_status),
                label("household_class", card.household_class if card else household.household_class),
                label("cause", card.main_cause if card else None),
                label("kind", card.kind if card else None),
                household.entered_year,
                household.exited_year,
                card.net_income_per_person_fen if card else None,
                card.year if card else None,
            )

"""Lists of help as Excel files: complete, in scope, in the columns by which they can be loaded again; no certificate number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from django.db.models import QuerySet

from jiefa import sheets
from jiefa.areas import queries as areas
from jiefa.assistance.models import CreditParty, Loan, ProgrammeRecord, VillageWork
from jiefa.assistance.queries.gaps import Gap
from jiefa.assistance.queries.registers import Register
from jiefa.assistance.rules import credit
from jiefa.assistance.rules import programmes as rules
from jiefa.assistance.rules.credit import Limits
from jiefa.kernel.errors import Language
from jiefa.policy import Pack, Programme
from jiefa.registry.models import Household
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.sheets.forms import specs_of

CHUNK = 2_000
T = ColumnType
PLACE = (Column("village_code", "行政村代码", "Village code", T.TEXT), Column("village", "行政村", "Village", T.TEXT))
NUMBER = Column("household_number", "户编号", "Household number", T.TEXT)
HEAD = Column("head_name", "户主", "Head", T.TEXT)


def _written(rows: Iterable[Sequence[object]], columns: Sequence[Column], name: str, language: Language) -> BinaryIO:
    return sheets.opened_xlsx(rows, columns, sheet_name=name, language=language)[0]


def _placed(found: QuerySet[Any], place: str = "village_code") -> Iterator[tuple[Any, str | None]]:
    """Every row with the name of its village, or what other ``place`` it has; the names are asked for by chunks."""
    rows = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        names = areas.named(sorted({getattr(row, place) for row in chunk}))
        for row in chunk:
            yield row, names.get(getattr(row, place))


def cases(found: QuerySet[ProgrammeRecord], programme: Programme, pack: Pack, language: Language) -> BinaryIO:
    """The cases of a programme, an open file that the caller streams."""
    (spec,) = specs_of(pack, programme.form)
    typed = [column for column in spec.columns if column.id != "id_number"]
    stage = Column("stage", "进度", "Stage", T.TEXT)
    columns = [*PLACE, HEAD, *typed, stage]
    stages = {one.id: one.zh if language == "zh" else one.en for one in programme.stages}

    def row(record: ProgrammeRecord, village: str | None) -> tuple[object, ...]:
        about = {
            "household_number": record.household.number,
            "name": record.person.name if record.person else None,
            "year": record.year,
        }
        own = [about[column.id] if column.id in about else _value(column, record.own) for column in typed]
        return (record.village_code, village, record.household.head_name, *own, stages.get(record.stage))

    return _written((row(*one) for one in _placed(found)), columns, programme.zh, language)


def _value(column: Column, own: rules.Own) -> object:
    """What a sheet wants of a value that JSON holds."""
    value = own.get(column.id)
    if value is None:
        return None
    if column.type is T.DATE:
        return rules.day(own, column.id)
    return rules.number(own, column.id) if column.type is T.MEASURE else value


def loans(found: QuerySet[Loan], on: dt.date, held: Limits, pack: Pack, language: Language) -> BinaryIO:
    """Loans with what is owed and how far each has come."""
    (spec,) = specs_of(pack, pack.form("loans"))
    typed = [column for column in spec.columns if column.id != "id_number"]
    more = [
        Column("to_on", "到期日期", "Ends on", T.DATE),
        Column("balance", "余额", "Still owed", T.MONEY),
        Column("stage", "贷款进度", "Stage", T.TEXT),
    ]
    stages = pack.codes("loan_stage")

    def row(loan: Loan, village: str | None) -> tuple[object, ...]:
        stage = credit.stage(
            to_on=loan.to_on,
            balance_fen=loan.balance_fen,
            compensated=loan.compensated_on is not None,
            on=on,
            held=held,
        )
        said = {"household_number": loan.household.number, "name": loan.borrower.name, "amount": loan.amount_fen}
        own = [said[column.id] if column.id in said else getattr(loan, column.id) for column in typed]
        place = (loan.village_code, village, loan.household.head_name)
        return (*place, *own, loan.to_on, loan.balance_fen, stages.label(stage, language))

    return _written((row(*one) for one in _placed(found)), [*PLACE, HEAD, *typed, *more], "贷款", language)


def parties(found: QuerySet[CreditParty], pack: Pack) -> tuple[Sequence[Column], Iterable[Sequence[object]]]:
    """Columns and rows of who fills the roles of microcredit, in the columns by which they can be loaded again."""
    (spec,) = specs_of(pack, pack.form("credit_parties"))
    name, until = Column("county", "县", "County", T.TEXT), Column("to_on", "终止日期", "Until", T.DATE)
    rows = ((one.county.name, one.county_id, one.role, one.name, one.from_on, one.to_on) for one in found.iterator())
    return [name, *spec.columns, until], rows


def bodies(found: QuerySet[Any], year: int, pack: Pack, language: Language) -> BinaryIO:
    """The register of industry with its figures of the year."""
    (spec,) = specs_of(pack, pack.form("industry"))
    typed = [column for column in spec.columns if column.id != "village_code"]
    reported = {"output": "output_fen", "sales": "sales_fen", "invested": "invested_fen"}

    def value(one: Any, name: str) -> object:
        if name in ("year", "park"):
            return year if name == "year" else one.park and one.park.number
        said = getattr(one, reported.get(name, name))
        return None if said == "" else said

    def row(one: Any, village: str | None) -> tuple[object, ...]:
        return (one.village_code, village, *(value(one, column.id) for column in typed))

    return _written((row(*one) for one in _placed(found)), [*PLACE, *typed], "产业主体", language)


def benefits(found: QuerySet[Any], pack: Pack, language: Language) -> BinaryIO:
    """Benefit links with what reached each household in the year."""
    ways = pack.codes("benefit_way")
    columns = [
        *PLACE,
        NUMBER,
        HEAD,
        Column("body", "主体编号", "Number of the body", T.TEXT),
        Column("name", "主体名称", "Name of the body", T.TEXT),
        Column("way", "联结方式", "Way", T.TEXT),
        Column("from_on", "协议起始日期", "From", T.DATE),
        Column("to_on", "协议终止日期", "To", T.DATE),
        Column("paid", "全年兑现", "Paid in the year", T.MONEY),
    ]

    def row(one: Any, village: str | None) -> tuple[object, ...]:
        home = (one.household.number, one.household.head_name)
        of = (one.body.number, one.body.name, ways.label(one.way, language))
        return (one.village_code, village, *home, *of, one.from_on, one.to_on, one.paid_fen or 0)

    return _written((row(*one) for one in _placed(found)), columns, "利益联结", language)


def works(found: QuerySet[VillageWork], pack: Pack, language: Language) -> BinaryIO:
    """The works of village plans."""
    (spec,) = specs_of(pack, pack.form("village_works"))
    typed = [column for column in spec.columns if column.id != "village_code"]
    amounts = {"planned": "planned_fen", "spent": "spent_fen"}

    def row(one: VillageWork, village: str | None) -> tuple[object, ...]:
        return (one.village_code, village, *(getattr(one, amounts.get(column.id, column.id)) for column in typed))

    return _written((row(*one) for one in _placed(found)), [*PLACE, *typed], "整村推进", language)


def register(found: QuerySet[Any], of: Register, pack: Pack, language: Language) -> BinaryIO:
    """A register of what cases name: courses, sites, hamlets."""
    (spec,) = specs_of(pack, pack.form(of.id))
    named = {of.place: of.place, of.key: of.key, **of.columns}
    where = Column("place", "地方", "Place", T.TEXT)

    def row(one: Any, place: str | None) -> tuple[object, ...]:
        values = (getattr(one, named[column.id]) for column in spec.columns)
        return (place, *(None if value == "" else value for value in values))

    rows = (row(*one) for one in _placed(found, of.place))
    return _written(rows, [where, *spec.columns], pack.form(of.id).zh, language)


def gap(found: QuerySet[Any], of: Gap, name: str, language: Language) -> BinaryIO:
    """The households (or the organisations) of a list to act on."""
    if not of.home:
        columns = [
            Column("code", "区划代码", "Division code", T.TEXT),
            Column("place", "地方", "Place", T.TEXT),
            Column("number", "编号", "Number", T.TEXT),
            Column("name", "名称", "Name", T.TEXT),
        ]
        rows = ((getattr(one, of.place), place, *named(one)) for one, place in _placed(found, of.place))
        return _written(rows, columns, name, language)
    people = Column("size", "家庭人口数", "People", T.INT)

    def row(one: Any, village: str | None) -> tuple[object, ...]:
        household: Household = home(one, of)
        return (one.village_code, village, household.number, household.head_name, household.size)

    return _written((row(*one) for one in _placed(found)), [*PLACE, NUMBER, HEAD, people], name, language)


def named(one: Any) -> tuple[str | None, str | None]:
    """The number and the name of an organisation, whichever it has."""
    return getattr(one, "number", None), one.name or None


def home(row: Any, of: Gap) -> Household:
    """The household that a row of a list to act on is about."""
    found = row
    for step in of.home.split("__"):
        found = getattr(found, step)
    assert isinstance(found, Household)
    return found

"""The register of industry and the benefit links of households, put on file from lists."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiefa.access.rules import Scope
from jiefa.assistance.actions.kind import Kind
from jiefa.assistance.actions.records import BATCH, Row
from jiefa.assistance.models import BenefitLink, BenefitPaid, IndustryBody, IndustryYear
from jiefa.assistance.queries import industry as queries
from jiefa.assistance.rules import industry as rules
from jiefa.assistance.rules.programmes import day, number, plain
from jiefa.audit import actions as audit
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept
from jiefa.policy import Pack

BODIES, BENEFITS = "industry", "benefits"
NEW, CHANGED = "new", "changed"
OF_BODY = {"name": "name", "industry": "industry", "level": "level", "recognised_on": "recognised_on"}
OF_YEAR = {
    "output": "output_fen",
    "sales": "sales_fen",
    "invested": "invested_fen",
    "members": "members",
    "poor_members": "poor_members",
}
"""Column of the list to column of the table."""


def _said(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, object]:
    return {name: plain(row[name]) for name in names if row[name] is not None and row[name] != ""}


class OfBodies(Kind):
    """Parks, enterprises, cooperatives and bases with what they report of a year."""

    about = "place"

    def __init__(self, pack: Pack) -> None:
        self.form = pack.form(BODIES)
        self.id, self.zh, self.en = BODIES, self.form.zh, self.form.en

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        return _said(row, ("number", "kind", "park", *OF_BODY, *OF_YEAR))

    def identity(self, row: Row) -> str:
        return str(row.own.get("number"))

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        standing = queries.standing(str(row.own.get(name)) for _line, row in rows for name in ("number", "park"))
        kinds = {number: one.kind for number, one in standing.items()}
        kinds |= {self.identity(row): str(row.own.get("kind")) for _line, row in rows}
        for line, row in rows:
            park = kinds.get(str(row.own.get("park")))
            for remark in rules.against_body(row.village, row.own, standing.get(self.identity(row)), park):
                say(line, remark)

    def unchanged(self, rows: Sequence[Row]) -> int:
        bodies, years = queries.on_file(self.identity(row) for row in rows)
        return sum(
            (body := bodies.get(self.identity(row))) is not None
            and not _differs(body, row, OF_BODY)
            and ("park" not in row.own or (body.park is not None and body.park.number == row.own["park"]))
            and (year := years.get((body.pk, row.year))) is not None
            and not _differs(year, row, OF_YEAR)
            for row in rows
        )

    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        return keep_bodies(rows=rows, of_list=of_list, by=by)


def _values(row: Row, columns: Mapping[str, str]) -> dict[str, object]:
    """What the row says, by column of the table: an empty cell says nothing."""
    found: dict[str, object] = {}
    for name, column in columns.items():
        if name not in row.own:
            continue
        found[column] = day(row.own, name) if name == "recognised_on" else row.own[name]
    return found


def _differs(found: IndustryBody | IndustryYear, row: Row, columns: Mapping[str, str]) -> bool:
    return any(getattr(found, column) != value for column, value in _values(row, columns).items())


@dataclass
class Written:
    """What became of the rows of a list: by place in the list ``new`` or ``changed``, none for what was on file; fen paid by county."""

    rows: Sequence[Row]
    became: dict[int, str] = field(default_factory=dict)
    fen: Counter[str] = field(default_factory=Counter)

    def say(self, place: int, what: str) -> None:
        """A row that puts anything new on file is new, whatever else it changes."""
        if self.became.get(place) != NEW:
            self.became[place] = what

    def kept(self) -> Kept:
        counted = Counter(self.became.values())
        return Kept(counted[NEW], counted[CHANGED], 0)

    def log(self, kind: str, of_list: ReceivedList, by: str) -> None:
        """One entry for each county of which a row was written."""
        counts: dict[str, Counter[str]] = {}
        for place, what in self.became.items():
            counts.setdefault(self.rows[place].village[:6], Counter())[what] += 1
        for county, fen in self.fen.items():
            counts.setdefault(county, Counter())["fen"] += fen
        said = {"list": of_list.pk, "digest": of_list.digest}
        audit.record_many(
            [
                audit.Said(county, by, "industry.kept", "industry", kind, {**said, **dict(counted)})
                for county, counted in sorted(counts.items())
            ]
        )


@transaction.atomic
def keep_bodies(*, rows: Sequence[Row], of_list: ReceivedList, by: str) -> Kept:
    """The rows on file, parks before what lies in them; one entry of the log for each county."""
    now, written = timezone.now(), Written(rows)
    for parks in (True, False):
        some = [place for place, row in enumerate(rows) if (row.own["kind"] == rules.PARK) is parks]
        _keep_bodies(written, some, by, now)
    written.log(BODIES, of_list, by)
    return written.kept()


def _keep_bodies(written: Written, some: Sequence[int], by: str, now: dt.datetime) -> None:
    rows = [written.rows[place] for place in some]
    bodies, years = queries.on_file([str(row.own["number"]) for row in rows], lock=True)
    parks = queries.standing(str(row.own["park"]) for row in rows if "park" in row.own)
    fresh: dict[str, IndustryBody] = {}
    changed: dict[int, IndustryBody] = {}
    for place, row in zip(some, rows, strict=True):
        number_ = str(row.own["number"])
        body = bodies.get(number_) or fresh.get(number_)
        park = parks[str(row.own["park"])].key if "park" in row.own else None
        if body is None:
            body = IndustryBody(number=number_, kind=str(row.own["kind"]), village_code=row.village)
            fresh[number_] = body
        elif not _differs(body, row, OF_BODY) and park in (None, body.park_id):
            continue
        elif body.pk:
            changed[body.pk] = body
        written.say(place, CHANGED if body.pk else NEW)
        for column, value in _values(row, OF_BODY).items():
            setattr(body, column, value)
        body.park_id = park or body.park_id
        body.by, body.at = by, now
    IndustryBody.objects.bulk_create(fresh.values(), batch_size=BATCH)
    columns = [*OF_BODY.values(), "park", "by", "at"]
    IndustryBody.objects.bulk_update(changed.values(), columns, batch_size=BATCH)
    _keep_years(written, some, bodies | fresh, years, by, now)


def _keep_years(
    written: Written,
    some: Sequence[int],
    bodies: Mapping[str, IndustryBody],
    years: Mapping[tuple[int, int], IndustryYear],
    by: str,
    now: dt.datetime,
) -> None:
    fresh: list[IndustryYear] = []
    changed: list[IndustryYear] = []
    for place in some:
        row = written.rows[place]
        body = bodies[str(row.own["number"])]
        year = years.get((body.pk, row.year))
        if year is not None and not _differs(year, row, OF_YEAR):
            continue
        (fresh if year is None else changed).append(found := year or IndustryYear(body=body, year=row.year))
        for column, value in _values(row, OF_YEAR).items():
            setattr(found, column, value)
        found.by, found.at = by, now
        written.say(place, NEW if year is None else CHANGED)
    IndustryYear.objects.bulk_create(fresh, batch_size=BATCH)
    IndustryYear.objects.bulk_update(changed, [*OF_YEAR.values(), "by", "at"], batch_size=BATCH)


class OfBenefits(Kind):
    """What households have of bodies of industry, and what reached them by it."""

    about = "household"
    needs_year = False

    def __init__(self, pack: Pack) -> None:
        self.form = pack.form(BENEFITS)
        self.id, self.zh, self.en = BENEFITS, self.form.zh, self.form.en

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        return _said(row, ("body", "way", "from_on", "to_on", "paid_on", "paid"))

    def identity(self, row: Row) -> str:
        said = (str(row.own.get(name)) for name in ("body", "way", "from_on", "paid_on"))
        return f"h{row.household}/{'/'.join(said)}"

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        bodies = queries.standing(str(row.own.get("body")) for _line, row in rows)
        for line, row in rows:
            for remark in rules.against_link(row.own, bodies):
                say(line, remark)

    def unchanged(self, rows: Sequence[Row]) -> int:
        bodies = queries.standing(str(row.own["body"]) for row in rows)
        links = queries.links_on_file(row.household for row in rows)
        paid = queries.paid_on_file(link.pk for link in links.values())
        return sum(
            (link := links.get(_key(row, bodies))) is not None
            and day(row.own, "to_on") in (None, link.to_on)
            and ("paid" not in row.own or paid.get(_day(link, row), _NOT_PAID).fen == number(row.own, "paid"))
            for row in rows
        )

    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        return keep_benefits(rows=rows, of_list=of_list, by=by)


_NOT_PAID = BenefitPaid(fen=0)


def _key(row: Row, bodies: Mapping[str, rules.Standing]) -> queries.LinkKey:
    begins = day(row.own, "from_on")
    assert begins is not None
    return bodies[str(row.own["body"])].key, row.household, str(row.own["way"]), begins


def _day(link: BenefitLink, row: Row) -> tuple[int, dt.date]:
    on = day(row.own, "paid_on")
    assert on is not None
    return link.pk, on


@transaction.atomic
def keep_benefits(*, rows: Sequence[Row], of_list: ReceivedList, by: str) -> Kept:
    """The links and what was paid by them on file; a sum of a day already on file is corrected; one entry of the log for each county."""
    now, written = timezone.now(), Written(rows)
    bodies = queries.standing(str(row.own["body"]) for row in rows)
    links = queries.links_on_file((row.household for row in rows), lock=True)
    fresh: dict[queries.LinkKey, BenefitLink] = {}
    longer: list[BenefitLink] = []
    for place, row in enumerate(rows):
        key, ends = _key(row, bodies), day(row.own, "to_on")
        link = links.get(key) or fresh.get(key)
        if link is None:
            body, household, way, begins = key
            link = BenefitLink(body_id=body, household_id=household, way=way, from_on=begins, to_on=ends)
            link.village_code, link.by, link.at = row.village, by, now
            fresh[key] = link
            written.say(place, NEW)
        elif ends not in (None, link.to_on):
            link.to_on, link.by, link.at = ends, by, now
            written.say(place, CHANGED)
            if link.pk:
                longer.append(link)
    BenefitLink.objects.bulk_create(fresh.values(), batch_size=BATCH)
    BenefitLink.objects.bulk_update(longer, ["to_on", "by", "at"], batch_size=BATCH)
    _pay(written, bodies, links | fresh, by, now)
    written.log(BENEFITS, of_list, by)
    return written.kept()


def _pay(
    written: Written,
    bodies: Mapping[str, rules.Standing],
    links: Mapping[queries.LinkKey, BenefitLink],
    by: str,
    now: dt.datetime,
) -> None:
    on_file = queries.paid_on_file(link.pk for link in links.values())
    fresh, changed = [], []
    for place, row in enumerate(written.rows):
        if "paid" not in row.own:
            continue
        link, fen = links[_key(row, bodies)], int(number(row.own, "paid"))
        paid = on_file.get(_day(link, row))
        if paid is None:
            fresh.append(BenefitPaid(link=link, on=_day(link, row)[1], fen=fen, by=by, at=now))
            written.say(place, NEW)
            written.fen[row.village[:6]] += fen
        elif paid.fen != fen:
            written.say(place, CHANGED)
            written.fen[row.village[:6]] += fen - paid.fen
            paid.fen, paid.by, paid.at = fen, by, now
            changed.append(paid)
    BenefitPaid.objects.bulk_create(fresh, batch_size=BATCH)
    BenefitPaid.objects.bulk_update(changed, ["fen", "by", "at"], batch_size=BATCH)

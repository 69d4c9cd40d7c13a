"""Training: the courses of a county, one course with those who take part, whom training and grants reached by place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assistance.models import Course
from jiefa.assistance.queries import counted, exports, gaps, registers
from jiefa.assistance.queries import training as queries
from jiefa.assistance.queries.naming import PRESENT
from jiefa.policy import NotInForce
from jiefa.registry.actions import exports as export_actions
from jiefa.site.moving_forms import CourseSearch
from jiefa.site.presenters import training as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.programmes import BELOW, asked, here

P = Permission
ROWS = 50


def cut(rows: Any, after: int | None) -> tuple[list[Any], int | None]:
    """A page of rows in order of their key, and the key after which the next begins."""
    found = list((rows.filter(pk__gt=after) if after is not None else rows)[: ROWS + 1])
    return found[:ROWS], found[ROWS - 1].pk if len(found) > ROWS else None


def villages(rows: list[Any]) -> dict[str, str]:
    """The names of the villages of these rows and of their townships."""
    return areas.named(sorted({code for row in rows for code in (row.village_code, row.village_code[:9])}))


def leaving(reader: Reader) -> Scope:
    """The place of the page, as far as the reader may take lists out."""
    return reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)


def export_url(reader: Reader, name: str, *arguments: object) -> str:
    """Where what the page shows leaves as Excel; '' for who may take nothing out."""
    url, query = reverse(f"site:{name}", args=arguments), reader.request.GET.urlencode()
    return f"{url}?{query}" if reader.actor.may(P.HOUSEHOLD_EXPORT) else ""


def _found(reader: Reader, form: CourseSearch, within: Scope) -> Any:
    return registers.courses(within, reader.year, form.typed("trade"), form.typed("q"))


@page
def courses(reader: Reader) -> HttpResponseBase:
    """The courses of the county and year, with those who take part of the people whom the reader may see."""
    within, form = here(reader), CourseSearch(reader.request.GET, reader=reader)
    rows, after = cut(_found(reader, form, within), key(reader.request, "after"))
    names, taking = areas.named(sorted({row.county_code for row in rows})), queries.taking(within, rows)
    context = {
        "here": reader.place.name if reader.place else "",
        "form": form,
        "sums": queries.sums(within, reader.year),
        "rows": [
            shown.row(reader, row, taking.get((row.county_code, row.number), shown.NOBODY), names) for row in rows
        ],
        "may_load": reader.actor.may(P.ROSTER_UPLOAD),
        "export_url": export_url(reader, "courses-export"),
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/courses.html", context)


@page
def export(reader: Reader) -> HttpResponseBase:
    """The courses of the year as Excel, in the columns by which they can be loaded again."""
    within = leaving(reader)
    found = _found(reader, CourseSearch(reader.request.GET, reader=reader), within)
    export_actions.record(by=reader.actor.name, what=registers.COURSES, areas=within.areas)
    stream = exports.register(found, registers.REGISTERS[registers.COURSES], reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"courses-{reader.year}.xlsx")


def _course(pk: int, within: Scope) -> Course:
    found = registers.course(pk, within)
    if found is None:
        raise Http404
    return found


def _least(reader: Reader, one: Course) -> Decimal | None:
    try:
        return reader.pack.at(one.to_on).number(PRESENT)
    except NotInForce:
        return None


@page
def course(reader: Reader, pk: int) -> HttpResponseBase:
    """One course: what it is, how full, and those of its people whom the reader may see."""
    within = reader.scope(P.HOUSEHOLD_VIEW)
    one = _course(pk, within)
    rows, after = cut(queries.participants(within, one), key(reader.request, "after"))
    names, least = villages(rows), _least(reader, one)
    identity = (one.county_code, one.number)
    # How full it is says nothing of anybody: it is counted over the whole county.
    whole = queries.taking(Scope((one.county_code,)), [one]).get(identity, shown.NOBODY)
    mine = queries.taking(within, [one]).get(identity, shown.NOBODY)
    context = {
        "course": shown.course(reader, one, areas.named([one.county_code])),
        "whole": shown.taking(one, whole),
        "mine": mine,
        "least": least,
        "rows": [shown.participant(reader, one, row, names, least) for row in rows],
        "export_url": export_url(reader, "course-export", pk),
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/course.html", context)


@page
def export_course(reader: Reader, pk: int) -> HttpResponseBase:
    """Those who take part in a course as Excel, in the columns of the list of training."""
    within = reader.scope(P.HOUSEHOLD_EXPORT)
    one = _course(pk, within)
    export_actions.record(by=reader.actor.name, what=f"course {pk}", areas=within.areas)
    programme = reader.pack.programme(queries.TRAINING)
    stream = exports.cases(queries.participants(within, one), programme, reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"course-{pk}.xlsx")


@page
def coverage(reader: Reader) -> HttpResponseBase:
    """Households with a certificate of those with a labourer, and pupils paid of those entitled: here and in the places below."""
    place, question = reader.place, asked(reader)
    context: dict[str, Any] = {"here": place.name if place else "", "year": reader.year}
    if place is not None:
        digits = BELOW.get(len(place.code), len(place.code))
        skill, pupils = gaps.coverage(question, digits), gaps.paid_pupils(question, digits)
        names = areas.named(sorted({*skill, *pupils}))
        for name, share, found in (("skill", counted.SKILL, skill), ("pupils", counted.PUPILS, pupils)):
            every = gaps.Coverage(
                sum(one.households for one in found.values()), sum(one.covered for one in found.values())
            )
            context[name] = {
                "all": every,
                "urls": shown.urls(reader, share, place.code),
                "places": shown.covered(reader, share, found, names) if digits != len(place.code) else [],
            }
    return render(reader.request, "site/coverage.html", context)

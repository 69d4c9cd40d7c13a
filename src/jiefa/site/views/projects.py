"""Projects of a place, one project with all that belongs to it, and what is typed about it: proposed, progress, change, claim."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.disclosure import queries as disclosure
from jiefa.funds.actions import carrying, changing
from jiefa.funds.actions.project_lists import LISTS
from jiefa.funds.models import Project
from jiefa.funds.queries import exports, project_findings
from jiefa.funds.queries import projects as queries
from jiefa.funds.queries.projects import Sifted
from jiefa.funds.rules.projects import CLAIMS
from jiefa.procedures import evidence
from jiefa.procedures import queries as dossiers
from jiefa.registry.actions import exports as export_actions
from jiefa.site.presenters import money as money_shown
from jiefa.site.presenters import notices as notices_shown
from jiefa.site.presenters import projects as shown
from jiefa.site.project_forms import (
    ProjectSift,
)
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS, MEMBERS, MOVES = 50, 200, 50


def scope(reader: Reader) -> Scope:
    """Where the reader may see projects: with dossiers, or with money. Raises ``NotAllowed`` for who may see neither."""
    either = [one for one in (P.DOSSIER_VIEW, P.MONEY_VIEW) if reader.actor.may(one)]
    if not either:
        reader.actor.demand(P.DOSSIER_VIEW)
    return Scope.over(area for one in either for area in reader.actor.scope(one).areas)


def _here(reader: Reader) -> Scope:
    return scope(reader).narrowed(reader.place.code if reader.place else None)


def found_or_404(reader: Reader, pk: int) -> Project:
    found = queries.project(pk, scope(reader))
    if found is None:
        raise Http404
    reader.place_code = found.place_code
    return found


def _sifted(reader: Reader) -> tuple[ProjectSift, Sifted]:
    form = ProjectSift(reader.request.GET, reader=reader, states=shown.states(reader))
    known = form.is_valid()
    said = form.cleaned_data
    sifted = Sifted(
        year=said.get("project_year"),
        kind=said.get("kind") or "",
        # What is not known finds nothing: it is not as if nothing had been asked for.
        state=said.get("state") or ("" if known else "unknown"),
        text=(said.get("q") or "").strip(),
    )
    return form, sifted


def _names(found: list[Project]) -> dict[str, str]:
    return areas.named(sorted({code for one in found for code in (one.place_code, one.place_code[:9])}))


@page
def projects(reader: Reader) -> HttpResponseBase:
    """The projects of a place, the newest first, with what they come to."""
    within = _here(reader)
    form, sifted = _sifted(reader)
    rows, after = queries.projects(within, sifted), key(reader.request, "after")
    found: list[Project] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = _names(found)
    place = reader.place.code if reader.place else ""
    context = {
        "parts": money_shown.parts(reader, "projects"),
        "here": reader.place.name if reader.place else "",
        "form": form,
        "sums": queries.sums(within, sifted),
        "waiting": [
            {
                "url": reverse("site:dossier", args=[one.pk]),
                "title": one.title,
                "state": shown.state(reader, one, reader.pack),
            }
            for one in dossiers.on_desk(reader.actor, reader.pack)
            .filter(procedure__in=CLAIMS)
            .order_by("due_on", "pk")[:ROWS]
        ],
        "rows": [shown.row(reader, one, names) for one in found],
        "export_url": f"{reverse('site:money-projects-export')}?{reader.request.GET.urlencode()}",
        "new_url": reader.at(reverse("site:money-project-new"), place=place)
        if place and reader.actor.may(P.MONEY_PROPOSE, place)
        else "",
        "lists": [
            {"label": reader.words(form.zh, form.en), "url": reverse("site:help-list-new", args=[name])}
            for name in LISTS
            for form in (reader.pack.form(name),)
        ]
        if reader.actor.may(P.MONEY_PROPOSE)
        else [],
        "findings_url": reader.at(reverse("site:money-project-findings"), place=place)
        if reader.actor.may(P.MONEY_VIEW)
        else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/money_projects.html", context)


@page
def projects_export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel."""
    within = _here(reader)
    export_actions.record(by=reader.actor.name, what="projects", areas=within.areas)
    stream = exports.projects(queries.projects(within, _sifted(reader)[1]), reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"projects-{timezone.localdate():%Y%m%d}.xlsx")


@page
def project(reader: Reader, pk: int) -> HttpResponseBase:
    """One project: what, where, money, steps, households, progress, inspections, claims, notices, transfers, findings."""
    found = found_or_404(reader, pk)
    progress, inspections = queries.progress(found), queries.inspections(found)
    claims, moves = queries.claims(found), list(queries.transfers(found)[:MOVES])
    homes = queries.beneficiaries(found)
    people = access.full_names({one.by for several in (progress, inspections, moves) for one in several} | {found.by})
    codes = [found.place_code, found.place_code[:9], found.place_code[:6]]
    names = money_shown.names(money_shown.sides(moves), codes)
    sees_dossiers = reader.actor.may(P.DOSSIER_VIEW, found.place_code)
    about = queries.dossiers(found)
    context: dict[str, Any] = {
        "parts": money_shown.parts(reader, "projects"),
        "project": shown.row(reader, found, names),
        "facts": shown.facts(reader, found, names),
        "sums": shown.sums(found),
        "steps": shown.six_steps(reader, found, bool(found.paid_fen)),
        "homes": [shown.beneficiary(reader, one) for one in homes[:MEMBERS]],
        "homes_more": max(0, len(homes) - MEMBERS),
        "homes_count": len(homes),
        "progress": [shown.progress(one, people) for one in progress],
        "pictures": shown.pictures(queries.pictures(found)),
        "inspections": [shown.inspection(one, people) for one in inspections],
        "changes": [shown.change(reader, one.before, one.after, one.on) for one in queries.changes(found)],
        "claims": [shown.claim(reader, one) for one in claims],
        "dossiers": [
            {
                "url": reverse("site:dossier", args=[one.pk]),
                "label": reader.words(*_procedure_words(reader, one)),
                "state": shown.state(reader, one, reader.pack),
            }
            for one in about
        ]
        if sees_dossiers
        else [],
        "notices": [
            {
                "url": reverse("site:notice", args=[one.pk]),
                "title": notices_shown.title(reader, one),
                "on": one.posted_on,
            }
            for dossier in about[:1]
            for one in disclosure.notices_of(dossier)
        ],
        "rows": [money_shown.transfer(reader, one, names, people) for one in moves],
        "findings": project_findings.of_project(found, timezone.localdate(), reader.pack, reader.lang),
        **_may(reader, found),
    }
    return render(reader.request, "site/money_project.html", context)


def _procedure_words(reader: Reader, dossier: Any) -> tuple[str, str]:
    procedure = dossiers.procedure_of(dossier, reader.pack)
    return procedure.zh, procedure.en


def _may(reader: Reader, found: Project) -> dict[str, str]:
    """Where the reader may go from here, '' where not."""
    step = found.dossier.step if found.dossier else ""
    edits = reader.actor.may(P.HOUSEHOLD_EDIT, found.place_code)
    proposes = reader.actor.may(P.MONEY_PROPOSE, found.place_code)
    return {
        "record_url": reverse("site:money-project-record", args=[found.pk])
        if edits and step in carrying.UNTIL_INSPECTED
        else "",
        "change_url": reverse("site:money-project-change", args=[found.pk])
        if proposes and step in changing.CHANGEABLE_AT
        else "",
        "claim_url": reverse("site:money-project-claim", args=[found.pk]) if proposes and found.noticed_on else "",
    }


@page
def picture(reader: Reader, pk: int, identity: int) -> HttpResponseBase:
    """A picture, after its content was checked against what was filed."""
    found = queries.picture(found_or_404(reader, pk), identity)
    if found is None:
        raise Http404
    content = evidence.content_of(reader.home, found.file_name, found.sha256)
    response = HttpResponse(content, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

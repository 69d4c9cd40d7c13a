"""One dossier: its page, the decision about it, its files, its paper.

Looks at a dossier about a household are kept like looks at the household itself.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.casework import queries as casework_queries
from jiefa.disclosure import queries as disclosure
from jiefa.exits.actions import places
from jiefa.funds.rules.projects import CLAIMS
from jiefa.kernel.errors import JiefaError
from jiefa.procedures import actions, evidence, queries, rules, subjects
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household
from jiefa.registry.queries import households
from jiefa.site.dossier_forms import StepForm
from jiefa.site.presenters import dossier as shown
from jiefa.site.presenters import dossiers as lists
from jiefa.site.reader import Reader
from jiefa.site.views.household import looked
from jiefa.site.views.parts import page

P = Permission
DECISIONS = frozenset(("approve", "return", "refuse", "withdraw"))


def _found(reader: Reader, pk: int) -> Dossier:
    """The dossier, if it lies in the reader's scope. Outside: it does not exist for this reader."""
    if reader.actor.may(P.DOSSIER_VIEW) or not reader.actor.may(P.MONEY_VIEW):
        found = queries.dossier(pk, reader.scope(P.DOSSIER_VIEW))
    else:  # finance pays claims, and sees no other dossier
        found = queries.dossier(pk, reader.scope(P.MONEY_VIEW))
        found = found if found is not None and found.procedure in CLAIMS else None
    if found is None and reader.actor.may(P.CASE_BOOK):
        found = queries.confidential_dossier(pk, reader.scope(P.CASE_BOOK))
    if found is None:
        raise Http404
    reader.place_code = found.place_code
    return found


def _household(reader: Reader, found: Dossier) -> Household | None:
    key = subjects.household_key(found.subject)
    if key is None or not reader.actor.may(P.HOUSEHOLD_VIEW):
        return None
    return households.household(key, reader.scope(P.HOUSEHOLD_VIEW))


def _decision(reader: Reader, kind: str, opinion: str = "", facts: dict[str, object] | None = None) -> Decision:
    who = reader.actor
    return Decision(kind, who.name, who.posts, timezone.localdate(), opinion, facts or {})


def _facts(reader: Reader, found: Dossier) -> shown.Facts:
    procedure = queries.procedure_of(found, reader.pack)
    step = procedure.by_id.get(found.step)
    may_take = step is not None and queries.may_take(reader.actor, step, found.place_code)
    against = None
    if step is not None and may_take:
        supposed = _decision(reader, "approve", facts=rules.supposed_facts(step, timezone.localdate()))
        speaks = casework_queries.against(
            procedure=found.procedure, dossiers=[found], decision=supposed, pack=reader.pack
        )
        against = speaks.get(found.pk)
    way, files = queries.way_so_far(found), queries.evidence_of(found)
    names = {found.opened_by, *(taken.by for taken in way), *(file.by for file in files)}
    codes = sorted({found.place_code, found.place_code[:9], found.desk, *(taken.area for taken in way)} - {""})
    return shown.Facts(
        dossier=found,
        procedure=procedure,
        way=way,
        files=files,
        places=areas.way_up(found.place_code),
        place_names=areas.named(codes),
        people=access.full_names(names),
        holders=access.holders(step.roles, found.desk, timezone.localdate()) if step else [],
        household=_household(reader, found),
        today=timezone.localdate(),
        may_take=may_take,
        against=against,
        notices=disclosure.notices_of(found),
        objection=disclosure.objection_of(found),
        put_right=casework_queries.put_right(found, reader.actor, reader.pack),
        standard=places.standard_of(found, reader.pack) if step is not None else (),
    )


def _form(reader: Reader, facts: shown.Facts, is_bound: bool) -> StepForm | None:
    if facts.step is None:
        return None
    data, files = (reader.request.POST, reader.request.FILES) if is_bound else (None, None)
    return StepForm(data, files, reader=reader, steps=[facts.step])


def _shown(
    reader: Reader, facts: shown.Facts, form: StepForm | None, status: int = 200, refusal: str = ""
) -> HttpResponseBase:
    context: dict[str, Any] = shown.context(reader, facts) | shown.deciding(reader, facts, form)
    context |= {"refusal": refusal, "key": secrets.token_urlsafe(16)}
    context["applied"] = facts.dossier.place_code if "applied" in reader.request.GET else ""
    return render(reader.request, "site/dossier.html", context, status=status)


@page
def dossier(reader: Reader, pk: int) -> HttpResponseBase:
    found = _found(reader, pk)
    facts = _facts(reader, found)
    if reader.request.method == "POST":
        return _posted(reader, facts)
    if facts.household:
        looked(reader, facts.household, "dossier")
    return _shown(reader, facts, _form(reader, facts, is_bound=False))


def _posted(reader: Reader, facts: shown.Facts) -> HttpResponseBase:
    """The files are laid in, the decision taken; a refusal is shown with everything that was typed."""
    typed, found = reader.request.POST, facts.dossier
    version, key, kind = typed.get("version", ""), typed.get("key", "")[:64], typed.get("do", "")
    form = _form(reader, facts, is_bound=True)
    if not version.isdecimal() or not key or (kind not in DECISIONS and kind != "files"):
        raise Http404
    if queries.carried_out(found, key):
        return _done_before(reader, found)
    if form is not None and not form.is_valid():
        return _shown(reader, facts, form, 422, _("Some of what was typed cannot be read; see below."))
    try:
        if form is not None and found.version == int(version):
            for evidence_kind, file in form.sent:
                _lay_in(reader, found, evidence_kind, file)
        if kind == "files":
            messages.success(reader.request, _("The files lie in the dossier."))
        else:
            decision = (
                _decision(reader, kind, form.cleaned_data["opinion"], form.facts) if form else _decision(reader, kind)
            )
            casework.decide(
                dossier=found, version=int(version), decision=decision, by=reader.actor, key=key, pack=reader.pack
            )
            messages.success(reader.request, _("Done: your decision stands in the dossier."))
            return redirect("site:dossier", found.pk)
    except JiefaError as refusal:
        if queries.carried_out(found, key):
            return _done_before(reader, found)
        again = _facts(reader, _found(reader, found.pk))
        people = access.full_names(lists.named_in([refusal]))
        said = lists.said(reader, refusal, people)
        return _shown(reader, again, _form(reader, again, is_bound=True), lists.status_of(refusal), said)
    again = _facts(reader, found)
    return _shown(reader, again, _form(reader, again, is_bound=True))


def _done_before(reader: Reader, found: Dossier) -> HttpResponseBase:
    """What the second of two clicks gets."""
    messages.info(reader.request, _("This was done already; nothing was done twice."))
    return redirect("site:dossier", found.pk)


def _lay_in(reader: Reader, found: Dossier, kind: str, file: Any) -> None:
    if file.size > evidence.LARGEST:
        raise evidence.EvidenceTooLarge(name=file.name, size=f"{file.size:,}", limit=f"{evidence.LARGEST:,}")
    actions.lay_in(
        dossier_id=found.pk, kind=kind, name=file.name, content=file.read(), by=reader.actor, pack=reader.pack
    )


@page
def paper(reader: Reader, pk: int) -> HttpResponseBase:
    """The dossier to print."""
    facts = _facts(reader, _found(reader, pk))
    if facts.household:
        looked(reader, facts.household, "dossier print")
    return render(reader.request, "site/dossier_print.html", shown.context(reader, facts))


@page
def file(reader: Reader, pk: int, identity: int) -> HttpResponseBase:
    """A file of the dossier, after its content was checked against what was filed."""
    found = _found(reader, pk)
    filed = queries.file(found, identity)
    if filed is None:
        raise Http404
    household = _household(reader, found)
    if household:
        looked(reader, household, "dossier file")
    content = evidence.content_of(reader.home, filed.file_name, filed.sha256)
    response = HttpResponse(content, content_type=filed.media_type)
    response["Content-Disposition"] = content_disposition_header(True, filed.file_name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

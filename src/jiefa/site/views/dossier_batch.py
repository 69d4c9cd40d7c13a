"""A list of dossiers decided at once: ticked, looked through, confirmed; each is decided on its own and says why not."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.casework import queries as casework_queries
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Step
from jiefa.procedures import actions, evidence, queries, rules
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.site.dossier_forms import StepForm, ticked
from jiefa.site.presenters import dossier_batch as shown
from jiefa.site.presenters import dossiers as lists
from jiefa.site.reader import Reader
from jiefa.site.views.dossier import DECISIONS
from jiefa.site.views.parts import page

P = Permission


def _seen(reader: Reader) -> dict[int, int]:
    """The ticked dossiers with the versions that were seen."""
    found = ticked(reader.request.POST.getlist("dossier"))
    if found is None:
        raise Http404
    return found


def _steps(reader: Reader, found: Sequence[Dossier]) -> list[Step]:
    """The step of these dossiers in each version of the procedure under which they began; of closed ones none."""
    versions = {(dossier.in_force_from, dossier.step): dossier for dossier in found}
    named = [(queries.procedure_of(dossier, reader.pack), dossier.step) for dossier in versions.values()]
    return [procedure.by_id[step] for procedure, step in named if step in procedure.by_id]


@page
def batch(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.DOSSIER_VIEW)
    if reader.request.method != "POST":
        return redirect("site:dossiers")
    seen = _seen(reader)
    found = queries.several(list(seen), within)
    if reader.request.POST.get("do") in DECISIONS:
        return _decided(reader, seen, found)
    return _review(reader, seen, found, is_bound=False)


def _review(
    reader: Reader, seen: dict[int, int], found: Sequence[Dossier], is_bound: bool, refusal: str = ""
) -> HttpResponseBase:
    """What would happen to how many: each with its proposal and what speaks against approval."""
    groups = {(dossier.procedure, dossier.step) for dossier in found if not dossier.outcome}
    steps = _steps(reader, found)
    if len(groups) != 1 or not steps:
        said = _("Tick dossiers of one step: each step asks for other things.") if groups else _("Nothing was ticked.")
        return render(reader.request, "site/dossier_batch.html", {"refusal": said, "rows": []}, status=422)
    today, step = timezone.localdate(), steps[0]
    supposed = Decision("approve", reader.actor.name, reader.actor.posts, today, "", rules.supposed_facts(step, today))
    against = casework_queries.against(
        procedure=found[0].procedure, dossiers=found, decision=supposed, pack=reader.pack
    )
    moved = {dossier.pk for dossier in found if seen[dossier.pk] != dossier.version}
    data, files = (reader.request.POST, reader.request.FILES) if is_bound else (None, None)
    form = StepForm(data, files, reader=reader, steps=steps)
    context = shown.review(
        reader,
        shown.Ticked(
            dossiers=found,
            seen=seen,
            step=step,
            places=areas.named(lists.codes_of(found)),
            against=against,
            moved=moved,
            people=access.full_names(lists.named_in(list(against.values()))),
            today=today,
        ),
        form,
    )
    context |= {"refusal": refusal, "key": reader.request.POST.get("key") or secrets.token_urlsafe(16)}
    return render(reader.request, "site/dossier_batch.html", context, status=422 if refusal else 200)


def _decided(reader: Reader, seen: dict[int, int], found: Sequence[Dossier]) -> HttpResponseBase:
    """The decision in every dossier that allows it; the page says how many, and of the others why not."""
    typed = reader.request.POST
    key, kind = typed.get("key", "")[:64], typed["do"]
    if not key or not found:
        raise Http404
    form = StepForm(typed, reader.request.FILES, reader=reader, steps=_steps(reader, found))
    if not form.is_valid():
        return _review(reader, seen, found, True, _("Some of what was typed cannot be read; see below."))
    decision = Decision(
        kind, reader.actor.name, reader.actor.posts, timezone.localdate(), form.cleaned_data["opinion"], form.facts
    )
    if kind in rules.NEEDS_OPINION and not decision.opinion:
        return _review(reader, seen, found, True, _("Returning, refusing or withdrawing needs a reason."))
    try:
        _lay_in(reader, seen, found, form)
    except JiefaError as refusal:
        return _review(reader, seen, found, True, refusal.message(reader.lang))
    decided, refused = casework.decide_many(
        procedure=found[0].procedure,
        dossier_ids=[dossier.pk for dossier in found],
        decision=decision,
        by=reader.actor,
        key=key,
        pack=reader.pack,
        versions=seen,
    )
    # A refusal names what it refuses: dossiers outside the scope never reach the engine and are named by number alone.
    outside = sorted(set(seen) - {dossier.pk for dossier in found})
    refused += [actions.Refused(number, actions.DossierUnknown(number=number)) for number in outside]
    now = queries.several(list(seen), reader.scope(P.DOSSIER_VIEW))
    people = access.full_names(lists.named_in([left.reason for left in refused]))
    places = areas.named(lists.codes_of(now))
    context = shown.result(reader, kind, shown.Outcome(now, decided, refused, places, people, timezone.localdate()))
    return render(reader.request, "site/dossier_batch_done.html", context)


def _lay_in(reader: Reader, seen: dict[int, int], found: Sequence[Dossier], form: StepForm) -> None:
    """The files in every dossier that is still as it was seen. Raises what refuses the file."""
    fresh = [dossier.pk for dossier in found if seen[dossier.pk] == dossier.version and not dossier.outcome]
    for kind, file in form.sent if fresh else ():
        if (file.size or 0) > evidence.LARGEST:
            raise evidence.EvidenceTooLarge(name=file.name, size=f"{file.size:,}", limit=f"{evidence.LARGEST:,}")
        actions.lay_in_many(
            dossier_ids=fresh,
            kind=kind,
            name=file.name or "",
            content=file.read(),
            by=reader.actor,
            pack=reader.pack,
        )

"""The team of a village: formed, rotated, ended, with what whoever goes has to hand over."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.kernel.division_codes import Level
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.responsibility.actions import teams as actions
from jiefa.responsibility.models import Team as TeamRow
from jiefa.responsibility.queries import teams
from jiefa.site.presenters import answering as shown
from jiefa.site.reader import Reader
from jiefa.site.responsibility_forms import Team
from jiefa.site.views.parts import page

P = Permission


@page
def team(reader: Reader, code: str) -> HttpResponseBase:
    """The team of one village today and before, the list to hand over, and its change by who assigns."""
    within = reader.scope(P.HOUSEHOLD_VIEW)
    found = areas.several([code])
    if not found or found[0].level != Level.VILLAGE or not within.covers(code):
        raise Http404
    reader.place_code, on = code, reader.as_of
    standing = teams.team_of(code, on)
    members = teams.members(standing.pk, on) if standing else []
    size = int(reader.pack.at(on).number("responsibility.team_size"))
    names = {f"member_{place}": f"{one.cadre.number} · {one.cadre.name}" for place, one in enumerate(members, start=1)}
    first = not members or members[0].role == "first_sec"
    form = Team(
        reader.request.POST or None,
        reader=reader,
        places=max(size, len(members)),
        initial={"on": on, "first": first, **names},
    )
    refusal, status = "", 200
    if form.is_bound:
        reader.actor.demand(P.HELPER_ASSIGN, code)
        status = 422
        if form.is_valid() or "end" in reader.request.POST:
            try:
                said = _changed(reader, code, standing, form)
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                messages.success(reader.request, said)
                return redirect("site:team", code)
    history = teams.members(standing.pk) if standing else []
    handed = teams.handed_over([one.cadre_id for one in history if one.to_date is not None], within) if history else []
    context = {
        "parts": shown.parts(reader, ""),
        "village": {"name": found[0].name, "code": code, "url": f"{reverse('site:responsibility')}?place={code}"},
        "since": standing.from_date if standing else None,
        "members": shown.team(reader, members),
        "former": shown.team(reader, [one for one in history if one.to_date is not None]),
        "hand_over": [
            {
                "head": row.household.head_name,
                "number": row.household.number,
                "url": reverse("site:household-helper", args=[row.household_id]),
                "who": row.cadre.name,
            }
            for row in handed
        ],
        "size": size,
        "form": form if reader.actor.may(P.HELPER_ASSIGN, code) else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/team.html", context, status=status)


def _changed(reader: Reader, code: str, standing: TeamRow | None, form: Team) -> str:
    on = form.cleaned_data.get("on") or reader.as_of
    if "end" in reader.request.POST and standing is not None:
        actions.end_team(team_id=standing.pk, on=on, by=reader.actor)
        return _("The team has left the village.")
    if standing is None:
        actions.form_team(village_code=code, members=form.members, on=on, by=reader.actor)
        return _("The team is formed.")
    rotated = actions.rotate(team_id=standing.pk, members=form.members, on=on, by=reader.actor)
    count = len(rotated.to_hand_over)
    said = _("{left} left, {came} came, {stayed} stayed.").format(
        left=rotated.left, came=rotated.came, stayed=rotated.stayed
    )
    if not count:
        return said
    more = ngettext(
        "{count} household is still to be handed over.", "{count} households are still to be handed over.", count
    )
    return f"{said} {more.format(count=count)}"

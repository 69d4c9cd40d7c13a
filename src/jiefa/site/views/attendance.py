"""The days of a month of everybody who served in a village: written down, and counted against what is asked for."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.kernel.division_codes import Level
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.responsibility.actions import teams as actions
from jiefa.responsibility.actions.teams import Month
from jiefa.responsibility.models import Attendance, TeamMember
from jiefa.responsibility.queries import teams
from jiefa.responsibility.queries.lists import LEAVE
from jiefa.responsibility.rules.attendance import days_asked, whole_months
from jiefa.site.pairing_forms import Days, last_whole_month, month_of
from jiefa.site.presenters import answering as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission


@page
def attendance(reader: Reader, code: str) -> HttpResponseBase:
    """One village and month; what is written down again holds instead."""
    reader.scope(P.HELPER_ASSIGN)
    found = areas.several([code])
    if not found or found[0].level != Level.VILLAGE or not reader.actor.may(P.HELPER_ASSIGN, code):
        raise Http404
    reader.place_code, on = code, reader.as_of
    month = month_of(reader.request.GET.get("month", ""), last_whole_month(on))
    members = teams.served_in(code, month)
    written = teams.attendance([one.cadre_id for one in members], month.year)
    form = Days(reader.request.POST or None, members=members, initial=_initial(members, written, month))
    refusal, status = "", 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                count = _recorded(reader, form, members, month)
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                said = ngettext("The days of {count} cadre are kept.", "The days of {count} cadres are kept.", count)
                messages.success(reader.request, said.format(count=count))
                return redirect(f"{reverse('site:team-attendance', args=[code])}?month={month:%Y-%m}")
    policy = reader.pack.at(month)
    least, least_a_year = (int(policy.number(f"responsibility.attendance_{span}")) for span in ("month", "year"))
    until = min(on, dt.date(month.year, 12, 31))
    context = {
        "parts": shown.parts(reader, ""),
        "village": {"name": found[0].name, "code": code},
        "month": month,
        "form": form,
        "kinds": [reader.label("leave_kind", kind) for kind in LEAVE],
        "rows": [
            {
                **shown.cadre(reader, one.cadre),
                "present": form[f"present_{one.cadre_id}"],
                "leave": [
                    {"field": form[f"{kind}_{one.cadre_id}"], "label": reader.label("leave_kind", kind)}
                    for kind in LEAVE
                ],
                "year": (days := sum(row.present for row in written.get(one.cadre_id, {}).values())),
                "asked": (asked := days_asked(least_a_year, whole_months(one.from_date, until))),
                "few": days < asked,
            }
            for one in members
        ],
        "least": least,
        "refusal": refusal,
    }
    return render(reader.request, "site/team_attendance.html", context, status=status)


def _initial(members: list[TeamMember], written: dict[int, dict[int, Attendance]], month: dt.date) -> dict[str, int]:
    values: dict[str, int] = {}
    for one in members:
        row = written.get(one.cadre_id, {}).get(month.month)
        if row is not None:
            values[f"present_{one.cadre_id}"] = row.present
            values |= {f"{kind}_{one.cadre_id}": days for kind, days in row.leave.items()}
    return values


def _recorded(reader: Reader, form: Days, members: list[TeamMember], month: dt.date) -> int:
    typed = {one.cadre_id: days for one in members if (days := form.typed(one.cadre_id)) is not None}
    changed = [
        Month(cadre, month.year, month.month, present, leave)
        for cadre, (present, leave) in typed.items()
        if any(f"{name}_{cadre}" in form.changed_data for name in ("present", *LEAVE))
    ]
    return actions.record_attendance(months=changed, by=reader.actor)

"""The case book of livelihood supervision, its groups, and what the public is told in numbers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.integrity.actions import cases as actions
from jiefa.integrity.actions import lists
from jiefa.integrity.actions.cases import NewCase
from jiefa.integrity.models import Case, GroupTownship
from jiefa.integrity.queries import cases as queries
from jiefa.integrity.queries import violations
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.site.integrity_forms import CaseHandOver, CaseLine, CaseWish
from jiefa.site.presenters import integrity as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.notices import public
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.watched import list_links

P = Permission
ROWS = 50


def _here(reader: Reader) -> Scope:
    return reader.scope(P.CASE_BOOK).narrowed(reader.place.code if reader.place else None)


@page
def supervision(reader: Reader) -> HttpResponseBase:
    """The cases of the place, the newest first."""
    reader.scope(P.CASE_BOOK)
    after = key(reader.request, "after")
    state = reader.request.GET.get("state", "")
    rows = queries.cases(
        reader.actor, state if state in queries.STATES else "", reader.place.code if reader.place else None
    )
    found: list[Case] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({one.area_code for one in found}))
    people = access.full_names(one.by for one in found)
    url = reverse("site:supervision")
    place = reader.place.code if reader.place else ""
    states = (("", _("All")), ("open", _("under inquiry")), ("founded", _("founded")), ("unfounded", _("unfounded")))
    context = {
        "parts": shown.parts(reader, "cases"),
        "here": reader.place.name if reader.place else "",
        "rows": [shown.case(reader, one, names, people) for one in found],
        "states": [
            {"label": label, "url": reader.at(url, place=place, state=name), "current": name == state}
            for name, label in states
        ],
        "new_url": reader.at(reverse("site:supervision-case-new"), place=place),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/supervision.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A case opened; what is typed is sealed."""
    within = reader.actor.demand(P.CASE_BOOK)
    code = reader.place.code if reader.place else ""
    asked = reader.request.GET.get("violation", "")
    handed = violations.handed(int(asked), within) if asked.isdecimal() and len(asked) < 19 else None
    posted = reader.request.method == "POST"
    initial = {"on": timezone.localdate(), "area_code": code if len(code) > actions.TOWNSHIP - 4 else ""}
    if handed is not None:
        about = {"subject": handed.project or handed.number, "subject_kind": "project" if handed.project else "office"}
        initial |= {"area_code": handed.area_code, "source": "handed_over", "text": handed.what, **about}
    form = CaseWish(reader.request.POST if posted else None, reader=reader, initial=initial)
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        said = form.cleaned_data
        wish = NewCase(
            area_code=said["area_code"].strip(),
            source=said["source"],
            subject_kind=said["subject_kind"],
            subject=said["subject"],
            text=said["text"],
            on=said["on"],
            violation=handed.pk if handed else None,
        )
        try:
            made = actions.open_case(wish=wish, by=reader.actor, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("The case is open."))
            return redirect("site:supervision-case", made.pk)
    context = {
        "title": _("Open a case"),
        "back_url": reverse("site:supervision"),
        "back_label": _("Case book"),
        "note": _(
            "What you write is sealed. The township, the county office and everybody else outside supervision see nothing of it, not even that there is a case."
        ),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/typed.html", context, status=status)


@page
def case(reader: Reader, pk: int) -> HttpResponseBase:
    """One case, opened for its readers alone: its lines, its conclusion by dossier, to whom it went."""
    reader.scope(P.CASE_BOOK)
    found = queries.case(pk, reader.actor)
    if found is None:
        raise Http404
    reader.place_code = found.area_code
    posted = reader.request.method == "POST"
    gives = posted and "hand_over" in reader.request.POST
    line = CaseLine(
        reader.request.POST if posted and not gives else None, reader=reader, initial={"on": timezone.localdate()}
    )
    over = CaseHandOver(reader.request.POST if gives else None, reader=reader)
    refusal, status = "", 422 if posted else 200
    if posted and (over if gives else line).is_valid():
        try:
            if gives:
                said = over.cleaned_data
                actions.hand_over(
                    case_id=pk,
                    to=said["to"],
                    reason=said["reason"],
                    on=timezone.localdate(),
                    by=reader.actor,
                    pack=reader.pack,
                )
            else:
                said = line.cleaned_data
                actions.write(
                    case_id=pk, kind=said["kind"], on=said["on"], text=said["text"], by=reader.actor, pack=reader.pack
                )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            return redirect("site:supervision-case", pk)
    opened = actions.read(case_id=pk, by=reader.actor)
    notes, handed = queries.notes(found), queries.handed_over(found)
    people = access.full_names({found.by, *(one.by for one in notes)})
    row = shown.case(reader, found, areas.named([found.area_code]), people)
    context = {
        "parts": shown.parts(reader, "cases"),
        "case": row,
        "subject": opened.subject,
        "text": opened.text,
        "notes": shown.notes(reader, notes, opened, people),
        "handed": shown.handed(reader, handed, opened.reasons),
        "line": line if row["open"] else None,
        "over": over if row["founded"] else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/supervision_case.html", context, status=status)


@page
def groups(reader: Reader) -> HttpResponseBase:
    """Which group watches which township today."""
    within, today = _here(reader), timezone.localdate()
    after = reader.request.GET.get("after", "")
    rows = queries.groups(within, today)
    found: list[GroupTownship] = list((rows.filter(area_code__gt=after) if after.isdecimal() else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for one in found for code in (one.area_code, one.area_code[:6])}))
    context = {
        "parts": shown.parts(reader, "groups"),
        "here": reader.place.name if reader.place else "",
        "rows": [shown.group(reader, one, names) for one in found],
        "lists": list_links(reader, (lists.GROUPS,)),
        **neighbours(reader.request, int(found[-1].area_code) if more else None, None),
    }
    return render(reader.request, "site/supervision_groups.html", context)


@public
def told(reader: Reader) -> HttpResponseBase:
    """What everybody may know: groups at work and cases concluded in a year, by prefecture, small numbers left out."""
    today = timezone.localdate()
    asked = reader.request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
    least = int(reader.pack.at(today).number("supervision.public_least"))
    rows = queries.public_counts(year, today, least)
    names = areas.named([one.prefecture for one in rows])
    context = {
        "year": year,
        "least": least,
        "phone": reader.pack.at(today).text("hotline.phone"),
        "rows": [{"name": names.get(one.prefecture, one.prefecture), "count": one} for one in rows],
    }
    return render(reader.request, "site/public/supervision.html", context)

"""One complaint: what was done, and forms for what the reader may do now. Each form is one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.hotline.actions import answering, inquiring, receiving, screening
from jiefa.hotline.models import Complaint
from jiefa.hotline.queries import complaints
from jiefa.hotline.rules import moves, units
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.site import hotline_forms as typed
from jiefa.site.presenters import hotline as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.presenters.integrity import parts
from jiefa.site.reader import Reader
from jiefa.site.views.hotline import found_or_404
from jiefa.site.views.parts import page

EARLIER_OFFERED = 50


@dataclass(frozen=True)
class Act:
    """A step that the reader may take: its form, and what is done with what was typed."""

    step: str
    title: str
    form: forms.Form
    do: Callable[[dict[str, Any]], object]
    note: str = ""
    primary: bool = True


@page
def complaint(reader: Reader, receipt: str) -> HttpResponseBase:
    """The complaint with its steps; what is typed goes to the step that the form names."""
    found = found_or_404(reader, receipt)
    posted = reader.request.POST.get("step", "") if reader.request.method == "POST" else ""
    acts = _acts(reader, found, posted)
    refusal, status = "", 422 if posted else 200
    act = next((one for one in acts if one.step == posted), None)
    if reader.request.method == "POST" and act is None:
        refusal, status = _("This step does not fit the complaint any more. See how it stands now."), 409
    if act is not None and act.form.is_valid():
        try:
            act.do(act.form.cleaned_data)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("Done."))
            still = complaints.seen(reader.actor).filter(receipt=receipt).exists()
            return redirect("site:hotline-complaint", receipt) if still else redirect("site:hotline")
    return render(reader.request, "site/hotline_complaint.html", _context(reader, found, acts, refusal), status=status)


def _context(reader: Reader, found: Complaint, acts: list[Act], refusal: str) -> dict[str, Any]:
    read = answering.read(receipt=found.receipt, by=reader.actor)
    rows, today = complaints.steps(found), timezone.localdate()
    routed = [one.result.partition("/")[2] for one in rows if one.step == "route"]
    names = areas.named(sorted({*shown.codes_of([found]), *routed}))
    keeps = complaints.is_kept(found, reader.actor)
    people = access.full_names(one.by for one in rows)
    tells = keeps or found.told_subject
    followed = complaints.followed(found)
    return {
        "parts": parts(reader, "hotline"),
        "complaint": shown.row(reader, found, names, today, bare=False),
        "channel": found.get_channel_display(),
        "unit": shown.unit(reader, found.unit_kind, found.unit_code, names),
        "household": found.household.number if found.household and tells else "",
        "project": found.project if tells else "",
        "merged": found.merged_into.receipt if found.merged_into and keeps else "",
        "paraphrase": read.paraphrase,
        "steps": shown.steps(reader, rows, read, names, people),
        "files": shown.files(found, complaints.files(found), read),
        "caller_url": reverse("site:hotline-caller", args=[found.receipt]) if keeps else "",
        "violation_url": reverse("site:violation", args=[followed.violation_id])
        if followed and followed.violation_id
        else "",
        "case_url": reverse("site:supervision-case", args=[followed.case_id])
        if followed and followed.case_id and complaints.is_handled(found, reader.actor)
        else "",
        "acts": acts,
        "refusal": refusal,
    }


def _acts(reader: Reader, found: Complaint, posted: str) -> list[Act]:
    """What the reader may do with it now, the next step first."""
    made: list[Act] = []
    if complaints.is_kept(found, reader.actor):
        made += _keeping(reader, found, posted)
    if complaints.is_handled(found, reader.actor):
        made += _inquiring(reader, found, posted)
    return [act for act in made if moves.allowed("note" if act.step == "file" else act.step, found.state)]


def _data(reader: Reader, step: str, posted: str) -> dict[str, Any]:
    bound = {"data": reader.request.POST, "files": reader.request.FILES} if step == posted else {}
    return {**bound, "prefix": step, "auto_id": f"id_{step}_%s"}


def _keeping(reader: Reader, found: Complaint, posted: str) -> list[Act]:
    """The keeper's steps. Each is of today."""
    at: dict[str, Any] = {"receipt": found.receipt, "on": timezone.localdate(), "by": reader.actor}
    policy: dict[str, Any] = {**at, "pack": reader.pack}
    initial = {
        "category": found.category,
        "project": found.project,
        "household": found.household.number if found.household else "",
        "paraphrase": receiving.vault().open(bytes(found.paraphrase_sealed)) if found.paraphrase_sealed else "",
    }
    earlier = [
        (one.receipt, f"{one.receipt} · {reader.label('hotline_category', one.category)}")
        for one in (complaints.earlier(found, reader.actor)[:EARLIER_OFFERED] if found.state == moves.RECEIVED else ())
    ]
    way = areas.way_up(found.about_code)
    names = {one.code: one.name for one in way}
    scope = reader.actor.scope(Permission.HOTLINE_KEEP).areas
    inside = max((area for area in scope if found.kept_at.startswith(area)), key=len, default=found.kept_at)
    broader = [one for one in way[1:] if not found.against_code or units.is_above(one.code, found.against_code)]
    acts = [
        Act(
            "accept",
            _("Take it on"),
            typed.Accepting(**_data(reader, "accept", posted), reader=reader, initial=initial),
            lambda said: screening.accept(
                **policy,
                paraphrase=said["paraphrase"],
                category=said["category"],
                household_number=said["household"],
                project=said["project"],
            ),
        ),
        Act(
            "refuse",
            _("Do not take it on"),
            typed.Coded(
                **_data(reader, "refuse", posted),
                reader=reader,
                codes="hotline_refusal",
                label=_("Reason"),
                words=_("What the caller reads"),
            ),
            lambda said: screening.refuse(**policy, reason=said["code"], text=said["text"]),
            primary=False,
        ),
        Act(
            "pass_on",
            _("Pass it on to another authority"),
            typed.Worded(**_data(reader, "pass_on", posted), label=_("To whom and why; the caller reads it")),
            lambda said: screening.pass_on(**at, text=said["text"]),
            primary=False,
        ),
        Act(
            "route",
            _("Route it"),
            typed.Routing(**_data(reader, "route", posted), offered=shown.offered(reader, found, inside, names)),
            lambda said: screening.route(**policy, unit=shown.chosen(said["unit"]), tell_subject=said["tell"]),
            note=_("Offered is what stands strictly above whoever is complained of."),
        ),
        Act(
            "answer",
            _("Answer the caller"),
            typed.Worded(**_data(reader, "answer", posted), label=_("What the caller reads or hears")),
            lambda said: answering.answer(**policy, text=said["text"]),
        ),
        Act(
            "call_back",
            _("Call back and close"),
            typed.Coded(
                **_data(reader, "call_back", posted),
                reader=reader,
                codes="hotline_callback",
                label=_("What the caller said"),
                words=_("In words"),
                required=False,
            ),
            lambda said: answering.call_back(**policy, result=said["code"], text=said["text"]),
            note=_("Not satisfied: it is opened again, once."),
        ),
        Act(
            "reopen",
            _("Open again for the caller"),
            typed.Worded(**_data(reader, "reopen", posted), label=_("Why")),
            lambda said: answering.reopen(**policy, reason=said["text"]),
            primary=False,
        ),
    ]
    if earlier:
        acts.insert(3, _merging(reader, earlier, at, posted))
    if broader:
        acts.append(_naming(reader, shown.bodies(broader), policy, posted))
    return [act for act in acts if act.step != "reopen" or found.round < moves.ROUNDS]


def _merging(reader: Reader, earlier: list[tuple[str, str]], at: dict[str, Any], posted: str) -> Act:
    return Act(
        "merge",
        _("Merge it with an earlier one"),
        typed.Merging(**_data(reader, "merge", posted), earlier=earlier),
        lambda said: screening.merge(**at, into=said["into"]),
        primary=False,
    )


def _naming(reader: Reader, bodies: list[tuple[str, str]], policy: dict[str, Any], posted: str) -> Act:
    return Act(
        "name",
        _("A broader body is meant"),
        typed.Naming(**_data(reader, "name", posted), bodies=bodies),
        lambda said: screening.name(**policy, against=said["against"], reason=said["text"]),
        note=_("It then goes to the keeper above that body; you may not see it again."),
        primary=False,
    )


def _inquiring(reader: Reader, found: Complaint, posted: str) -> list[Act]:
    """The steps of the unit that looks into it."""
    today: dt.date = timezone.localdate()
    at: dict[str, Any] = {"receipt": found.receipt, "on": today, "by": reader.actor}
    follows = found.verdict in ("true", "partly") and complaints.followed(found) is None
    acts = [
        Act(
            "note",
            _("Write a line"),
            typed.Worded(**_data(reader, "note", posted), label=_("What was seen or said")),
            lambda said: inquiring.note(**at, text=said["text"]),
        ),
        Act(
            "file",
            _("Lay a file in"),
            typed.Filing(**_data(reader, "file", posted)),
            lambda said: inquiring.lay_in(
                receipt=found.receipt, name=said["file"].name, content=said["file"].read(), by=reader.actor
            ),
            primary=False,
        ),
        Act(
            "conclude",
            _("Conclude"),
            typed.Coded(
                **_data(reader, "conclude", posted),
                reader=reader,
                codes="hotline_verdict",
                label=_("What was found"),
                words=_("The facts, and what is done about them"),
            ),
            lambda said: inquiring.conclude(**at, verdict=said["code"], text=said["text"], pack=reader.pack),
        ),
    ]
    if follows and found.unit_kind == units.SUPERVISION:
        acts.append(
            Act(
                "follow",
                _("Open a case of supervision"),
                typed.Worded(**_data(reader, "follow", posted), label=_("What is to be looked into")),
                lambda said: inquiring.open_case(**at, text=said["text"], pack=reader.pack),
                note=_(
                    "It is filed in your own place: nobody outside supervision learns of it, nor supervision inside the body complained of."
                ),
                primary=False,
            )
        )
    if follows and found.unit_kind == units.OFFICE:
        acts.append(_violation(reader, found, at, posted))
    return acts


def _violation(reader: Reader, found: Complaint, at: dict[str, Any], posted: str) -> Act:
    place = units.violation_at(found.unit_code, found.about_code)
    return Act(
        "follow",
        _("Record a violation to be put right"),
        typed.Violating(**_data(reader, "follow", posted), reader=reader, initial={"area_code": place}),
        lambda said: inquiring.record_violation(**at, wish=typed.violation(said, at["on"]), pack=reader.pack),
        note=_(
            "The office of the place that you enter reads the facts and puts it right. The complaint is named nowhere; but a body complained of "
            "that is entered here learns that somebody looked."
        ),
        primary=False,
    )

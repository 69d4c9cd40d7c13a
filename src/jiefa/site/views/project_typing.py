"""What is typed about projects: proposed, progress and pictures, a change, a claim."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.funds.actions import carrying, changing, claiming
from jiefa.funds.actions import projects as entering
from jiefa.funds.actions.claiming import NewClaim
from jiefa.funds.actions.projects import Entry
from jiefa.funds.models import Moment
from jiefa.funds.queries import projects as queries
from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules.projects import NewProject
from jiefa.identification.queries import homes_by_number
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures import evidence
from jiefa.site.presenters import money as money_shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.project_forms import ClaimWish, PictureWish, ProgressWish, ProjectChangeWish, ProjectWish, shares_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page
from jiefa.site.views.projects import found_or_404

P = Permission


def _typed(reader: Reader, form: Form, act: Callable[[], HttpResponseBase]) -> tuple[HttpResponseBase | None, str, int]:
    """What came of a form that was sent: where to go on, else the refusal with its status."""
    if reader.request.method != "POST":
        return None, "", 200
    if not form.is_valid():
        return None, "", 422
    try:
        return act(), "", 200
    except NotAllowed:
        raise
    except JiefaError as reason:
        return None, reason.message(reader.lang), status_of(reason)


def _shares(reader: Reader, project: str, typed: str, place: str) -> dict[int, int]:
    """By household's key its share, of what was typed. Raises ``BeneficiaryUnknown``."""
    try:
        by_number = shares_of(typed)
    except ValueError as line:
        raise refusals.BeneficiaryUnknown(project=project, household=str(line)) from None
    homes = homes_by_number(list(by_number), Scope((place,)))
    for number in by_number:
        if number not in homes:
            raise refusals.BeneficiaryUnknown(project=project, household=number)
    return {homes[number][0]: fen for number, fen in by_number.items()}


@page
def new(reader: Reader) -> HttpResponseBase:
    """A project proposed for the library, with its dossier."""
    place = reader.place
    if place is None:
        raise Http404
    reader.actor.demand(P.MONEY_PROPOSE, place.code)
    below = [(place.code, place.name), *((one.code, one.name) for one in areas.children(place.code))]
    offered = [(code, name) for code, name in below if len(code) >= 6]
    data = reader.request.POST if reader.request.method == "POST" else None
    initial = {"place_code": place.code, "project_year": timezone.localdate().year, "applicant": place.name}
    form = ProjectWish(data, reader=reader, places=offered, initial=initial)

    def act() -> HttpResponseBase:
        typed = form.cleaned_data
        fields = {name: typed[name] for name in NewProject.__slots__ if name in typed}
        wish = NewProject(
            **fields,
            number=entering.next_number(typed["place_code"], typed["project_year"]),
            year=typed["project_year"],
            asked_fen=money.fen_from_yuan(typed["amount"]),
        )
        shares = _shares(reader, wish.name, typed["households"], wish.place_code[:6])
        made = entering.propose(entry=Entry(wish, shares), by=reader.actor, on=timezone.localdate(), pack=reader.pack)
        messages.success(reader.request, _("Proposed for the library; lay the papers in and take the first step."))
        return redirect("site:money-project", made.pk)

    done, refusal, status = _typed(reader, form, act)
    if done is not None:
        return done
    context = {
        "parts": money_shown.parts(reader, "projects"),
        "here": place.name,
        "title": _("Propose a project"),
        "hint": _("The county keeps it in the library; then it is applied for."),
        "back_url": reader.at(reverse("site:money-projects"), place=place.code),
        "form": form if offered else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/money_project_form.html", context, status=status)


@page
def record(reader: Reader, pk: int) -> HttpResponseBase:
    """Progress and pictures."""
    found = found_or_404(reader, pk)
    reader.actor.demand(P.HOUSEHOLD_EDIT, found.place_code)
    posted = reader.request.POST if reader.request.method == "POST" else None
    picture = posted is not None and "picture" in posted
    today = timezone.localdate()
    form = ProgressWish(None if picture else posted, initial={"on": today, "percent": found.progress_percent})
    pictures = PictureWish(
        posted if picture else None, reader.request.FILES if picture else None, initial={"taken_on": today}
    )

    def act() -> HttpResponseBase:
        if picture:
            said = pictures.cleaned_data
            file = said["file"]
            if file.size > evidence.LARGEST:
                raise evidence.EvidenceTooLarge(name=file.name, size=f"{file.size:,}", limit=f"{evidence.LARGEST:,}")
            carrying.add_picture(
                project_id=pk,
                moment=Moment(said["moment"]),
                taken_on=said["taken_on"],
                name=file.name,
                content=file.read(),
                by=reader.actor,
                pack=reader.pack,
            )
        else:
            carrying.record_progress(project_id=pk, **form.cleaned_data, by=reader.actor, pack=reader.pack)
        messages.success(reader.request, _("Recorded."))
        return redirect("site:money-project", pk)

    done, refusal, status = _typed(reader, pictures if picture else form, act)
    if done is not None:
        return done
    context = {
        "parts": money_shown.parts(reader, "projects"),
        "here": found.name,
        "back_url": reverse("site:money-project", args=[pk]),
        "form": form if found.dossier and found.dossier.step == carrying.AT_WORK else None,
        "pictures": pictures,
        "refusal": refusal,
    }
    return render(reader.request, "site/money_project_record.html", context, status=status)


@page
def change(reader: Reader, pk: int) -> HttpResponseBase:
    """What is to be otherwise, proposed for approval anew."""
    found = found_or_404(reader, pk)
    reader.actor.demand(P.MONEY_PROPOSE, found.place_code)
    homes = queries.beneficiaries(found)
    names = [name for name in ProjectChangeWish.base_fields if name not in ("amount", "households")]
    initial = {name: getattr(found, name) for name in names} | {
        "amount": money.yuan_from_fen(found.approved_fen or found.asked_fen),
        "households": "\n".join(
            f"{one.household.number},{money.yuan_from_fen(one.planned_fen)}"
            if one.planned_fen
            else one.household.number
            for one in homes
        ),
    }
    form = ProjectChangeWish(
        reader.request.POST if reader.request.method == "POST" else None, reader=reader, initial=initial
    )

    def act() -> HttpResponseBase:
        typed = dict(form.cleaned_data)
        shares = _shares(reader, found.number, typed.pop("households"), found.place_code[:6])
        after = {**typed, "asked_fen": money.fen_from_yuan(typed.pop("amount"))}
        after.pop("amount", None)
        dossier = changing.propose(
            project_id=pk, after=after, shares=shares, by=reader.actor, on=timezone.localdate(), pack=reader.pack
        )
        messages.success(reader.request, _("Drawn up; take its first step to send it to the county."))
        return redirect("site:dossier", dossier)

    done, refusal, status = _typed(reader, form, act)
    if done is not None:
        return done
    context = {
        "parts": money_shown.parts(reader, "projects"),
        "here": found.name,
        "title": _("Change of a project"),
        "hint": _("What stood stays in force until the county has approved the change."),
        "back_url": reverse("site:money-project", args=[pk]),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/money_project_form.html", context, status=status)


@page
def claim(reader: Reader, pk: int) -> HttpResponseBase:
    """A claim, drawn up for the county and finance."""
    found = found_or_404(reader, pk)
    reader.actor.demand(P.MONEY_PROPOSE, found.place_code)
    units = dict.fromkeys(unit for unit in (found.contractor, found.implementer) if unit)
    homes = [one for one in queries.beneficiaries(found) if one.planned_fen > one.reached_fen]
    payees = [(f"u:{unit}", unit) for unit in units] + [
        (f"h:{one.household_id}", one.household.number) for one in homes
    ]
    form = ClaimWish(
        reader.request.POST if reader.request.method == "POST" else None,
        reader=reader,
        payees=payees,
        initial={"purpose": found.kind},
    )

    def act() -> HttpResponseBase:
        typed = form.cleaned_data
        kind, _colon, who = typed["payee"].partition(":")
        wish = NewClaim(
            project=pk,
            kind=typed["kind"],
            fen=money.fen_from_yuan(typed["amount"]),
            purpose=typed["purpose"],
            invoice=typed["invoice"],
            payee=who if kind == "u" else "",
            household=int(who) if kind == "h" else None,
        )
        made = claiming.propose(new=wish, by=reader.actor, on=timezone.localdate(), pack=reader.pack)
        messages.success(reader.request, _("Drawn up; lay the invoice in and take its first step."))
        return redirect("site:dossier", made.dossier_id)

    done, refusal, status = _typed(reader, form, act)
    if done is not None:
        return done
    context = {
        "parts": money_shown.parts(reader, "projects"),
        "here": found.name,
        "title": _("Claim a payment"),
        "hint": _("The county reviews it; finance pays it from the project's own pots."),
        "back_url": reverse("site:money-project", args=[pk]),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/money_project_form.html", context, status=status)

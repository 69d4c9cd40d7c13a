"""What an evaluator does with a sample of his own: sheets out, answers in, a household replaced, results handed over."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.areas import queries as areas
from jiefa.evaluation.actions import fieldwork as actions
from jiefa.evaluation.actions import handing
from jiefa.evaluation.actions.fieldwork import Fault, SheetsWrong
from jiefa.evaluation.models import Replacement, Sample
from jiefa.evaluation.queries import progress
from jiefa.evaluation.queries import samples as queries
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.site.evaluation_forms import HandOverWish, ReplacementWish
from jiefa.site.help_forms import HelpFile
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.help_lists import MEGABYTES
from jiefa.site.views.parts import page
from jiefa.site.views.watched import WORKBOOK


def _head(reader: Reader, of: Sample) -> dict[str, Any]:
    place = areas.named([of.area_code]).get(of.area_code, of.area_code)
    return {
        "here": f"{place} · {of.year}",
        "back_url": reader.at(reverse("site:evaluation", args=[of.pk])),
        "back_label": _("Sample {number}").format(number=of.pk),
    }


@page
def sheets(reader: Reader, pk: int) -> HttpResponseBase:
    """The sheets of the sample as Excel; that they were printed is kept."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheets.xlsx"
        actions.print_sheets(number=pk, file=path, pack=reader.pack, by=reader.actor)
        content = path.read_bytes()
    response = HttpResponse(content, content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="evaluation-{pk}-sheets.xlsx"'
    return response


@page
def answers(reader: Reader, pk: int) -> HttpResponseBase:
    """Sheets that were filled in taken in, all or none; what is wrong is told row by row."""
    of = queries.carried(pk, reader.actor)
    posted = reader.request.method == "POST"
    form = HelpFile(reader.request.POST, reader.request.FILES) if posted else HelpFile()
    refusal, status = "", 422 if posted else 200
    faults: tuple[Fault, ...] = ()
    if posted and form.is_valid():
        count, refusal, faults = _taken(reader, pk, form.cleaned_data["file"])
        if not refusal:
            messages.success(reader.request, _("Sheets taken in: {count}.").format(count=count))
            return redirect(reader.at(reverse("site:evaluation", args=[pk])))
    context = {
        **_head(reader, of),
        "form": form,
        "refusal": refusal,
        "faults": [{"row": one.row or "", "told": one.told.say(reader.lang)} for one in faults],
        "megabytes": MEGABYTES,
    }
    return render(reader.request, "site/evaluation_answers.html", context, status=status)


def _taken(reader: Reader, pk: int, file: Any) -> tuple[int, str, tuple[Fault, ...]]:
    """How many sheets came in, why none did, and what is wrong in which row."""
    if file.size > MEGABYTES << 20:
        said = _("The file is larger than {megabytes} MB. Split it, or load it on the command line.")
        return 0, said.format(megabytes=MEGABYTES), ()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"sheets{Path(file.name).suffix.lower()}"
            path.write_bytes(file.read())
            return actions.take_answers(number=pk, file=path, pack=reader.pack, by=reader.actor), "", ()
    except NotAllowed:
        raise
    except SheetsWrong as reason:
        said = _("Nothing was taken in: {count} faults. Put them right in the workbook and load it again.")
        return 0, said.format(count=len(reason.faults)), reason.faults
    except JiefaError as reason:
        return 0, reason.message(reader.lang), ()


@page
def replace(reader: Reader, pk: int) -> HttpResponseBase:
    """A household that could not be asked, replaced by the next one drawn of the same village and kind."""
    of = queries.carried(pk, reader.actor)
    form = ReplacementWish(reader.request.POST if reader.request.method == "POST" else None)

    def save(said: dict[str, Any]) -> str:
        instead = actions.replace(
            number=pk,
            sheet=said["sheet"],
            reason=Replacement.Reason(said["reason"]),
            note=said["note"],
            by=reader.actor,
        )
        return _("Sheet {sheet} is replaced by sheet {instead}.").format(sheet=said["sheet"], instead=instead.sheet)

    return _typed(
        reader,
        of,
        form,
        save,
        title=_("Replace a household"),
        note=_(
            "The next one drawn of the same village comes in its place; nobody picks it. The replacement is kept in the log."
        ),
    )


@page
def hand_over(reader: Reader, pk: int) -> HttpResponseBase:
    """The results handed over, after a confirmation that says how much is unanswered."""
    of = queries.carried(pk, reader.actor)
    form = HandOverWish(reader.request.POST if reader.request.method == "POST" else None)
    done = progress.of_samples([of]).get(of.pk, progress.Progress())

    def save(said: dict[str, Any]) -> str:
        handing.hand_over(number=pk, note=said["note"], by=reader.actor, on=timezone.localdate(), pack=reader.pack)
        return _("Handed over. The county can read the results now.")

    told = _(
        "{answered} of {asked} households have answered. The estimates are frozen as they stand; no answer and no replacement is taken "
        "any more, and the county reads the results and is heard about them."
    )
    note = told.format(answered=done.answered, asked=done.asked)
    return _typed(reader, of, form, save, title=_("Hand the results over"), note=note)


def _typed(
    reader: Reader, of: Sample, form: forms.Form, save: Callable[[dict[str, Any]], str], *, title: str, note: str
) -> HttpResponseBase:
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            told = save(form.cleaned_data)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, told)
            return redirect(reader.at(reverse("site:evaluation", args=[of.pk])))
    context = {**_head(reader, of), "title": title, "note": note, "form": form, "refusal": refusal}
    return render(reader.request, "site/typed.html", context, status=status)

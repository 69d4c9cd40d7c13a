"""The progress of a place by a month: done against target and foretold, who is behind and why, confirmed level by level and locked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.planning.actions import confirming as actions
from jiefa.planning.queries import progress as queries
from jiefa.planning.queries.progress import Place, Standing
from jiefa.planning.rules import negotiating
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.presenters import progress as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.promise_forms import BehindWish, ReasonWish
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page
from jiefa.site.views.planning import here
from jiefa.site.views.promises import metrics, parts, year_of, years

P = Permission
MOST_BEHIND = 50


def month_of(reader: Reader, year: int) -> int:
    """The month that was asked for, else the last of the year that is over, else the first."""
    typed = reader.request.GET.get("month", "")
    if typed.isdecimal() and len(typed) < 3 and 1 <= int(typed) <= 12:
        return int(typed)
    today = timezone.localdate()
    if year != today.year:
        return 12 if year < today.year else 1
    return max(1, today.month - 1)


def _metric(reader: Reader, found: Standing) -> str:
    """The metric of the table of places: the one asked for, else the first with a target below, else the first."""
    typed = reader.request.GET.get("metric", "")
    if typed in found.metrics:
        return typed
    told = [metric for metric in found.metrics if any(one.rows[metric].target for one in (found.own, *found.below))]
    return (told or list(found.metrics))[0]


@page
def progress(reader: Reader) -> HttpResponseBase:
    """The place by the end of a month; confirmed, unlocked from above, a reason given."""
    place, year = here(reader), year_of(reader)
    month = month_of(reader, year)
    posted = reader.request.method == "POST"
    do = reader.request.POST.get("do", "") if posted else ""
    if posted:
        reader.actor.demand(P.PLACE_ANSWER, place.code)
    unlocking = ReasonWish(reader.request.POST if do == "unlock" else None, prefix="unlock")
    behind = BehindWish(
        reader.request.POST if do == "explain" else None,
        metrics=[(metric, reader.label("planning_metric", metric)) for metric in metrics(reader)],
        prefix="behind",
    )
    refusal, status = "", 422 if posted else 200
    if posted:
        try:
            kept = _acted(reader, place, year, month, do, unlocking, behind)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            if kept:
                return redirect(reader.at(reverse("site:plan-progress"), place=place.code, of_year=year, month=month))
    found = queries.standing(place, year, month, metrics(reader))
    context = _context(reader, place, found) | {"refusal": refusal, "unlocking": unlocking, "explaining": behind}
    return render(reader.request, "site/plan_progress.html", context, status=status)


def _acted(
    reader: Reader, place: Division, year: int, month: int, do: str, unlocking: ReasonWish, behind: BehindWish
) -> bool:
    """Whether something was written; not where what was typed is not complete. Raises what is refused."""
    common: dict[str, Any] = {"year": year, "month": month, "by": reader.actor}
    if do == "confirm":
        actions.confirm(area_codes=[place.code], on=timezone.localdate(), **common)
        messages.success(reader.request, _("Confirmed and locked."))
        return True
    if do == "unlock":
        if not unlocking.is_valid():
            return False
        actions.unlock(area_code=place.code, reason=unlocking.cleaned_data["reason"], **common)
        messages.success(reader.request, _("Unlocked; the place may confirm anew."))
        return True
    if do == "explain":
        if not behind.is_valid():
            return False
        actions.explain(area_code=place.code, pack=reader.pack, **common, **behind.cleaned_data)
        messages.success(reader.request, _("Kept."))
        return True
    raise Http404


def _context(reader: Reader, place: Division, found: Standing) -> dict[str, Any]:
    metric, own = _metric(reader, found), found.own
    writers = {one.confirmation.by for one in (own, *found.below) if one.confirmation}
    writers |= {row.reason.by for one in (own, *found.below) for row in one.rows.values() if row.reason}
    people = access.full_names(writers)
    posts, code = reader.actor.posts, place.code
    above = negotiating.holds(
        posts, P.PLACE_ANSWER, [one for one in negotiating.uppers(code) if one != code or len(code) == 2]
    )
    answers = negotiating.holds(posts, P.PLACE_ANSWER, (code,))
    return {
        "parts": parts(reader, "progress", code, found.year),
        "here": place.name,
        "here_code": code,
        "of_year": found.year,
        "years": years(reader, found.year, code),
        "month": found.month,
        "months": range(1, 13),
        "metric": metric,
        "metrics": [{"id": one, "label": reader.label("planning_metric", one)} for one in found.metrics],
        "rows": shown.own(reader, found, people),
        "state": shown.state(found, own, people),
        "changed": shown.changed(reader, own),
        "below": shown.below(reader, found, metric, people),
        "behind": shown.behind(reader, found, people, MOST_BEHIND),
        "behind_count": len(found.behind),
        "may_confirm": answers and own.confirmation is None,
        "may_unlock": above and own.confirmation is not None,
        "may_explain": answers,
        "export_url": reader.at(
            reverse("site:plan-progress-export"), place=code, of_year=found.year, month=found.month
        ),
    }


COLUMNS = (
    Column("area_code", "地区代码", "Place code", ColumnType.TEXT),
    Column("name", "地区", "Place", ColumnType.TEXT),
    Column("metric", "指标", "Metric", ColumnType.TEXT),
    Column("target", "目标", "Target", ColumnType.INT),
    Column("done", "完成", "Done", ColumnType.INT),
    Column("ought", "应完成", "Ought to be done", ColumnType.INT),
    Column("behind", "落后", "Behind", ColumnType.INT),
    Column("expected", "年底预计", "Foretold for the year", ColumnType.INT),
    Column("least", "预计最少", "At least", ColumnType.INT),
    Column("most", "预计最多", "At most", ColumnType.INT),
    Column("confirmed", "本月已确认", "Month confirmed", ColumnType.TEXT),
    Column("reason", "原因", "Reason", ColumnType.TEXT),
)


@page
def export(reader: Reader) -> HttpResponseBase:
    """The place and the places below with every metric as Excel; what is not counted is empty."""
    place, year = here(reader), year_of(reader)
    found = queries.standing(place, year, month_of(reader, year), metrics(reader))
    export_actions.record(by=reader.actor.name, what="plan progress", areas=(place.code,))
    title = reader.words("进度", "Progress")
    rows = (cells for one in (found.own, *found.below) for cells in _cells(reader, one))
    stream, _count = sheets.opened_xlsx(rows, COLUMNS, sheet_name=title, language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"progress-{year}-{found.month:02}.xlsx")


def _cells(reader: Reader, one: Place) -> list[tuple[object, ...]]:
    confirmed = reader.words("是", "yes") if one.confirmation else reader.words("否", "no")
    return [
        (
            one.division.code,
            one.division.name,
            reader.label("planning_metric", row.metric),
            row.target.value if row.target else None,
            row.done,
            row.ought,
            row.behind,
            row.forecast.expected if row.forecast else None,
            row.forecast.least if row.forecast else None,
            row.forecast.most if row.forecast else None,
            confirmed,
            row.reason.reason if row.reason else "",
        )
        for row in one.rows.values()
    ]

"""The hotline for everybody: telling, asking for the answer by number and secret word, looking again, what is told in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.hotline.actions import answering, receiving
from jiefa.hotline.actions.stepping import LABELS
from jiefa.hotline.models import Channel, Complaint
from jiefa.hotline.queries import figures
from jiefa.hotline.queries.figures import Told
from jiefa.kernel.errors import JiefaError
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site import limits
from jiefa.site.hotline_forms import Asking, Telling
from jiefa.site.notice_forms import PlaceSearch
from jiefa.site.presenters import hotline as shown
from jiefa.site.presenters import notices as places
from jiefa.site.reader import Reader
from jiefa.site.views.notices import PLACES_OFFERED, public

DIVIDED = (("category", "类别", "About"), ("level", "办理层级", "Level"), ("prefecture", "市（州）", "Prefecture"))


def _phone(reader: Reader) -> str:
    return reader.pack.at(timezone.localdate()).text("hotline.phone")


@public
def tell(reader: Reader) -> HttpResponseBase:
    """First the place, then what happened; number and secret word are shown once, on the answer to the form."""
    request = reader.request
    search = PlaceSearch(request.GET)
    text = (search.cleaned_data.get("q") or "").strip() if search.is_valid() else ""
    code = request.GET.get("place", "")
    way = areas.way_up(code) if code else []
    place: Division | None = way[-1] if len(way) > 1 and way[-1].code == code else None
    offered: list[Division] = []
    if place is None and text:
        provinces = tuple(areas.children(None).values_list("code", flat=True))
        matching = list(areas.matching(text, provinces)[: PLACES_OFFERED + 1])
        offered = [one for one in matching if len(one.code) > len(provinces[0])]
    context: dict[str, Any] = {
        "phone": _phone(reader),
        "search": search,
        "asked": bool(text or code),
        "place": place,
        "places": places.places(
            reader,
            offered[:PLACES_OFFERED],
            areas.named(sorted({one.code[:n] for one in offered for n in (2, 4, 6, 9)})),
            "site:hotline-tell",
        ),
        "places_more": len(offered) > PLACES_OFFERED,
    }
    status = 200
    if place is not None:
        more, status = _told(reader, place, way)
        context |= more
    response = render(request, "site/public/hotline_tell.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _told(reader: Reader, place: Division, way: list[Division]) -> tuple[dict[str, Any], int]:
    posted = reader.request.method == "POST"
    form = Telling(reader.request.POST if posted else None, reader=reader, bodies=shown.bodies(way))
    if not posted or not form.is_valid():
        return {"form": form}, 422 if posted else 200
    if limits.complaints_over(reader.request):
        return {
            "form": form,
            "refusal": _("Too much was sent from here within an hour. Try again later, or call."),
        }, 429
    try:
        receipt = receiving.receive(
            wish=form.wish(place.code), channel=Channel.PAGE, on=timezone.localdate(), pack=reader.pack
        )
    except JiefaError as reason:
        return {"form": form, "refusal": reason.message(reader.lang)}, 422
    return {"receipt": receipt}, 200


@public
def ask(reader: Reader) -> HttpResponseBase:
    """How a complaint stands, for whoever has number and word; with a reason, the wish to look again. Both are sent, never in an address."""
    posted = reader.request.method == "POST"
    form = Asking(reader.request.POST if posted else None)
    context: dict[str, Any] = {"form": form, "phone": _phone(reader)}
    status = 200
    if posted and form.is_valid():
        said, today = form.cleaned_data, timezone.localdate()
        own = {"receipt": said["receipt"], "word": said["word"], "on": today, "pack": reader.pack}
        if limits.look_ups_over(reader.request, said["receipt"]):
            context["refusal"], status = _("Asked too often within an hour. Try again later, or call."), 429
        else:
            try:
                if "again" in reader.request.POST:
                    answering.reopen_by_caller(**own, reason=said["reason"])
                    context["opened"] = True
                stands = answering.look_up(**own)
            except JiefaError as reason:
                context["refusal"], status = reason.message(reader.lang), 422
            else:
                context |= {
                    "stands": stands,
                    "state": reader.words(LABELS[stands.state].zh, LABELS[stands.state].en),
                    "verdict": reader.label("hotline_verdict", stands.verdict),
                }
    elif posted:
        status = 422
    response = render(reader.request, "site/public/hotline_ask.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _year(reader: Reader) -> tuple[int, list[int]]:
    years = figures.years(Complaint.objects.all())
    asked = reader.request.GET.get("of", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else (years[0] if years else timezone.localdate().year)
    return year, years


def _counted(reader: Reader, year: int) -> dict[str, Told]:
    least = int(reader.pack.at(timezone.localdate()).number("hotline.public_least"))
    names = {
        "category": [one.id for one in reader.pack.codes("hotline_category").values],
        "level": [level.value for level in figures.LEVELS],
        "prefecture": sorted(
            areas.children_of(list(areas.children(None).values_list("code", flat=True))).values_list("code", flat=True)
        ),
    }
    return {how: figures.told(year, how, listed, least) for how, listed in names.items()}


@public
def told(reader: Reader) -> HttpResponseBase:
    """Counts of a year by category, level and prefecture, small ones and those that would give them away left out."""
    year, years = _year(reader)
    counts = _counted(reader, year)
    names = areas.named([row.name for row in counts["prefecture"].rows])
    url = reverse("site:hotline-told")
    context = {
        "year": year,
        "years": [{"label": one, "url": f"{url}?of={one}", "current": one == year} for one in years],
        "least": int(reader.pack.at(timezone.localdate()).number("hotline.public_least")),
        "phone": _phone(reader),
        "as_of": timezone.now(),
        "tables": [
            {
                "title": reader.words(zh, en),
                "rows": shown.counted(reader, (*counts[how].rows, counts[how].total), how, names),
            }
            for how, zh, en in DIVIDED
        ],
        "export_url": f"{reverse('site:hotline-told-export')}?of={year}",
    }
    return render(reader.request, "site/public/hotline_told.html", context)


COLUMNS = (
    Column(id="by", zh="统计口径", en="By", type=ColumnType.TEXT),
    Column(id="label", zh="分组", en="Group", type=ColumnType.TEXT),
    Column(id="received", zh="接收", en="Received", type=ColumnType.INT),
    Column(id="finished", zh="已答复", en="Answered", type=ColumnType.INT),
    Column(id="in_time", zh="按期答复", en="Answered in time", type=ColumnType.INT),
    Column(id="true", zh="属实（含部分属实）", en="True, wholly or partly", type=ColumnType.INT),
)


@public
def told_export(reader: Reader) -> HttpResponseBase:
    """The same as Excel; what is not told is an empty cell."""
    year, _years = _year(reader)
    counts = _counted(reader, year)
    names = areas.named([row.name for row in counts["prefecture"].rows])

    def rows() -> Iterator[tuple[object, ...]]:
        for how, zh, en in DIVIDED:
            for row in shown.counted(reader, (*counts[how].rows, counts[how].total), how, names):
                yield (
                    reader.words(zh, en),
                    row["label"],
                    row["received"],
                    row["finished"],
                    row["in_time"],
                    row["true"],
                )

    stream, _count = sheets.opened_xlsx(rows(), COLUMNS, sheet_name=str(year), language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"hotline-{year}.xlsx")

"""One plan: a place of it with those below, its households in a village, one household with what was open to it; two plans beside each other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa import snapshots
from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.insight.queries import figures
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.planning.actions import overruling
from jiefa.planning.models import Assignment, Overrule, Plan
from jiefa.planning.queries import asked, explaining
from jiefa.planning.queries import plans as queries
from jiefa.planning.queries.action_plan import LEFT
from jiefa.registry.actions import exports as export_actions
from jiefa.registry.models import Household
from jiefa.registry.queries import households
from jiefa.registry.queries.households import Filters
from jiefa.site.planning_forms import OverruleWish, TakeBackWish
from jiefa.site.presenters import plan_map, workbooks
from jiefa.site.presenters import planning as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.comparison import children_of
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.planning import here, tell_broken

P = Permission
ROWS = 50
MOST_SCARCE = 10
VILLAGE = LENGTH_OF_LEVEL[Level.VILLAGE]


def _plan_or_404(reader: Reader, number: int) -> Plan:
    within = reader.scope(P.STATISTICS_VIEW)
    found = queries.plans(within).filter(pk=number).first()
    if found is None:
        raise Http404
    if not reader.request.GET.get("place") and reader.actor.may(P.STATISTICS_VIEW, found.area_code):
        reader.place_code = found.area_code
    return found


def _inside(reader: Reader, found: Plan) -> str:
    """The place of the page, or the plan's own where that lies inside it. Raises ``NotAllowed``."""
    place = here(reader).code
    code = place if place.startswith(found.area_code) else found.area_code
    reader.actor.demand(P.STATISTICS_VIEW, code)
    return code


@page
def plan(reader: Reader, number: int) -> HttpResponseBase:
    """What the plan decided in a place: people by year against target and what was done, the places below; in a village, the households."""
    found = _plan_or_404(reader, number)
    code = _inside(reader, found)
    total = queries.total(found, code)
    below = _below(found, code)
    within = Scope((code,))
    scarce = queries.scarce(found, within)[:MOST_SCARCE]
    names = areas.named(sorted({*below, code, found.area_code, *(one.county for one in scarce)}))
    people = access.full_names([found.by])
    context: dict[str, Any] = {
        "plan": shown.row(reader, found, names, people),
        "here": names.get(code, code),
        "here_code": code,
        "total": shown.total(total),
        "cost": shown.cost(found),
        "years": shown.years(found, total, code, _done(reader, found, code)),
        "pathways": shown.pathways(reader, total),
        "scarce": shown.scarce(reader, scarce, names),
        "asked": shown.asked(reader, found),
        "below": shown.below(reader, found, below, names),
        "below_years": list(found.years),
        "export_url": reader.at(reverse("site:plan-export", args=[number]), place=code) if below else "",
        "compare_url": reader.at(reverse("site:plan-compare"), one=number, place=code),
        **_drawn(reader, found, code),
        **_households(reader, found, code),
    }
    return render(reader.request, "site/plan.html", context)


def _below(found: Plan, code: str) -> dict[str, queries.Sums]:
    digits = queries.BELOW.get(len(code))
    return queries.sums(found, code, digits) if digits else {}


def _drawn(reader: Reader, found: Plan, code: str) -> dict[str, Any]:
    """The map of one year of the plan: the one that was asked for, else the last that has a snapshot, else the first."""
    place = areas.division(code)
    children = children_of(reader, place)
    if not children.places:
        return {"map": None, "tiles": []}
    typed = reader.request.GET.get("of_year", "")
    made = {year: taken for year in _followed(found) if (taken := _taken(reader, year)) is not None}
    offered = [*found.years, *(year for year in made if year not in found.years)]
    last = max((year for year in made if year in found.years), default=found.first_year)
    year = int(typed) if typed.isdecimal() and int(typed) in offered else last
    codes = [child.code for child in children.places]
    done = plan_map.Done(year, None, None)
    if year in made:
        read = figures.read(made[year], reader.pack, codes, [LEFT])
        people = {division: int(one.numerator) for (division, _indicator), one in read.items()}
        done = plan_map.Done(year, people, made[year].manifest.moment.date())
    planned = queries.sums(found, code, len(codes[0]))
    return plan_map.drawn(reader, found, place, children, planned, done) | {"map_years": offered}


def _followed(found: Plan) -> list[int]:
    """The years in which a plan is followed: its own, and the one after it, in which results are consolidated (ledger P07)."""
    return [*found.years, found.last_year + 1]


def _taken(reader: Reader, year: int) -> snapshots.Snapshot | None:
    """The newest snapshot of a year that has figures."""
    try:
        found = snapshots.latest(reader.home, year)
    except snapshots.SnapshotUnknown:
        return None
    return found if figures.has_figures(found, reader.pack) else None


def _done(reader: Reader, found: Plan, code: str) -> dict[int, int]:
    """People who left in each year in which the plan is followed, by the newest snapshot of the year; years without one are left out."""
    years = _followed(found)
    trend = figures.trend(reader.pack, code, [LEFT], years[-1])
    return {year: int(one[LEFT].numerator) for year, one in trend.items() if year in years and LEFT in one}


def _households(reader: Reader, found: Plan, code: str) -> dict[str, Any]:
    """In a village, for who sees households: those of the plan, a page of them."""
    if len(code) < VILLAGE or not reader.actor.may(P.HOUSEHOLD_VIEW, code):
        return {"households": []}
    after = key(reader.request, "after")
    rows = queries.assignments(found, Scope((code,)))
    listed: list[Assignment] = list((rows.filter(household_id__gt=after) if after is not None else rows)[: ROWS + 1])
    more, listed = len(listed) > ROWS, listed[:ROWS]
    cards = households.find(Filters(place=code), reader.scope(P.HOUSEHOLD_VIEW))
    known = {one.pk: one for one in cards.filter(pk__in=[row.household_id for row in listed])}
    decided = asked.overrules(Scope((code,)))
    return {
        "households": [shown.household_row(reader, row, known.get(row.household_id), decided) for row in listed],
        **neighbours(reader.request, listed[-1].household_id if more else None, None),
    }


@page
def export(reader: Reader, number: int) -> HttpResponseBase:
    """The place and the places below as Excel: people by year and pathway."""
    found = _plan_or_404(reader, number)
    code = _inside(reader, found)
    export_actions.record(by=reader.actor.name, what="plan", areas=(code,))
    places = {code: queries.total(found, code), **_below(found, code)}
    return workbooks.plan(reader, found, places, areas.named(sorted(places)))


@page
def household(reader: Reader, number: int, key: int) -> HttpResponseBase:
    """Why a household has its year and pathway, what else was open to it; an officer's decision on it, made or taken back."""
    found = _plan_or_404(reader, number)
    home = found_or_404(reader, key, P.HOUSEHOLD_VIEW)
    one = queries.assignment(found, key)
    if one is None:
        raise Http404
    one.plan = found
    may = reader.actor.may(P.PLAN_MAKE, home.village_code)
    standing = asked.overrules(Scope((home.village_code,))).get(key)
    posted = reader.request.method == "POST"
    if posted:
        reader.actor.demand(P.PLAN_MAKE, home.village_code)
    taking_back = posted and "take_back" in reader.request.POST
    pathways = {name: reader.pack.codes("pathway").by_id[name] for name in _pathways(reader, found)}
    form = OverruleWish(
        reader.request.POST if posted and not taking_back else None, reader=reader, plan=found, pathways=pathways
    )
    back = TakeBackWish(reader.request.POST if taking_back else None, prefix="back")
    refusal, status = "", 200
    if posted:
        status = 422
        try:
            made = _decided(reader, home, form, back, taking_back=taking_back)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            if made is not None:
                return redirect(reader.at(reverse("site:plan-household", args=[made.pk, key])))
    else:
        looked(reader, home, "plan of the area")
    said = explaining.explained(one, snapshots.find(reader.home, found.snapshot), reader.pack)
    names = areas.named(sorted({home.village_code, home.village_code[:6], found.area_code}))
    people = access.full_names([found.by, *([standing.by] if standing else [])])
    context = {
        "plan": shown.row(reader, found, names, people),
        "household": {"pk": key, "head": home.head_name, "number": home.number, "people": one.size},
        "village": names.get(home.village_code, home.village_code),
        "village_url": reader.at(reverse("site:plan", args=[number]), place=home.village_code),
        "decided": shown.decided(reader, one),
        "why": shown.why(
            reader, one, said, queries.through(found, home.village_code), standing is not None and _keeps(standing, one)
        ),
        "options": shown.options(reader, said),
        "overrule": shown.overrule(reader, standing, people) if standing else None,
        "form": form if may else None,
        "back": back if may and standing else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/plan_household.html", context, status=status)


def _keeps(standing: Overrule, one: Assignment) -> bool:
    """Whether the plan has what the officer decided: a plan of before need not."""
    return standing.year in (None, one.year) and standing.pathway in ("", one.pathway)


def _pathways(reader: Reader, found: Plan) -> list[str]:
    return list(reader.pack.for_year(found.base_year).texts("planning.pathways"))


def _decided(
    reader: Reader, home: Household, form: OverruleWish, back: TakeBackWish, *, taking_back: bool
) -> Plan | None:
    """The county's new plan; None where what was typed is not complete. Raises what ``overruling`` refuses."""
    if taking_back:
        if not back.is_valid():
            return None
        decision, made = overruling.take_back(
            household_id=home.pk, reason=back.cleaned_data["reason"], by=reader.actor, pack=reader.pack
        )
    else:
        if not form.is_valid():
            return None
        said = form.cleaned_data
        decision, made = overruling.overrule(
            household_id=home.pk,
            year=said["year"],
            pathway=said["pathway"],
            reason=said["reason"],
            by=reader.actor,
            pack=reader.pack,
        )
    messages.success(reader.request, shown.decision_cost(decision, made))
    tell_broken(reader, made)
    return made


@page
def compare(reader: Reader) -> HttpResponseBase:
    """Two plans by place: people by year in the one and the other, households whose year or pathway differs."""
    within = reader.scope(P.STATISTICS_VIEW)
    visible = list(queries.plans(within)[:ROWS])
    names = areas.named(sorted({one.area_code for one in visible}))
    query = reader.request.GET
    numbers = [query.get(name, "") for name in ("one", "other")]
    chosen = [_plan_or_404(reader, int(text)) for text in numbers if text.isdecimal() and len(text) < 10]
    context: dict[str, Any] = {
        "choices": [{"pk": one.pk, "label": shown.title(one, names)} for one in visible],
        "one": chosen[0].pk if chosen else None,
        "other": chosen[1].pk if len(chosen) > 1 else None,
        "refusal": _("Choose two plans.") if query and any(numbers) and len(chosen) < 2 and all(numbers) else "",
        "place": reader.place.code if reader.place else "",
        "rows": [],
    }
    if len(chosen) == 2:
        before, after = chosen
        area = max(before.area_code, after.area_code, key=len)
        place = here(reader).code
        code = place if place.startswith(area) else area
        reader.actor.demand(P.STATISTICS_VIEW, code)
        rows = queries.compared(before, after, code, queries.BELOW.get(len(code), len(code)))
        labels = areas.named(sorted({code, *(row.place for row in rows)}))
        context |= {
            "here": labels.get(code, code),
            "years": sorted({*before.years, *after.years}),
            "rows": shown.compared(reader, before, after, rows, labels),
            "plans": [shown.cost(one) | {"pk": one.pk, "title": shown.title(one, names)} for one in chosen],
        }
    return render(reader.request, "site/plan_compare.html", context)

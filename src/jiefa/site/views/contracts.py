"""Lump-sum contracts: those of the place, one drawn up, one with its money and heads, its papers; concentrated investment."""

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
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.areas.models import DesignationKind
from jiefa.contracts.actions import lists, settling, signing
from jiefa.contracts.models import Contract, Settlement
from jiefa.contracts.queries import concentrated as townships
from jiefa.contracts.queries import contracts as queries
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures import queries as dossiers
from jiefa.procedures.queries import Filters
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.integrity_forms import ContractWish, SettlementWish
from jiefa.site.presenters import contracts as shown
from jiefa.site.presenters import money as money_shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.watched import list_links

P = Permission
ROWS = 50
PROCEDURES = (signing.PROCEDURE, settling.PROCEDURE)


def _here(reader: Reader) -> Scope:
    return reader.scope(P.MONEY_VIEW).narrowed(reader.place.code if reader.place else None)


@page
def contracts(reader: Reader) -> HttpResponseBase:
    """The contracts of the place, those that are being signed, and the pilots."""
    within, after = _here(reader), key(reader.request, "after")
    rows = queries.contracts(within)
    found: list[Contract] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    open_ = [one for name in PROCEDURES for one in _open(reader, within, name)]
    names = areas.named(sorted({one.area_code for one in found} | {one.place_code for one in open_}))
    paid = queries.paid(found)
    place = reader.place.code if reader.place else ""
    may = reader.actor.may(P.MONEY_PROPOSE, place or None) and any(
        dossiers.may_take(reader.actor, reader.pack.procedure(signing.PROCEDURE, timezone.localdate()).first, area)
        for area in within.areas
    )
    context = {
        "parts": money_shown.parts(reader, "contracts"),
        "here": reader.place.name if reader.place else "",
        "rows": [shown.row(reader, one, names, paid[one.pk]) for one in found],
        "under_way": shown.under_way(reader, open_, names),
        "new_url": reverse("site:money-contract-new") if may else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/money_contracts.html", context)


def _open(reader: Reader, within: Scope, procedure: str) -> list[Any]:
    if not reader.actor.may(P.DOSSIER_VIEW):
        return []
    seen = within if all(reader.actor.may(P.DOSSIER_VIEW, area) for area in within.areas) else Scope(())
    return dossiers.page(dossiers.find(Filters(procedure=procedure, outcome="open"), seen), None, ROWS)[0]


@page
def new(reader: Reader) -> HttpResponseBase:
    """A contract drawn up with a pilot county; it is signed by both sides in its dossier."""
    within = reader.actor.demand(P.MONEY_PROPOSE)
    codes = [code for code in areas.designated(DesignationKind.CONTRACT_PILOT) if within.covers(code)]
    names = areas.named(codes)
    posted = reader.request.method == "POST"
    form = ContractWish(
        reader.request.POST if posted else None,
        reader=reader,
        counties=[(code, names.get(code, code)) for code in codes],
        initial={"source": "central", "fund_type": "development", "from_year": reader.year, "to_year": reader.year},
    )
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        said = form.cleaned_data
        terms = signing.Terms(
            area_code=said["area_code"],
            from_year=said["from_year"],
            to_year=said["to_year"],
            heads=said["heads"],
            unit_price_fen=money.fen_from_yuan(said["unit_price"]),
            source=said["source"],
            fund_type=said["fund_type"],
            document=said["document"].strip(),
        )
        try:
            made = signing.propose(terms=terms, by=reader.actor, on=timezone.localdate(), pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("Drawn up; both sides sign in the dossier."))
            return redirect("site:dossier", made.pk)
    context = {
        "title": _("Draw up a contract"),
        "back_url": reverse("site:money-contracts"),
        "back_label": _("Lump-sum contracts"),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/typed.html", context, status=status)


def _found(reader: Reader, pk: int) -> Contract:
    found = queries.contract(pk, reader.scope(P.MONEY_VIEW))
    if found is None:
        raise Http404
    reader.place_code = found.area_code
    return found


@page
def contract(reader: Reader, pk: int) -> HttpResponseBase:
    """One contract: money under it, heads by year, how it stands; its settlement begun, what goes back proposed."""
    found = _found(reader, pk)
    posted = reader.request.method == "POST"
    form = SettlementWish(reader.request.POST if posted else None)
    refusal, status = "", 422 if posted else 200
    if posted:
        reader.actor.demand(P.MONEY_PROPOSE, found.area_code)
        try:
            if "return" in reader.request.POST and hasattr(found, "settlement"):
                today = timezone.localdate()
                order = settling.propose_return(
                    settlement_id=found.settlement.pk, on=today, by=reader.actor, pack=reader.pack
                )
                messages.success(reader.request, _("Proposed; a finance officer confirms it."))
                return redirect("site:money-order", order.pk)
            if form.is_valid():
                made = settling.propose(
                    contract_id=pk,
                    explanation=form.cleaned_data["explanation"],
                    by=reader.actor,
                    on=timezone.localdate(),
                    pack=reader.pack,
                )
                return redirect("site:dossier", made.pk)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    context = _context(reader, found) | {"form": form, "refusal": refusal}
    return render(reader.request, "site/money_contract.html", context, status=status)


def _context(reader: Reader, found: Contract) -> dict[str, Any]:
    years, paid = queries.verified([found], reader.pack)[found.pk], queries.paid([found])[found.pk]
    moves = list(queries.payments(found)[:ROWS])
    settled: Settlement | None = found.settlement if hasattr(found, "settlement") else None
    taken = queries.signatures(found)
    codes = {found.area_code, *(one.area for one in taken)} | {
        code for one in moves for code in (one.from_code, one.to_code) if code
    }
    names = areas.named(sorted(codes))
    people = access.full_names({one.by for one in taken} | ({settled.by} if settled else set()))
    first = reader.pack.procedure(settling.PROCEDURE, timezone.localdate()).first
    proposes = reader.actor.may(P.MONEY_PROPOSE, found.area_code)
    return {
        "parts": money_shown.parts(reader, "contracts"),
        "contract": shown.row(reader, found, names, paid),
        "years": shown.years(reader, years),
        "standing": shown.standing(queries.standing(found, years, paid, reader.pack)),
        "payments": [shown.payment(reader, one, found.area_code, names) for one in moves],
        "signatures": [shown.signature(reader, one, names, people) for one in taken],
        "settlement": shown.settlement(reader, settled, people) if settled else None,
        "may_settle": settled is None and proposes and dossiers.may_take(reader.actor, first, found.area_code),
        "may_return": settled is not None
        and settled.claw_back_fen > 0
        and proposes
        and not settled.returns.exclude(order__state="refused").exists(),
        "may_read_dossier": reader.actor.may(P.DOSSIER_VIEW, found.area_code),
    }


@page
def paper(reader: Reader, pk: int) -> HttpResponseBase:
    """The contract to print and sign, and under it its settlement where there is one."""
    return render(reader.request, "site/money_contract_print.html", _context(reader, _found(reader, pk)))


@page
def concentrated(reader: Reader) -> HttpResponseBase:
    """Townships of concentrated investment of the year: special funds inside the target, departments' money beside it."""
    within = _here(reader)
    found = townships.invested(within, reader.year, reader.pack)
    names = areas.named(sorted({code for one in found for code in (one.area_code, one.area_code[:6])}))
    place = reader.place.code if reader.place else ""
    context = {
        "parts": money_shown.parts(reader, "concentrated"),
        "here": reader.place.name if reader.place else "",
        "year": reader.year,
        "rows": [shown.invested(reader, one, names) for one in found],
        "sums": townships.sums(found),
        "as_of": timezone.now(),
        "lists": list_links(reader, lists.LISTS),
        "export_url": reader.at(reverse("site:money-concentrated-export"), place=place) if found else "",
    }
    return render(reader.request, "site/money_concentrated.html", context)


COLUMNS = (
    Column("area_code", "乡镇代码", "Township code", ColumnType.TEXT),
    Column("name", "乡镇", "Township", ColumnType.TEXT),
    Column("target", "目标（元）", "Target, yuan", ColumnType.MONEY),
    Column("special", "财政专项扶贫资金（元）", "Special funds, yuan", ColumnType.MONEY),
    Column("departments", "部门资金，已入账（元）", "Departments, through the books, yuan", ColumnType.MONEY),
    Column("own", "部门自有资金，部门报（元）", "Departments, as reported, yuan", ColumnType.MONEY),
    Column("document", "文号", "Document", ColumnType.TEXT),
)


@page
def concentrated_export(reader: Reader) -> HttpResponseBase:
    """The list of the year with its money as Excel."""
    within = _here(reader)
    export_actions.record(by=reader.actor.name, what="concentrated", areas=within.areas)
    found = townships.invested(within, reader.year, reader.pack)
    names = areas.named([one.area_code for one in found])
    rows = (
        (
            one.area_code,
            names.get(one.area_code, ""),
            one.target_fen,
            one.special_fen,
            one.departments_fen,
            one.own_fen,
            one.document,
        )
        for one in found
    )
    title = reader.words("集中投入乡镇", "Concentrated investment")
    stream, _count = sheets.opened_xlsx(rows, COLUMNS, sheet_name=title, language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"concentrated-{reader.year}.xlsx")

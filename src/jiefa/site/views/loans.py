"""Microcredit: the loans of a place, one loan with what is paid back, the counties' funds, a household's application."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assistance.actions import credit, repaying
from jiefa.assistance.actions import parties as naming
from jiefa.assistance.actions.parties import PARTIES
from jiefa.assistance.models import Loan
from jiefa.assistance.queries import credit as queries
from jiefa.assistance.queries import exports
from jiefa.assistance.rules import credit as rules
from jiefa.assistance.rules.credit import Wish
from jiefa.kernel import money
from jiefa.kernel.division_codes import Level
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.actions import exports as export_actions
from jiefa.site.help_forms import FundPaid, LoanPaid, LoanSearch, LoanWish, PartyNamed, SubsidySpan
from jiefa.site.presenters import loans as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.helped import lends_here
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.programmes import here

P = Permission
ROWS = 50


def _held(reader: Reader) -> rules.Limits:
    return rules.limits(reader.pack.at(timezone.localdate()))


def _search(reader: Reader) -> tuple[LoanSearch, str]:
    form = LoanSearch(reader.request.GET, reader=reader)
    form.is_valid()
    return form, form.cleaned_data.get("stage") or ""


@page
def loans(reader: Reader) -> HttpResponseBase:
    today, held, within = timezone.localdate(), _held(reader), here(reader)
    form, stage = _search(reader)
    rows, after = queries.loans(within, stage, today, held), key(reader.request, "after")
    found: list[Loan] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for row in found for code in (row.village_code, row.village_code[:9])}))
    may_leave, query = reader.actor.may(P.HOUSEHOLD_EXPORT), reader.request.GET.urlencode()
    context = {
        "here": reader.place.name if reader.place else "",
        "form": form,
        "standing": queries.standing(within, today, held),
        "rows": [shown.row(reader, row, today, held, names) for row in found],
        "may_load": reader.actor.may(P.ROSTER_UPLOAD),
        "export_url": f"{reverse('site:loans-export')}?{query}" if may_leave else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/loans.html", context)


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel."""
    within = reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)
    today, held = timezone.localdate(), _held(reader)
    export_actions.record(by=reader.actor.name, what="loans", areas=within.areas)
    found = queries.loans(within, _search(reader)[1], today, held)
    stream = exports.loans(found, today, held, reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"loans-{today:%Y%m%d}.xlsx")


@page
def loan(reader: Reader, pk: int) -> HttpResponseBase:
    """One loan: what was paid back, and for who keeps the fund the next repayment, or the fund's payment."""
    found = queries.loan(pk, reader.scope(P.HOUSEHOLD_VIEW))
    if found is None:
        raise Http404
    reader.place_code = found.village_code
    may = reader.actor.may(P.FUND_MANAGE, found.village_code)
    compensating = "compensate" in reader.request.POST
    form = LoanPaid(reader.request.POST if reader.request.method == "POST" and not compensating else None)
    refusal, status = "", 200
    if reader.request.method == "POST":
        reader.actor.demand(P.FUND_MANAGE, found.village_code)
        status = 422
        try:
            if compensating:
                repaying.compensate(loan_id=pk, on=timezone.localdate(), by=reader.actor, pack=reader.pack)
                messages.success(reader.request, _("The fund has paid; the household is pursued."))
                return redirect("site:loan", pk)
            if form.is_valid():
                repaying.repay(
                    loan_id=pk,
                    principal_fen=money.fen_from_yuan(form.cleaned_data["principal"] or 0),
                    interest_fen=money.fen_from_yuan(form.cleaned_data["interest"] or 0),
                    on=form.cleaned_data["on"],
                    voucher=form.cleaned_data["voucher"],
                    by=reader.actor,
                )
                messages.success(reader.request, _("The repayment is on file."))
                return redirect("site:loan", pk)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    else:
        looked(reader, found.household, "loan")
    repayments = queries.repayments(pk)
    names = areas.named([found.village_code, found.village_code[:9]])
    row = shown.row(reader, found, timezone.localdate(), _held(reader), names)
    context = {
        "loan": row,
        "paid": shown.paid(repayments, access.full_names(one.by for one in repayments)),
        "form": form if may and found.balance_fen else None,
        "may_compensate": may and row["stage_id"] == "to_compensate",
        "refusal": refusal,
    }
    return render(reader.request, "site/loan.html", context, status=status)


@page
def funds(reader: Reader) -> HttpResponseBase:
    """The counties' funds: what was paid in, what was lent for it, whether lending goes on."""
    within = reader.scope(P.STATISTICS_VIEW).narrowed(reader.place.code if reader.place else None)
    held = _held(reader)
    found = queries.by_county(within, timezone.localdate(), held)
    names = areas.named(list(found))
    context = {
        "here": reader.place.name if reader.place else "",
        "standing": queries.standing(within, timezone.localdate(), held),
        "stop_percent": held.stop_percent,
        "rows": [shown.county(reader, code, names.get(code, code), one, held) for code, one in found.items()],
    }
    return render(reader.request, "site/funds.html", context)


@page
def fund(reader: Reader, code: str) -> HttpResponseBase:
    """A county's fund, and for who keeps it: what is paid in, interest paid back."""
    county = areas.division(code)
    if county.level != Level.COUNTY:
        raise Http404
    reader.actor.demand(P.STATISTICS_VIEW, code)
    reader.place_code = code
    may, request = reader.actor.may(P.FUND_MANAGE, code), reader.request
    paying = request.method == "POST" and "amount" in request.POST
    subsidising = request.method == "POST" and not paying
    paid, span = FundPaid(request.POST if paying else None), SubsidySpan(request.POST if subsidising else None)
    refusal, status = "", 200
    if request.method == "POST":
        reader.actor.demand(P.FUND_MANAGE, code)
        status = 422
        try:
            if paying and paid.is_valid():
                typed = paid.cleaned_data
                fen = money.fen_from_yuan(typed["amount"])
                repaying.pay_in(county=code, fen=fen, on=typed["on"], source=typed["source"], by=reader.actor)
                return _said(request, _("The payment is on file."), code)
            if subsidising and span.is_valid():
                first, last = span.cleaned_data["first"], span.cleaned_data["last"]
                made = repaying.subsidise(county=code, first=first, last=last, by=reader.actor, pack=reader.pack)
                said = _("Interest of {count} loans is paid back.").format(count=len(made))
                return _said(request, said, code)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    context = _fund(reader, code) | {
        "county": county.name,
        "paid": paid if may else None,
        "span": span if may else None,
        "refusal": refusal,
    }
    return render(request, "site/fund.html", context, status=status)


@page
def parties(reader: Reader, code: str) -> HttpResponseBase:
    """Who fills each role of microcredit in the county; who keeps its fund names another one."""
    county = areas.division(code)
    if county.level != Level.COUNTY:
        raise Http404
    reader.actor.demand(P.STATISTICS_VIEW, code)
    reader.place_code = code
    posted = reader.request.method == "POST"
    form = PartyNamed(reader.request.POST if posted else None, reader=reader, initial={"on": timezone.localdate()})
    refusal, status = "", 200
    if posted:
        reader.actor.demand(P.FUND_MANAGE, code)
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            try:
                naming.name_party(
                    county=code,
                    role=typed["role"],
                    name=typed["name"],
                    on=typed["on"],
                    by=reader.actor,
                    pack=reader.pack,
                )
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                messages.success(reader.request, _("The role is filled."))
                return redirect("site:fund-parties", code)
    context = {
        "county": {"name": county.name, "code": code},
        "roles": shown.parties(reader, queries.parties(code)),
        "form": form if reader.actor.may(P.FUND_MANAGE, code) else None,
        "kind": PARTIES,
        "may_leave": reader.actor.may(P.HOUSEHOLD_EXPORT, code),
        "refusal": refusal,
    }
    return render(reader.request, "site/fund_parties.html", context, status=status)


@page
def parties_export(reader: Reader, code: str) -> HttpResponseBase:
    """Who fills and filled the roles of a county as Excel, in the columns by which the list can be loaded again."""
    reader.actor.demand(P.HOUSEHOLD_EXPORT, code)
    within = reader.scope(P.HOUSEHOLD_EXPORT).narrowed(code)
    columns, rows = exports.parties(queries.parties_inside(within), reader.pack)
    stream, count = sheets.opened_xlsx(rows, columns, sheet_name=_("Roles of microcredit"), language=reader.lang)
    export_actions.record(by=reader.actor.name, what="credit_parties", areas=within.areas, rows=str(count))
    return FileResponse(stream, as_attachment=True, filename=f"credit-parties-{code}.xlsx")


def _said(request: HttpRequest, text: str, code: str) -> HttpResponseBase:
    messages.success(request, text)
    return redirect("site:fund", code)


def _fund(reader: Reader, code: str) -> dict[str, Any]:
    within, held = reader.scope(P.STATISTICS_VIEW).narrowed(code), _held(reader)
    rows, after = queries.fund_entries(within), key(reader.request, "after")
    found = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    one = queries.by_county(within, timezone.localdate(), held).get(code, queries.CountyCredit())
    return {
        "row": shown.county(reader, code, "", one, held),
        "stop_percent": held.stop_percent,
        "roles": shown.parties(reader, queries.parties(code)),
        "parties_url": reverse("site:fund-parties", args=[code]),
        "entries": shown.entries(found, access.full_names(entry.by for entry in found)),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }


@page
def apply(reader: Reader, pk: int) -> HttpResponseBase:
    """A household's application for a loan."""
    household = found_or_404(reader, pk, P.DOSSIER_VIEW)
    if not lends_here(reader, household):
        raise Http404
    today, held = timezone.localdate(), _held(reader)
    members = list(household.people.order_by("pk"))
    form = LoanWish(reader.request.POST or None, reader=reader, members=members, initial={"months": held.months})
    refusal, status = "", 200
    if reader.request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                wish = _wish(form, today)
                dossier = credit.propose(household_id=pk, wish=wish, by=reader.actor, on=today, pack=reader.pack)
            except JiefaError as reason:
                refusal, status = reason.message(reader.lang), status_of(reason)
            else:
                return redirect("site:dossier", dossier)
    else:
        looked(reader, household, "apply for a loan")
    owed = queries.debts([household], [], today, held).owed_fen.get(pk, 0)
    context = {
        "household": {"pk": pk, "head": household.head_name, "number": household.number},
        "programme": {"label": _("Microcredit"), "reference": ""},
        "limits": {
            "household_fen": held.household_fen,
            "left_fen": max(0, held.household_fen - owed),
            "months": held.months,
        },
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/apply.html", context, status=status)


def _wish(form: LoanWish, today: dt.date) -> Wish:
    typed = form.cleaned_data
    return Wish(
        borrower=int(typed["borrower"]),
        platform=typed["platform"],
        use=typed["use"],
        fen=money.fen_from_yuan(typed["amount"]),
        months=typed["months"],
        rate_percent=str(typed["rate_percent"]),
        begins=today,
    )

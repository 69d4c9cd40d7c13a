"""A lump-sum contract from the draft to the return of what was paid too much; an unsound one is refused, a stale one goes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.casework import going
from tests.casework.test_casework_places import take
from tests.funds.moves import CENTRAL, FUNDS, HELD, PROVINCE, TREASURY, balance, move, payer, posted, proposer
from tests.procedures.people import COUNTY, People

from jiefa.access.queries import holder
from jiefa.access.rules import Role, Scope
from jiefa.areas import actions as areas
from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.contracts.actions import settling, signing
from jiefa.contracts.models import Contract, Settlement
from jiefa.contracts.queries import contracts as queries
from jiefa.contracts.rules import refusals
from jiefa.funds.actions import orders, posting
from jiefa.funds.models import Order
from jiefa.funds.rules.rows import PAYEE, WORLD, Party
from jiefa.kernel.errors import NotAllowed
from jiefa.policy import Pack
from jiefa.procedures.actions.opening import AlreadyOpen, NotBegunHere
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household

ON = dt.date(2015, 3, 2)
LATER = dt.date(2016, 1, 20)
DOCUMENT = "黔扶领〔2015〕9号"
TERMS = signing.Terms(COUNTY, 2015, 2015, 10, 1_234_56, "central", "development", DOCUMENT)
ZHAO = holder("zhao", [(Role.PROVINCE_OFFICER, "52")])
EXTRA = {"document": DOCUMENT, "purpose": "lump_sum"}


@pytest.fixture
def pilot(db: None) -> None:
    row = {"code": COUNTY, "kind": "contract_pilot", "from_year": "2015", "to_year": "2015", "source": "x"}
    areas.load_designations(rows=[row], by="tests")


def signed(pack: Pack, terms: signing.Terms = TERMS) -> Contract:
    dossier = signing.propose(terms=terms, by=ZHAO, on=ON, pack=pack)
    outcomes = [take(dossier, pack, ON) for _step in range(3)]
    assert outcomes == ["", "", "approved"]
    return Contract.objects.get(dossier=dossier)


def paid(fen: int) -> None:
    posted(move(WORLD, TREASURY, fen))
    posted(move(TREASURY, FUNDS, fen))
    posted(move(FUNDS, HELD, fen, **EXTRA))


def left(village: dict[str, Household], people: People, pack: Pack) -> None:
    """Two of two people leave by their dossier; the snapshot of the year says so."""
    (key,) = casework.propose_households(
        procedure="household_exit", household_ids=[village["B"].pk], year=2015, by=people.li, on=going_on(), pack=pack
    )
    assert going.to_the_end(Dossier.objects.get(pk=key), people, pack, going_on()).outcome == "approved"
    casework.freeze(year=2015, now=False, pack=pack, by="tests")


def going_on() -> dt.date:
    return dt.date(2015, 11, 20)


@pytest.mark.usefixtures("pilot")
def test_contract_follows_from_both_signatures(pack: Pack) -> None:
    one = signed(pack)

    assert (one.heads, one.amount_fen, one.document) == (10, 12_345_60, DOCUMENT)
    assert [step.step for step in queries.signatures(one)] == ["county_signature", "province_signature"]
    assert Entry.objects.filter(action="contract.signed", chain=COUNTY).count() == 1
    assert queries.contract(one.pk, Scope((COUNTY,))) == one
    assert queries.contract(one.pk, Scope(("520326",))) is None


@pytest.mark.usefixtures("pilot")
def test_unsound_contract_is_refused_with_its_reason(pack: Pack) -> None:
    for wrong, reason in (
        (replace(TERMS, heads=0), refusals.ContractWrong),
        (replace(TERMS, document=" "), refusals.ContractWrong),
        (replace(TERMS, source="moon"), refusals.ContractWrong),
        (replace(TERMS, to_year=2016), refusals.NotAPilot),
        (replace(TERMS, area_code="520326"), refusals.NotAPilot),
    ):
        with pytest.raises(reason):
            signing.propose(terms=wrong, by=ZHAO, on=ON, pack=pack)
    with pytest.raises(NotBegunHere):
        signing.propose(terms=TERMS, by=proposer(), on=ON, pack=pack)
    with pytest.raises(NotAllowed):
        signing.propose(terms=TERMS, by=proposer("520326"), on=ON, pack=pack)
    assert not Dossier.objects.exists()

    signed(pack)

    with pytest.raises(refusals.DocumentTaken):
        signing.propose(terms=TERMS, by=ZHAO, on=ON, pack=pack)
    with pytest.raises(refusals.YearsTaken):
        signing.propose(terms=replace(TERMS, document="other"), by=ZHAO, on=ON, pack=pack)


@pytest.mark.usefixtures("pilot")
def test_money_paid_is_what_came_from_above_under_the_document(pack: Pack) -> None:
    one = signed(pack)
    paid(500_00)
    posted(move(HELD, Party(PAYEE, COUNTY, "firm"), 100_00, **EXTRA))
    posted(move(WORLD, TREASURY, 70_00))
    posted(move(TREASURY, FUNDS, 70_00))
    posted(move(FUNDS, HELD, 60_00))  # of another document
    wrong = posted(move(FUNDS, HELD, 10_00, **EXTRA))
    posting.reverse(transfer_id=wrong.pk, on=ON.replace(month=7), reason="x", document=DOCUMENT, by=payer(), pack=pack)

    assert queries.paid([one]) == {one.pk: 500_00}
    assert [(held.giver_code, held.fen) for held in queries.held(one)] == [(PROVINCE, 500_00)]


@pytest.mark.usefixtures("transactional_db", "pilot")
def test_contract_is_settled_by_heads_that_left_and_too_much_goes_back(
    village: dict[str, Household], people: People, pack: Pack
) -> None:
    one = signed(pack)
    paid(12_345_60)
    wish = {"contract_id": one.pk, "by": proposer(), "on": LATER, "pack": pack}
    with pytest.raises(refusals.SnapshotMissing):
        settling.propose(explanation="x", **wish)
    left(village, people, pack)
    (year,) = queries.verified([one], pack)[one.pk]
    assert (year.exited, year.returned, year.snapshot[:4]) == (village["B"].size, 0, "2015")
    with pytest.raises(refusals.ReasonMissing):
        settling.propose(explanation=" ", **wish)

    dossier = settling.propose(explanation="搬迁推迟", **wish)
    with pytest.raises(AlreadyOpen):
        settling.propose(explanation="搬迁推迟", **wish)
    take(dossier, pack, LATER)
    paid(1_00)
    with pytest.raises(refusals.SettlementStale):
        take(dossier, pack, LATER)
    _drawn_up_anew(dossier, pack)
    assert [take(dossier, pack, LATER) for _step in range(3)] == ["", "", "approved"]

    found, due, came = Settlement.objects.get(contract=one), village["B"].size * 1_234_56, 12_346_60
    assert (found.verified, found.due_fen, found.paid_fen) == (village["B"].size, due, came)
    assert (found.claw_back_fen, found.owed_fen) == (came - due, 0)
    assert found.workings["years"][0]["snapshot"] == year.snapshot
    with pytest.raises(refusals.SettledBefore):
        settling.propose(explanation="x", **wish)
    order = _returned_at_last(found, pack)
    assert (order.amount_fen, queries.paid([one])[one.pk], queries.returned_fen(found)) == (came - due, due, came - due)
    assert balance(FUNDS, CENTRAL) == came - due


def _drawn_up_anew(dossier: Dossier, pack: Pack) -> None:
    """The prefecture returns it, the county draws it up by the transfers of today."""
    dossier.refresh_from_db()
    by = holder("qian", [(Role.PREFECTURE_OFFICER, COUNTY[:4])])
    back = Decision("return", by.name, by.posts, LATER, "拨付有变化")
    casework.decide(dossier=dossier, version=dossier.version, decision=back, by=by, key="back", pack=pack)
    dossier.refresh_from_db()
    casework.redraw(dossier=dossier, version=dossier.version, by=proposer(), pack=pack)
    dossier.refresh_from_db()
    assert (dossier.proposal["paid_fen"], dossier.proposal["explanation"]) == (12_346_60, "搬迁推迟")


def _returned_at_last(found: Settlement, pack: Pack) -> Order:
    """Refused by finance, held up for want of the money, proposed again and confirmed."""
    wish = {"settlement_id": found.pk, "on": LATER, "by": proposer(), "pack": pack}
    first = settling.propose_return(**wish)
    with pytest.raises(refusals.ReturnUnderWay):
        settling.propose_return(**wish)
    orders.refuse(order_id=first.pk, reason="x", by=payer(COUNTY))
    gone = posted(move(HELD, FUNDS, 12_000_00, **EXTRA))
    with pytest.raises(refusals.MoneyGone):
        settling.propose_return(**wish)
    posting.reverse(transfer_id=gone.pk, on=LATER, reason="x", document=DOCUMENT, by=payer(), pack=pack)
    second = settling.propose_return(**wish)
    assert queries.returned_fen(found) == 0
    return orders.confirm(order_id=second.pk, by=payer(COUNTY), pack=pack)

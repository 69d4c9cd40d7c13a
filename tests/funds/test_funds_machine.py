"""Whatever is posted, put right, posted twice or broken off: no fen is lost or made, and the books say what a plain ledger says."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pyarrow as pa
import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.funds import building
from tests.funds.moves import (
    CENTRAL,
    FIRM,
    FUNDS,
    HELD,
    HELD_BELOW,
    HELD_OTHER,
    ON,
    PACK,
    RELIEF,
    TREASURY,
    move,
    payer,
)

from jiefa.funds.actions import posting
from jiefa.funds.models import Account, Project, Transfer
from jiefa.funds.queries.books import books
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.project_refusals import ClaimFunds, OverApproved, ProjectWrong
from jiefa.funds.rules.rows import PAYEE, PROJECT, WORLD, NewTransfer, OriginKey, Party

ORIGINS = (CENTRAL, RELIEF)
WAYS = (
    (WORLD, TREASURY),
    (TREASURY, FUNDS),
    (FUNDS, HELD),
    (FUNDS, HELD_OTHER),
    (HELD, HELD_BELOW),
    (HELD, FIRM),
    (FIRM, HELD),
    (HELD_BELOW, HELD),
    (HELD, FUNDS),
    (FUNDS, TREASURY),
    (TREASURY, WORLD),
)
APPROVED, ADVANCE = 100, 30
MOVES = st.tuples(st.sampled_from(WAYS), st.sampled_from(ORIGINS), st.integers(1, 40))


class Crash(Exception):
    """Whatever stops a process after it wrote and before it finished."""


def _broken_off(rows: pa.Table) -> None:
    with transaction.atomic():
        posting.post_many(rows=rows, by=payer(), pack=PACK)
        raise Crash


class Ledger(RuleBasedStateMachine):
    """A ledger of plain numbers beside the product's."""

    def __init__(self) -> None:
        super().__init__()
        self.held: Counter[tuple[Party, OriginKey]] = Counter()
        self.on_file: dict[str, tuple[NewTransfer, int]] = {}
        self.reversed: set[int] = set()
        self.keys = count(1)
        self.around = transaction.atomic()
        self.around.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    def made(self, way: tuple[Party, Party], origin: OriginKey, fen: int) -> NewTransfer:
        return move(*way, fen, f"M{next(self.keys)}", origin=origin)

    def can(self, transfer: NewTransfer) -> bool:
        return transfer.payer == WORLD or self.held[transfer.payer, transfer.origin] >= transfer.amount_fen

    def moved(self, transfer: NewTransfer) -> None:
        self.held[transfer.payer, transfer.origin] -= transfer.amount_fen
        self.held[transfer.receiver, transfer.origin] += transfer.amount_fen

    @initialize()
    def begin(self) -> None:
        self.project = Project.objects.get()
        self.pot = building.pot(self.project)
        self.put_in, self.paid, self.claims = 0, 0, count(1)
        for origin in ORIGINS:
            for way in WAYS[:3]:
                self.post((way, origin, 60))

    @rule(given=MOVES)
    def post(self, given: tuple[tuple[Party, Party], OriginKey, int]) -> None:
        transfer = self.made(*given)
        if not self.can(transfer):
            with pytest.raises(refusals.BalanceShort):
                posting.post(transfer=transfer, by=payer(), pack=PACK)
            return
        done = posting.post(transfer=transfer, by=payer(), pack=PACK)
        self.on_file[transfer.key] = transfer, done.pk
        self.moved(transfer)

    @precondition(lambda self: self.on_file)
    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        transfer, pk = self.on_file[data.draw(st.sampled_from(sorted(self.on_file)))]
        assert posting.post(transfer=transfer, by=payer(), pack=PACK).pk == pk

    @precondition(lambda self: self.on_file)
    @rule(data=st.data(), fen=st.integers(41, 50))
    def contradict(self, data: st.DataObject, fen: int) -> None:
        key = data.draw(st.sampled_from(sorted(self.on_file)))
        transfer, _pk = self.on_file[key]
        other = move(transfer.payer, transfer.receiver, fen + 20, key, origin=transfer.origin)
        with pytest.raises(refusals.KeyContradicts):
            posting.post(transfer=other, by=payer(), pack=PACK)

    @precondition(lambda self: self.on_file)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        transfer, pk = self.on_file[data.draw(st.sampled_from(sorted(self.on_file)))]
        if PROJECT in (transfer.payer.kind, transfer.receiver.kind):
            return  # told apart in test_funds_projects: the sums of a project move back, too
        back = move(transfer.receiver, transfer.payer, transfer.amount_fen, origin=transfer.origin)
        said = {"transfer_id": pk, "on": ON, "reason": "x", "document": "更正", "by": payer(), "pack": PACK}
        if transfer.reverses is not None:
            with pytest.raises(refusals.NotToReverse):
                posting.reverse(**said)
        elif pk in self.reversed:
            assert posting.reverse(**said).reverses_id == pk
        elif not self.can(back):
            with pytest.raises(refusals.BalanceShort):
                posting.reverse(**said)
        else:
            done = posting.reverse(**said)
            self.reversed.add(pk)
            self.moved(back)
            kept = posting.reversal(transfer_id=pk, on=ON, reason="x", document="更正")
            self.on_file[done.key] = kept, done.pk

    @rule(fen=st.integers(1, 60))
    def into_the_project(self, fen: int) -> None:
        transfer = move(HELD, self.pot, fen, f"M{next(self.keys)}", purpose="infrastructure")
        if not self.can(transfer) or self.put_in + fen > APPROVED:
            with pytest.raises((refusals.BalanceShort, OverApproved)):
                posting.post(transfer=transfer, by=payer(), pack=PACK)
            return
        done = posting.post(transfer=transfer, by=payer(), pack=PACK)
        self.on_file[transfer.key] = transfer, done.pk
        self.moved(transfer)
        self.put_in += fen

    @rule(fen=st.integers(1, 20), crash=st.booleans())
    def claim(self, fen: int, crash: bool) -> None:
        """A claim goes its way at once, whole or not at all: never beyond the advance, never beyond what is there."""
        fits = self.paid + fen <= APPROVED * ADVANCE // 100 and self.held[self.pot, CENTRAL] >= fen
        before = Transfer.objects.count()
        try:
            with transaction.atomic():
                made = building.claimed(self.project, "advance", fen, building.LATER)
                for _step in range(3):
                    building.decide(made.dossier, building.LATER)
                if crash:
                    raise Crash
        except (ProjectWrong, ClaimFunds, Crash):
            assert crash or not fits
            assert Transfer.objects.count() == before
            return
        assert fits
        transfer = move(
            self.pot, Party(PAYEE, building.VILLAGE, building.FIRM), fen, f"claim/{made.pk}/1", on=building.LATER,
            purpose="infrastructure", document="00012345",
        )  # fmt: skip
        self.on_file[transfer.key] = transfer, Transfer.objects.get(key=transfer.key).pk
        self.moved(transfer)
        self.paid += fen

    @rule(given=st.lists(MOVES, min_size=1, max_size=12), known=st.booleans(), crash=st.booleans())
    def many(self, given: list[tuple[tuple[Party, Party], OriginKey, int]], known: bool, crash: bool) -> None:
        transfers = [self.made(*one) for one in given]
        before = self.held.copy()
        fits = True
        for transfer in transfers:
            fits = fits and self.can(transfer)
            self.moved(transfer)
        old = [transfer for transfer, _pk in self.on_file.values()][:2] if known else []
        rows = rules.table([*old, *transfers])
        if not fits:
            self.held = before
            with pytest.raises(refusals.BalanceShort):
                posting.post_many(rows=rows, by=payer(), pack=PACK)
        elif crash:
            self.held = before
            with pytest.raises(Crash):
                _broken_off(rows)
        else:
            done = posting.post_many(rows=rows, by=payer(), pack=PACK)
            assert (done.new, done.unchanged) == (len(transfers), len(old))
            assert done.fen == sum(transfer.amount_fen for transfer in transfers)
            keys = dict(Transfer.objects.values_list("key", "pk"))
            self.on_file |= {transfer.key: (transfer, keys[transfer.key]) for transfer in transfers}

    @invariant()
    def books_say_the_same(self) -> None:
        found = {
            (Party(one.kind, one.area_code, one.owner), one.origin.type): one.balance_fen
            for one in Account.objects.select_related("origin")
            if one.balance_fen
        }
        assert found == {(party, origin.type): fen for (party, origin), fen in self.held.items() if fen}
        assert books().add_up
        assert Transfer.objects.count() == len(self.on_file)
        project = Project.objects.get(pk=self.project.pk)
        assert (project.received_fen, project.paid_fen) == (self.put_in, self.paid)


@pytest.mark.django_db
def test_no_fen_is_lost_or_made() -> None:
    building.taken_to("carrying_out", building.proposed(asked_fen=APPROVED))
    run_state_machine_as_test(Ledger, settings=settings(max_examples=15, stateful_step_count=15))

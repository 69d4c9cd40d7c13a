"""What the caller is told, asked and may ask for: the answer, the call back, looking again; and every look at who called."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.hotline.actions import stepping
from jiefa.hotline.actions.receiving import CHAIN, PUBLIC, TEXT_LENGTH, Identity, marked, record, vault
from jiefa.hotline.models import Caller, Complaint, ComplaintStep, Look, State
from jiefa.hotline.queries import complaints
from jiefa.hotline.rules import moves, refusals, terms
from jiefa.kernel.errors import NotAllowed, Words
from jiefa.policy import Pack

P = Permission
ANSWER, WHY, RESULT = (
    Words("答复", "The answer"),
    Words("理由", "The reason"),
    Words("回访结果", "What the caller said"),
)
NOTE_LENGTH = 400
TOLD = ("answer", "refuse", "pass_on")
"""Steps whose words the caller reads."""


@transaction.atomic
def answer(*, receipt: str, text: str, on: dt.date, by: Actor, pack: Pack) -> Complaint:
    """The complaint answered: ``text`` is what the caller reads with number and secret word, or hears."""
    found = stepping.locked(receipt, "answer", on, by, P.HOTLINE_KEEP)
    said = stepping.text(ANSWER, text, TEXT_LENGTH)
    found.answered_on = found.answered_on or on
    stepping.moved(found, "answer", on, terms.due(on, "hotline.callback_days", pack), "answered_on")
    record(found, "answer", on, by.name, "", said)
    return found


@transaction.atomic
def call_back(*, receipt: str, result: str, text: str, on: dt.date, by: Actor, pack: Pack) -> Complaint:
    """The complaint closed after the caller was called back; opened again where the caller is not satisfied and it was not before."""
    found = stepping.locked(receipt, "call_back", on, by, P.HOTLINE_KEEP)
    if result not in pack.at(on).codes("hotline_callback").ids:
        raise refusals.ChoiceUnknown(field=RESULT, value=result)
    again = result == "dissatisfied" and found.round < moves.ROUNDS
    said = stepping.text(WHY, text, TEXT_LENGTH) if result == "dissatisfied" else text.strip()[:TEXT_LENGTH]
    stepping.moved(found, "call_back", on, None)
    record(found, "call_back", on, by.name, result, said)
    if again:
        _again(found, said, on, by.name, pack)
    return found


@transaction.atomic
def reopen(*, receipt: str, reason: str, on: dt.date, by: Actor, pack: Pack) -> Complaint:
    """The complaint opened again, once, by its keeper for the caller. Raises ``ReopenedBefore``, ``ReopenTooLate``."""
    found = stepping.locked(receipt, "reopen", on, by, P.HOTLINE_KEEP)
    said = stepping.text(WHY, reason, TEXT_LENGTH)
    _check_again(found, on, pack)
    _again(found, said, on, by.name, pack)
    return found


@transaction.atomic
def reopen_by_caller(*, receipt: str, word: str, reason: str, on: dt.date, pack: Pack) -> Complaint:
    """The same by the caller, with number and secret word. Raises ``WordWrong`` too."""
    found = _by_word(receipt, word, on, pack, lock=True)
    said = stepping.text(WHY, reason, TEXT_LENGTH)
    stepping.check(found, "reopen", on)
    _check_again(found, on, pack)
    _again(found, said, on, PUBLIC, pack)
    return found


def _check_again(found: Complaint, on: dt.date, pack: Pack) -> None:
    if found.round >= moves.ROUNDS:
        raise refusals.ReopenedBefore(receipt=found.receipt, phone=pack.at(on).text("hotline.phone"))
    until = again_until(found, pack)
    if on > until:
        raise refusals.ReopenTooLate(receipt=found.receipt, until=until)


def again_until(found: Complaint, pack: Pack) -> dt.date:
    """The last day on which the caller may ask to look again."""
    return terms.due(found.answered_on or found.since, "hotline.reopen_days", pack)


def _again(found: Complaint, reason: str, on: dt.date, by: str, pack: Pack) -> None:
    """Looked into anew; one that was not taken on is screened anew."""
    found.round += 1
    found.verdict = ""
    screened = found.paraphrase_sealed is not None
    term = "hotline.route_days" if screened else "hotline.screen_days"
    stepping.moved(found, "reopen" if screened else "receive", on, terms.due(on, term, pack), "round", "verdict")
    record(found, "reopen", on, by, "", reason)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a caller reads: how far it is, by when, the answer, and whether it can still be opened again."""

    receipt: str
    state: State
    received_on: dt.date
    finish_by: dt.date
    verdict: str
    told: str
    may_reopen: bool


def look_up(*, receipt: str, word: str, on: dt.date, pack: Pack) -> Standing:
    """How the complaint stands, for whoever has number and secret word. Of a merged one, how the earlier one stands. Writes nothing.

    Raises ``WordWrong`` for a wrong number as for a wrong word.
    """
    own = _by_word(receipt, word, on, pack, lock=False)
    found = own.merged_into or own
    last = ComplaintStep.objects.filter(complaint=found, step__in=TOLD, round=found.round).order_by("-pk").first()
    opens = own.merged_into is None and moves.allowed("reopen", own.state) and own.round < moves.ROUNDS
    return Standing(
        receipt=own.receipt,
        state=State(found.state),
        received_on=own.received_on,
        finish_by=own.finish_by,
        verdict=found.verdict if found.state in (State.ANSWERED, State.CLOSED) else "",
        told=vault().open(bytes(last.text_sealed)) if last and last.text_sealed else "",
        may_reopen=opens and on <= again_until(own, pack),
    )


def _by_word(receipt: str, word: str, on: dt.date, pack: Pack, *, lock: bool) -> Complaint:
    number = receipt.strip().lower()
    rows = (
        Complaint.objects.select_for_update(of=("self",)) if lock else Complaint.objects.select_related("merged_into")
    )
    found = rows.filter(receipt=number).first()
    mark = marked(number, word)
    if found is None or not hmac.compare_digest(found.word_mark, mark):
        raise refusals.WordWrong(phone=pack.at(on).text("hotline.phone"))
    return found


@dataclass(frozen=True, slots=True)
class Opened:
    """Who called and in which words; ``caller`` is None where it is anonymous."""

    caller: Identity | None
    words: str


@transaction.atomic
def open_caller(*, receipt: str, reason: str, note: str, by: Actor, pack: Pack) -> Opened:
    """Who called, in which words, for the keeper alone: the look and its reason are kept, whatever is seen.

    Raises ``NotAllowed``, ``ComplaintUnknown``, ``ChoiceUnknown``, ``TextMissing``.
    """
    by.demand(P.HOTLINE_KEEP)
    found = complaints.complaint(receipt, by)
    if not complaints.is_kept(found, by):
        raise NotAllowed(what=P.HOTLINE_KEEP.value)
    if reason not in pack.at(timezone.localdate()).codes("hotline_look").ids:
        raise refusals.ChoiceUnknown(field=WHY, value=reason)
    said = stepping.text(WHY, note, NOTE_LENGTH)
    Look.objects.create(complaint=found, reason=reason, note_sealed=vault().seal(said), by=by.name, at=timezone.now())
    audit.record(
        chain=CHAIN,
        by=by.name,
        action="complaint.caller_opened",
        object_type="complaint",
        object_id=found.receipt,
        diff={"reason": reason},
    )
    caller = Caller.objects.filter(complaint=found).first()
    open_ = vault().open
    return Opened(
        caller=Identity(
            *(open_(bytes(sealed)) for sealed in (caller.name_sealed, caller.phone_sealed, caller.address_sealed))
        )
        if caller
        else None,
        words=open_(bytes(found.words_sealed)),
    )


@dataclass(frozen=True, slots=True)
class Read:
    """A complaint in the clear as it may be read by whoever keeps it or looks into it: no word of the caller's own."""

    paraphrase: str
    steps: tuple[str, ...]
    files: tuple[str, ...]


@transaction.atomic
def read(*, receipt: str, by: Actor) -> Read:
    """The paraphrase, the words of every step in order, the names of files; that it was read is logged. Raises ``ComplaintUnknown``.

    What a caller said when asking to look again is the caller's own word: the keeper reads it, the unit does not.
    """
    found = complaints.complaint(receipt, by)
    audit.record(
        chain=CHAIN, by=by.name, action="complaint.read", object_type="complaint", object_id=found.receipt, diff={}
    )
    keeps = complaints.is_kept(found, by)
    open_ = vault().open
    return Read(
        paraphrase=open_(bytes(found.paraphrase_sealed)) if found.paraphrase_sealed else "",
        steps=tuple(
            open_(bytes(one.text_sealed)) if one.text_sealed and (keeps or one.step in UNIT_READS) else ""
            for one in complaints.steps(found)
        ),
        files=tuple(open_(bytes(one.name_sealed)) for one in complaints.files(found)),
    )


UNIT_READS = ("note", "conclude", "answer")
"""Steps whose words the unit reads that looks into it."""

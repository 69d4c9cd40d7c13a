"""A complaint put on file: by a clerk who hears it, or by anybody from the public page.

The log says that one came in, in the system's chain, and nothing of where or about whom.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.hotline.models import Caller, Channel, Complaint, ComplaintStep
from jiefa.hotline.rules import moves, refusals, terms, units
from jiefa.kernel.errors import Words
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.registry.models import Household

P = Permission
PUBLIC = "public"
"""Who tells from the public page, in the log."""
CHAIN = "system"
TEXT_LENGTH, PARAPHRASE_LENGTH, NAME_LENGTH, PHONE_LENGTH, ADDRESS_LENGTH = 4_000, 2_000, 40, 60, 120
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that are misheard or misread: numbers and words are read out over the telephone."""
RECEIPT_LETTERS, WORD_LETTERS, TRIES = 6, 10, 20
TEXT, PARAPHRASE = Words("反映的内容", "What is told"), Words("转述", "The paraphrase")
NAME, PHONE, ADDRESS = Words("姓名", "The name"), Words("联系方式", "The contact"), Words("住址", "The address")
CATEGORY, CHANNEL = Words("类别", "The category"), Words("渠道", "The channel")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who called; all empty: anonymous."""

    name: str = ""
    phone: str = ""
    address: str = ""

    @property
    def anonymous(self) -> bool:
        return not any(text.strip() for text in (self.name, self.phone, self.address))


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """What was told. ``against``: the places whose bodies are complained of, on the way up from ``about``."""

    about: str
    against: Collection[str]
    category: str
    words: str
    caller: Identity = Identity()
    paraphrase: str = ""
    household: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the caller is given, once: the number of the complaint and the word with which to ask for its answer."""

    receipt: str
    word: str
    finish_by: dt.date
    complaint: int


def vault() -> Vault:
    """The vault under which everything that was said is sealed."""
    return Vault(settings.JIEFA_VAULT_KEY)


def marked(receipt: str, word: str) -> str:
    """The keyed mark of a secret word: what is kept of it."""
    return vault().mark(f"hotline/{receipt}/{word.strip().lower()}".encode())


@transaction.atomic
def receive(*, wish: NewComplaint, channel: Channel, on: dt.date, pack: Pack, by: Actor | None = None) -> Receipt:
    """The receipt of a new complaint. ``by``: the clerk; None from the public page.

    Raises ``NotAllowed``, ``PlaceUnfit``, ``NobodyAbove``, ``ChoiceUnknown``, ``TextMissing``, ``TextTooLong``, ``DayUnfit``, ``HouseholdUnknown``.
    """
    if by is not None:
        # Whoever answers the telephone of a county takes down what is told of any place: calls do not go by area.
        by.demand(P.HOTLINE_RECEIVE)
    if (by is None) != (channel == Channel.PAGE):
        raise refusals.ChoiceUnknown(field=CHANNEL, value=channel.value)
    kept, against = _place(wish, on, pack)
    _check(wish, on, pack)
    number, word = _number(on), _letters(WORD_LETTERS)
    made = Complaint.objects.create(
        receipt=number,
        word_mark=marked(number, word),
        channel=channel,
        category=wish.category,
        about_code=wish.about,
        against_code=against,
        kept_at=kept,
        received_on=on,
        since=on,
        due_on=terms.due(on, "hotline.screen_days", pack),
        finish_by=terms.finish_by(on, wish.category, pack),
        household=household(wish.household, wish.about),
        project=wish.project.strip(),
        words_sealed=vault().seal(wish.words.strip()),
        paraphrase_sealed=vault().seal(wish.paraphrase.strip()) if wish.paraphrase.strip() else None,
        by=by.name if by else "",
        at=timezone.now(),
    )
    _keep_caller(made, wish.caller)
    record(made, "receive", on, by.name if by else PUBLIC)
    return Receipt(number, word, made.finish_by, made.pk)


def record(found: Complaint, step: str, on: dt.date, by: str, result: str = "", text: str = "") -> ComplaintStep:
    """The step beside its entry of the log, which says no place and no word."""
    made = ComplaintStep.objects.create(
        complaint=found,
        step=step,
        round=found.round,
        on=on,
        result=result,
        text_sealed=vault().seal(text.strip()) if text.strip() else None,
        by=by,
        at=timezone.now(),
    )
    audit.record(
        chain=CHAIN,
        by=by,
        action=moves.MOVES[step].logged,
        object_type="complaint",
        object_id=found.receipt,
        diff={"on": on},
    )
    return made


def _place(wish: NewComplaint, on: dt.date, pack: Pack) -> tuple[str, str]:
    """The place that keeps it, and the broadest body complained of."""
    way = {division.code for division in areas.way_up(wish.about)}
    if wish.about not in way or len(wish.about) <= min(len(code) for code in way) or not set(wish.against) <= way:
        raise refusals.PlaceUnfit(place=wish.about)
    against = units.broadest(wish.against)
    kept = units.kept_at(wish.about, against)
    if kept is None:
        raise refusals.NobodyAbove(phone=pack.at(on).text("hotline.phone"))
    return kept, against


def _check(wish: NewComplaint, on: dt.date, pack: Pack) -> None:
    if wish.category not in pack.at(on).codes("hotline_category").ids:
        raise refusals.ChoiceUnknown(field=CATEGORY, value=wish.category)
    if on > timezone.localdate():
        raise refusals.DayUnfit(on=on, since="—")
    if not 0 < len(wish.words.strip()) <= TEXT_LENGTH:
        raise refusals.TextMissing(field=TEXT, limit=f"{TEXT_LENGTH:,}")
    for field, text, limit in (
        (PARAPHRASE, wish.paraphrase, PARAPHRASE_LENGTH),
        (NAME, wish.caller.name, NAME_LENGTH),
        (PHONE, wish.caller.phone, PHONE_LENGTH),
        (ADDRESS, wish.caller.address, ADDRESS_LENGTH),
    ):
        if len(text) > limit:
            raise refusals.TextTooLong(field=field, limit=f"{limit:,}")


def household(number: str, about: str) -> Household | None:
    """The household of that number where it happened; None for no number. Raises ``HouseholdUnknown``."""
    if not number.strip():
        return None
    found = Household.objects.filter(number=number.strip(), village_code__startswith=about).first()
    if found is None:
        raise refusals.HouseholdUnknown(place=about, number=number.strip())
    return found


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def _number(on: dt.date) -> str:
    """A number that tells nothing but the year: running numbers would tell how many came in."""
    for _ in range(TRIES):
        number = f"{on:%y}-{_letters(RECEIPT_LETTERS)}"
        if not Complaint.objects.filter(receipt=number).exists():
            return number
    raise AssertionError("no free number of a complaint")


def _keep_caller(made: Complaint, caller: Identity) -> None:
    if caller.anonymous:
        return
    seal = vault().seal
    Caller.objects.create(
        complaint=made,
        name_sealed=seal(caller.name.strip()),
        phone_sealed=seal(caller.phone.strip()),
        address_sealed=seal(caller.address.strip()),
    )

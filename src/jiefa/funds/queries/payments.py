"""Payment files and the payments in them: what is due, what the bank said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from jiefa.access.rules import Scope
from jiefa.funds.models import AccountKind, Channel, Payment, PaymentFile, Transfer

AT_ONCE = 500


def due(order: int, channel: str) -> list[Transfer]:
    """The payments of an order to households (``card``) or units (``bank``) that stand and that no file holds, in their order."""
    rows = Transfer.objects.filter(
        of_order=order, to_account__kind=AccountKind.PAYEE, reverses__isnull=True, payment__isnull=True
    ).filter(reversed_by__isnull=True, to_account__household__isnull=channel == Channel.BANK)
    return list(rows.select_related("to_account__household").order_by("pk"))


def due_counts(order: int) -> dict[str, int]:
    """How many payments of an order no file holds yet, by channel. One query."""
    rows = Transfer.objects.filter(
        of_order=order, to_account__kind=AccountKind.PAYEE, reverses__isnull=True, payment__isnull=True
    ).filter(reversed_by__isnull=True)
    home = Q(to_account__household__isnull=False)
    sums = rows.aggregate(card=Count("pk", filter=home), bank=Count("pk", filter=~home))
    return {channel: sums[channel] for channel in Channel.values}


def files(within: Scope) -> QuerySet[PaymentFile]:
    """The payment files whose money lies inside the scope, the newest first; those of several areas are filtered by ``visible``."""
    inside = Q(pk__in=[])
    for low, high in within.ranges():
        inside |= Q(areas__gte=low, areas__lt=high)
    return PaymentFile.objects.filter(inside).defer("content").order_by("-pk")


def visible(file: PaymentFile, within: Scope) -> bool:
    """Whether every area of the file lies inside the scope."""
    return all(within.covers(area) for area in file.areas.split(","))


def file(pk: int, within: Scope) -> PaymentFile | None:
    """The file, if all of its areas lie inside the scope."""
    found = PaymentFile.objects.defer("content").select_related("order").filter(pk=pk).first()
    return found if found is not None and visible(found, within) else None


@dataclass(frozen=True, slots=True)
class Answered:
    """Of the payments of a file, by what the bank said: how many, and fen."""

    sent: int = 0
    sent_fen: int = 0
    paid: int = 0
    paid_fen: int = 0
    returned: int = 0
    returned_fen: int = 0


def answered(keys: Sequence[int]) -> dict[int, Answered]:
    """What the bank said so far, by file. One query."""
    rows = Payment.objects.filter(file__in=keys).order_by().values("file", "result")
    found: dict[int, dict[str, int]] = {}
    for row in rows.annotate(n=Count("pk"), fen=Sum("amount_fen")):
        found.setdefault(row["file"], {}).update({row["result"]: row["n"], f"{row['result']}_fen": row["fen"]})
    return {key: Answered(**sums) for key, sums in found.items()}


def payments(file: int) -> QuerySet[Payment]:
    """The payments of a file that passed the gate, in their order."""
    related = ("transfer__origin", "transfer__from_account", "transfer__to_account__household", "transfer__reversed_by")
    return Payment.objects.filter(file=file).select_related(*related).order_by("pk")


def by_number(numbers: Collection[int]) -> dict[int, Payment]:
    """Payments by the number under which the bank knows them: the key of the transfer."""
    found: dict[int, Payment] = {}
    wanted = sorted(set(numbers))
    related = ("file", "transfer__origin", "transfer__from_account", "transfer__to_account", "transfer__reversed_by")
    for first in range(0, len(wanted), AT_ONCE):
        part = Payment.objects.filter(transfer__in=wanted[first : first + AT_ONCE])
        found |= {one.transfer_id: one for one in part.select_related(*related).defer("file__content")}
    return found


def homes(file: int) -> list[tuple[int, str]]:
    """The households that a file pays, with their village of today."""
    rows = Payment.objects.filter(file=file, transfer__to_account__household__isnull=False)
    paid = rows.values_list("transfer__to_account__household", "transfer__to_account__household__village_code")
    return [(int(key), village) for key, village in paid.distinct().order_by("transfer__to_account__household")]

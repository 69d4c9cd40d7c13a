"""Money as the tests move it: from the central treasury down to a household of one village, and who does so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count

from jiefa import policy
from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.funds.actions import posting
from jiefa.funds.models import Account, Transfer
from jiefa.funds.rules.rows import HOLDER, PAYEE, SOURCE, WORLD, NewTransfer, OriginKey, Party

PROVINCE, COUNTY, OTHER, TOWNSHIP = "52", "520324", "520326", "520324103"
CENTRAL = OriginKey("central", "development", 2015, PROVINCE)
RELIEF = OriginKey("central", "work_relief", 2015, PROVINCE)
DALIAN = OriginKey("city", "assistance", 2015, "5202", "大连市")
ON = dt.date(2015, 6, 1)
TREASURY, FUNDS = Party(SOURCE, PROVINCE), Party(HOLDER, PROVINCE)
HELD, HELD_OTHER, HELD_BELOW = Party(HOLDER, COUNTY), Party(HOLDER, OTHER), Party(HOLDER, TOWNSHIP)
FIRM = Party(PAYEE, COUNTY, "茶叶合作社")
PACK = policy.load()
_keys: Iterator[int] = count(1)


def payer(area: str = PROVINCE, name: str = "cai") -> Actor:
    """Whoever confirms what is paid in an area."""
    return holder(name, [(Role.FINANCE_OFFICER, area)])


def proposer(area: str = COUNTY, name: str = "wang") -> Actor:
    """Whoever proposes what is paid in an area."""
    roles = {2: Role.PROVINCE_OFFICER, 4: Role.PREFECTURE_OFFICER, 6: Role.COUNTY_OFFICER, 9: Role.TOWNSHIP_OFFICER}
    return holder(name, [(roles[len(area)], area)])


def move(payer: Party, receiver: Party, fen: int, key: str = "", **changes: object) -> NewTransfer:
    """A transfer of central development money, on a day of 2015, for training."""
    said: dict[str, object] = {
        "payer": payer,
        "receiver": receiver,
        "origin": CENTRAL,
        "amount_fen": fen,
        "on": ON,
        "purpose": "training",
        "document": "黔财农〔2015〕1号",
        "key": key or f"T{next(_keys)}",
    }
    return NewTransfer(**{**said, **changes})


def posted(transfer: NewTransfer) -> Transfer:
    return posting.post(transfer=transfer, by=payer(), pack=PACK)


def fill(fen: int = 1_000_00, origin: OriginKey = CENTRAL) -> None:
    """So much lies with the province."""
    posted(move(WORLD, TREASURY, fen, origin=origin))
    posted(move(TREASURY, FUNDS, fen, origin=origin))


def balance(party: Party, origin: OriginKey = CENTRAL) -> int:
    """What a pot holds; 0 where there is none."""
    found = Account.objects.filter(
        kind=party.kind,
        household=party.household,
        origin__source=origin.source,
        origin__type=origin.type,
        origin__giver=origin.giver,
    )
    if party.household is None:
        found = found.filter(area_code=party.area_code, owner=party.owner)
    return sum(found.values_list("balance_fen", flat=True))

"""Complaints for tests: people with their posts, and one complaint brought as far as a test wants it."""

from __future__ import annotations

import datetime as dt

from jiefa import policy
from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.hotline.actions import answering, inquiring, receiving, screening
from jiefa.hotline.actions.receiving import Identity, NewComplaint, Receipt
from jiefa.hotline.models import Channel
from jiefa.hotline.rules.units import Unit

PACK = policy.load()
COUNTY, TOWNSHIP, VILLAGE = "520324", "520324103", "520324103200"
ON = dt.date(2015, 6, 1)
WORDS, PARAPHRASE = "我是安场的独孤测，村干部扣了我家的补助", "反映村干部扣留农户补助"
CALLER = Identity("独孤测", "13800000099", "安场镇某村三组")
OFFICE, TOWN_OFFICE, DISCIPLINE = Unit("office", COUNTY), Unit("office", TOWNSHIP), Unit("supervision", COUNTY)


def officer(role: Role, area: str) -> Actor:
    """Somebody with this one post."""
    return holder(f"{role.value}-{area}", [(role, area)])


CLERK = officer(Role.HOTLINE_CLERK, COUNTY)
KEEPER = officer(Role.HOTLINE_KEEPER, COUNTY)
PREFECTURE_KEEPER = officer(Role.HOTLINE_KEEPER, COUNTY[:4])
PROVINCE_KEEPER = officer(Role.HOTLINE_KEEPER, COUNTY[:2])
WANG = officer(Role.COUNTY_OFFICER, COUNTY)
QIAN = officer(Role.PREFECTURE_OFFICER, COUNTY[:4])
TOWN = officer(Role.TOWNSHIP_OFFICER, TOWNSHIP)
INSPECTOR = officer(Role.SUPERVISOR, COUNTY)
EVERYBODY = (
    *(officer(role, "52") for role in (Role.PROVINCE_OFFICER, Role.AUDITOR, Role.FINANCE_OFFICER, Role.SUPERVISOR)),
    *(CLERK, KEEPER, PREFECTURE_KEEPER, PROVINCE_KEEPER, WANG, QIAN, TOWN, INSPECTOR),
    *(officer(role, VILLAGE) for role in (Role.VILLAGE_OFFICER, Role.HELPER)),
    *(officer(Role.SUPERVISOR, area) for area in (TOWNSHIP, COUNTY[:4])),
    *(officer(role, COUNTY) for role in (Role.EVALUATOR, Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR)),
    *(officer(role, "520326") for role in (Role.COUNTY_OFFICER, Role.HOTLINE_KEEPER)),
)


def received(against: tuple[str, ...] = (TOWNSHIP,), on: dt.date = ON, category: str = "special_funds") -> Receipt:
    """A complaint that a clerk took down."""
    wish = NewComplaint(VILLAGE, against, category, WORDS, CALLER)
    return receiving.receive(wish=wish, channel=Channel.PHONE, on=on, pack=PACK, by=CLERK)


def routed(
    keeper: Actor = KEEPER, unit: Unit = OFFICE, against: tuple[str, ...] = (TOWNSHIP,), on: dt.date = ON
) -> Receipt:
    """One that was taken on and lies with the unit."""
    made = received(against, on)
    screening.accept(receipt=made.receipt, paraphrase=PARAPHRASE, on=on, by=keeper, pack=PACK)
    screening.route(receipt=made.receipt, unit=unit, on=on, by=keeper, pack=PACK)
    return made


def answered(keeper: Actor = KEEPER, handler: Actor = WANG, verdict: str = "partly", on: dt.date = ON) -> Receipt:
    """One that was looked into and answered."""
    made = routed(keeper, on=on)
    inquiring.note(receipt=made.receipt, text="走访三户", on=on, by=handler)
    inquiring.conclude(receipt=made.receipt, verdict=verdict, text="部分属实", on=on, by=handler, pack=PACK)
    answering.answer(receipt=made.receipt, text="已责令退还", on=on, by=keeper, pack=PACK)
    return made

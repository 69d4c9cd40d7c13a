"""Li (village), Sun (township), Wang and Zhou (county), Zhao (province), and Wu of another county."""

from __future__ import annotations

from dataclasses import dataclass, field

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role

VILLAGE, TOWNSHIP, COUNTY = "520324103200", "520324103", "520324"
ELSEWHERE = "520326"


@dataclass
class People:
    """Whoever holds the posts of one village, its township and county."""

    village: str
    township: str
    county: str
    li: Actor = field(init=False)
    li_two: Actor = field(init=False)
    sun: Actor = field(init=False)
    wang: Actor = field(init=False)
    zhou: Actor = field(init=False)
    zhao: Actor = field(init=False)
    wu: Actor = field(init=False)
    auditor: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.li = holder("li", [(Role.VILLAGE_OFFICER, self.village)])
        self.li_two = holder("li2", [(Role.VILLAGE_OFFICER, self.village)])
        self.sun = holder("sun", [(Role.TOWNSHIP_OFFICER, self.township)])
        self.wang = holder("wang", [(Role.COUNTY_OFFICER, self.county)])
        self.zhou = holder("zhou", [(Role.COUNTY_OFFICER, self.county)])
        self.zhao = holder("zhao", [(Role.PROVINCE_OFFICER, self.county[:2])])
        self.wu = holder("wu", [(Role.COUNTY_OFFICER, ELSEWHERE)])
        self.auditor = holder("auditor", [(Role.AUDITOR, self.county[:2])])

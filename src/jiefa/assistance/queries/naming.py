"""What cases of training and relocation name: whether it is on file, and whether they agree with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from jiefa.assistance.models import Course, Hamlet, SettlementSite
from jiefa.assistance.queries import registers
from jiefa.assistance.queries.promises import RELOCATION
from jiefa.assistance.queries.registers import COURSES, HAMLETS, REGISTERS, SITES
from jiefa.assistance.queries.training import TRAINING
from jiefa.assistance.rules import moving as rules
from jiefa.assistance.rules.programmes import Own
from jiefa.lists.rules import Remark
from jiefa.policy import NotInForce, Pack

Case = tuple[str, int, Own]
"""Village, year and own columns of a case."""
PRESENT = "programme.training_present"


def _keys(register: str, cases: Sequence[Case], column: str) -> list[registers.Key]:
    digits = REGISTERS[register].digits
    return [(village[:digits], str(own[column])) for village, _year, own in cases if own.get(column)]


def _share(year: int, pack: Pack) -> Decimal | None:
    try:
        return pack.for_year(year).number(PRESENT)
    except NotInForce:
        return None


def _of_training(cases: Sequence[Case], pack: Pack) -> list[list[Remark]]:
    courses = registers.on_file(REGISTERS[COURSES], _keys(COURSES, cases, "course"))
    shares = {year: _share(year, pack) for year in {year for _village, year, _own in cases}}
    said = []
    for village, year, own in cases:
        one = courses.get((village[:6], str(own.get("course"))))
        course = rules.NamedCourse(one.trade, one.days) if one else None
        said.append(rules.of_training(own, course, shares[year]))
    return said


def _of_relocation(cases: Sequence[Case], pack: Pack) -> list[list[Remark]]:
    sites = registers.on_file(REGISTERS[SITES], _keys(SITES, cases, "site"))
    hamlets = registers.on_file(REGISTERS[HAMLETS], _keys(HAMLETS, cases, "hamlet"))
    said = []
    for village, _year, own in cases:
        site = sites.get((village[:6], str(own.get("site"))))
        known = (village, str(own.get("hamlet"))) in hamlets
        said.append(rules.of_relocation(own, site.settled_in if site else None, known))
    return said


_OF: Mapping[str, Callable[[Sequence[Case], Pack], list[list[Remark]]]] = {
    TRAINING: _of_training,
    RELOCATION: _of_relocation,
}


def remarks(programme: str, cases: Sequence[Case], pack: Pack) -> list[list[Remark]]:
    """What there is to say of each case against what it names, in their order; nothing of programmes that name nothing."""
    return _OF[programme](cases, pack) if programme in _OF and cases else [[] for _case in cases]


_NAMES: Mapping[str, Sequence[tuple[str, str]]] = {
    TRAINING: ((COURSES, "course"),),
    RELOCATION: ((SITES, "site"), (HAMLETS, "hamlet")),
}


def named(programme: str, village: str, own: Own) -> list[Course | SettlementSite | Hamlet]:
    """What a case names and is on file. One query for each column that names something."""
    found: list[Course | SettlementSite | Hamlet] = []
    for register, column in _NAMES.get(programme, ()):
        keys = _keys(register, [(village, 0, own)], column)
        found += registers.on_file(REGISTERS[register], keys).values() if keys else ()
    return found

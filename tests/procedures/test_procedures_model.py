"""Random people take random decisions in every procedure: what the model forbids never succeeds, and nothing gets lost.

The model is written anew, as plain and slow as can be: it shares no line with ``procedures.rules``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from tests.procedures.people import VILLAGE

from jiefa import policy
from jiefa.access.queries import Actor, holder
from jiefa.access.rules import LEVELS, Role
from jiefa.audit import queries as audit
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import JiefaError
from jiefa.procedures import actions
from jiefa.procedures.actions import Opening
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision

PACK = policy.load()
ON = dt.date(2015, 6, 1)
IN_FORCE = sorted(
    name
    for name, versions in PACK.procedures.items()
    if any(v.from_date <= ON and (v.to_date is None or v.to_date >= ON) for v in versions)
)
ELSEWHERE = "520326"
PLACES = {
    "household": VILLAGE,
    "village": VILLAGE,
    "township": VILLAGE[:9],
    "county": VILLAGE[:6],
    "prefecture": VILLAGE[:4],
    "province": VILLAGE[:2],
    "project": VILLAGE,
    "claim": VILLAGE,
}
KINDS = ("approve", "return", "refuse", "withdraw")
OFFICERS = (
    Role.VILLAGE_OFFICER,
    Role.TOWNSHIP_OFFICER,
    Role.COUNTY_OFFICER,
    Role.PREFECTURE_OFFICER,
    Role.PROVINCE_OFFICER,
    Role.AUDITOR,
    Role.HELPER,
)


def _people() -> list[Actor]:
    """Two of every role in the place, one from elsewhere, and one who holds two posts at once."""
    found = []
    for role in OFFICERS:
        level = min(LEVELS[role], key=lambda one: LENGTH_OF_LEVEL[one]) if role is not Role.AUDITOR else Level.PROVINCE
        area = VILLAGE[: LENGTH_OF_LEVEL[level]]
        found += [holder(f"{role.value}-{number}", [(role, area)]) for number in (1, 2)]
    for role in (Role.FINANCE_OFFICER, Role.SUPERVISOR):  # they stand at several levels
        for level in LEVELS[role]:
            area = VILLAGE[: LENGTH_OF_LEVEL[level]]
            found += [holder(f"{role.value}-{level.value}-{number}", [(role, area)]) for number in (1, 2)]
    found.append(holder("elsewhere", [(Role.COUNTY_OFFICER, ELSEWHERE)]))
    found.append(holder("both", [(Role.VILLAGE_OFFICER, VILLAGE), (Role.TOWNSHIP_OFFICER, VILLAGE[:9])]))
    found.append(holder("nobody", []))
    return found


PEOPLE = _people()
SEEN: set[tuple[str, str, str]] = set()
"""What succeeded in any example: that the test went far is part of the test."""


@dataclass
class Model:
    """What a dossier must be, told by the decisions that succeeded."""

    procedure: policy.Procedure
    step: str
    takers: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0
    agreed: set[str] = field(default_factory=set)
    """Who agreed to the step since the dossier came to it: some steps wait for several people."""

    @property
    def closed(self) -> bool:
        return any(end.id == self.step for end in self.procedure.ends)

    def forbids(self, by: Actor, kind: str, opinion: str, facts: dict[str, object], place: str) -> bool:
        """Whether a plain reading of the pack forbids it."""
        if self.closed:
            return True
        step = next(step for step in self.procedure.steps if step.id == self.step)
        desk = place[: LENGTH_OF_LEVEL[step.level]]
        if not any(role.value in step.roles and area == desk for role, area in by.posts):
            return True
        if kind not in step.decisions:
            return True
        if by.name in self.agreed or any(name == by.name and taken in step.not_by for taken, name in self.takers):
            return True
        if kind != "approve":
            return not opinion
        return any(ask.id not in facts for ask in step.asks)

    def happens(self, by: Actor, kind: str) -> None:
        SEEN.add((self.procedure.id, self.step, kind))
        step = next(step for step in self.procedure.steps if step.id == self.step)
        self.count += 1
        if kind == "approve":
            self.takers.append((self.step, by.name))
            self.agreed.add(by.name)
            if len(self.agreed) < step.people:
                return
        self.step = step.decisions[kind]
        self.agreed.clear()


class Offices(RuleBasedStateMachine):
    """Dossiers on their way through the offices of one village, township, county, prefecture and province."""

    dossiers = Bundle("dossiers")

    def __init__(self) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.models: dict[int, Model] = {}
        self._requests = 0

    def teardown(self) -> None:
        assert not audit.verify().faults
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    @rule(target=dossiers, name=st.sampled_from(IN_FORCE), by=st.sampled_from(PEOPLE), rightly=st.booleans())
    def begin(self, name: str, by: Actor, rightly: bool) -> object:
        procedure = PACK.procedure(name, ON)
        place = PLACES[procedure.subject]
        first = procedure.steps[0]
        desk = place[: LENGTH_OF_LEVEL[first.level]]
        if rightly:
            by = next(one for one in PEOPLE if any(r.value in first.roles and a == desk for r, a in one.posts))
        may = any(role.value in first.roles and area == desk for role, area in by.posts)
        opening = Opening(f"applicant:{len(self.models)}", place, "某户", 2015, {"x": 1})
        try:
            dossier = actions.open_dossier(procedure=name, opening=opening, by=by, on=ON, pack=PACK)
        except JiefaError:
            assert not may
            return multiple()
        assert may
        self.models[dossier.pk] = Model(procedure, first.id)
        return dossier.pk

    def _decide(self, key: int, by: Actor, kind: str, opinion: str, complete: bool) -> None:
        model, place = self.models[key], Dossier.objects.values_list("place_code", flat=True).get(pk=key)
        step = next((step for step in model.procedure.steps if step.id == model.step), None)
        facts = {ask.id: _answer(ask.kind) for ask in step.asks} if step and complete else {}
        if step and complete:
            self._lay_in(key, by, step, place)
        self._requests += 1
        forbidden = model.forbids(by, kind, opinion, facts, place)
        try:
            actions.decide(
                dossier_id=key,
                version=None,
                decision=Decision(kind, by.name, by.posts, ON, opinion, facts),
                by=by,
                key=f"request-{self._requests}",
                pack=PACK,
            )
        except JiefaError:
            assert forbidden or kind == "approve", "only a missing paper or notice may still stand in the way"
            assert forbidden or (step is not None and not complete and (step.evidence or step.notice))
            return
        assert not forbidden
        model.happens(by, kind)

    def _lay_in(self, key: int, by: Actor, step: policy.Step, place: str) -> None:
        desk = place[: LENGTH_OF_LEVEL[step.level]]
        if any(role.value in step.roles and area == desk for role, area in by.posts):
            for kind in step.evidence:
                actions.lay_in(dossier_id=key, kind=kind, name="a.pdf", content=b"%PDF-1.7", by=by, pack=PACK)
        if step.notice:
            Dossier.objects.filter(pk=key).update(notice_posted=True, notice_until=ON - dt.timedelta(days=1))

    @rule(
        key=dossiers,
        by=st.sampled_from(PEOPLE),
        kind=st.sampled_from(KINDS),
        opinion=st.sampled_from(("", "理由")),
        complete=st.booleans(),
    )
    def decide(self, key: int, by: Actor, kind: str, opinion: str, complete: bool) -> None:
        self._decide(key, by, kind, opinion, complete)

    @rule(key=dossiers, second=st.booleans())
    def go_on(self, key: int, second: bool) -> None:
        """Somebody whose step it is agrees, so that dossiers get far."""
        model = self.models[key]
        if model.closed:
            return
        takers = self._takers(key)
        self._decide(key, takers[1 if second and len(takers) > 1 else 0], "approve", "", complete=True)

    @rule(key=consumes(dossiers), by=st.sampled_from(PEOPLE))
    def decide_a_last_time(self, key: int, by: Actor) -> None:
        self._decide(key, by, "refuse", "理由", complete=True)

    @rule(key=consumes(dossiers))
    def end_it(self, key: int) -> None:
        """Somebody whose step it is refuses, so that dossiers end that way too however many procedures there are."""
        if not self.models[key].closed:
            self._decide(key, self._takers(key)[0], "refuse", "理由", complete=True)

    def _takers(self, key: int) -> list[Actor]:
        """Who may take the dossier's step."""
        model = self.models[key]
        step = next(step for step in model.procedure.steps if step.id == model.step)
        desk = PLACES[model.procedure.subject][: LENGTH_OF_LEVEL[step.level]]
        return [one for one in PEOPLE if any(role.value in step.roles and area == desk for role, area in one.posts)]

    @invariant()
    def every_dossier_stands_where_the_model_says(self) -> None:
        on_file = {d.pk: d for d in Dossier.objects.filter(pk__in=self.models)}
        assert set(on_file) == set(self.models)
        for key, model in self.models.items():
            assert on_file[key].step == model.step
            assert bool(on_file[key].outcome) == model.closed == (on_file[key].desk == "")

    @invariant()
    def every_decision_is_on_file_once(self) -> None:
        for key, model in self.models.items():
            assert list(StepTaken.objects.filter(dossier=key).order_by("seq").values_list("seq", flat=True)) == list(
                range(1, model.count + 1)
            )


def _answer(kind: str) -> object:
    return {"count": 3, "flag": True, "date": ON, "text": "有"}[kind]


@pytest.mark.django_db
def test_no_forbidden_decision_ever_succeeds_and_nothing_is_lost() -> None:
    run_state_machine_as_test(
        Offices, settings=settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)
    )

    ends = {kind for name, step, kind in SEEN if _closes(name, step, kind)}
    assert "approve" in ends
    assert len(ends) > 1
    assert len({name for name, _, _ in SEEN}) > len(IN_FORCE) // 2


def _closes(name: str, step: str, kind: str) -> bool:
    procedure = PACK.procedure(name, ON)
    return procedure.by_id[step].decisions[kind] in procedure.ends_by_id

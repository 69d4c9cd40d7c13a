"""Procedures: the steps that a matter takes from level to level, who takes each, and where each decision leads.

Read once and checked as a whole: every step can be reached, every step can come to an end, every role exists. How a
dossier moves along them stands in ``jiefa.procedures``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.policy import yaml_source
from jiefa.policy.code_lists import CodeList
from jiefa.policy.errors import NotInForce
from jiefa.policy.yaml_source import Item, Record

DECISIONS = ("approve", "return", "refuse", "withdraw")
OUTCOMES = ("approved", "refused", "withdrawn")
SUBJECTS = ("household", "village", "township", "county", "prefecture", "province", "project", "claim")
IN_ANY_PLACE = frozenset(("household", "project", "claim"))
"""Subjects that may lie in a village."""
LEVELS = MappingProxyType({level.name.lower(): level for level in Level})


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact that the taker of a step has to state: a whole number (``count``), yes or no (``flag``), a ``date`` or ``text``."""

    id: str
    zh: str
    en: str
    kind: str


ASK_KINDS = ("count", "flag", "date", "text")


@dataclass(frozen=True, slots=True)
class Step:
    """One station. ``decisions``: where each decision leads, a step or an end. ``days``: time allowed, None without limit.

    ``not_by``: earlier steps whose taker may not take this one. ``evidence``: kinds that must lie in the file (code list
    ``evidence``). ``notice``: the kind of public notice that must have run its days before ``approve``. ``people``: how
    many different people must approve.
    """

    id: str
    zh: str
    en: str
    level: Level
    roles: tuple[str, ...]
    part: str
    decisions: Mapping[str, str]
    days: int | None
    not_by: tuple[str, ...]
    evidence: tuple[str, ...]
    asks: tuple[Ask, ...]
    notice: str | None
    people: int


@dataclass(frozen=True, slots=True)
class End:
    """How a dossier may end."""

    id: str
    zh: str
    en: str
    outcome: str


@dataclass(frozen=True)
class Procedure:
    """One version of a procedure, in force from ``from_date`` to ``to_date``. A dossier stays with the version it began under."""

    id: str
    zh: str
    en: str
    subject: str
    from_date: dt.date
    to_date: dt.date | None
    reference: str
    assumption: bool
    note: str | None
    steps: tuple[Step, ...]
    ends: tuple[End, ...]

    @property
    def first(self) -> Step:
        """Where a dossier is drawn up; taking it submits the proposal and freezes it."""
        return self.steps[0]

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        return MappingProxyType({step.id: step for step in self.steps})

    @cached_property
    def ends_by_id(self) -> Mapping[str, End]:
        return MappingProxyType({end.id: end for end in self.ends})

    def ways(self) -> Iterator[tuple[str, str, str]]:
        """Every ``(step, decision, target)``, in order."""
        for step in self.steps:
            for decision, target in step.decisions.items():
                yield step.id, decision, target


def load(folder: Path, lists: Mapping[str, CodeList]) -> Mapping[str, tuple[Procedure, ...]]:
    """The versions of every procedure under ``folder`` in order of date, by identifier. Raises ``PolicyError``."""
    found: dict[str, list[tuple[Procedure, Item]]] = {}
    for item in yaml_source.entries(folder, "procedures"):
        procedure = _procedure(item, lists)
        found.setdefault(procedure.id, []).append((procedure, item))
    return MappingProxyType({name: _in_order(versions) for name, versions in found.items()})


def on(versions: Sequence[Procedure], date: dt.date) -> Procedure:
    """The version that held on ``date``. Raises ``NotInForce``."""
    for procedure in reversed(versions):
        if procedure.from_date <= date and (procedure.to_date is None or date <= procedure.to_date):
            return procedure
    first, last = versions[0], versions[-1]
    if date < first.from_date:
        zh, en = f"最早的版本自 {first.from_date} 起", f"the first version begins on {first.from_date}"
    else:
        zh, en = f"最后的版本到 {last.to_date} 为止", f"the last version ended on {last.to_date}"
    raise NotInForce(name=first.id, date=date, why_zh=zh, why_en=en)


def _in_order(versions: list[tuple[Procedure, Item]]) -> tuple[Procedure, ...]:
    ordered = sorted(versions, key=lambda pair: pair[0].from_date)
    for (earlier, _), (later, item) in pairwise(ordered):
        if earlier.from_date == later.from_date or (earlier.to_date and later.from_date <= earlier.to_date):
            raise item.error(
                f"“{later.id}”的两个版本在 {later.from_date} 同时有效，请改日期。",
                f"two versions of {later.id!r} hold on {later.from_date}; mend the dates.",
            )
    return tuple(procedure for procedure, _ in ordered)


def _procedure(item: Item, lists: Mapping[str, CodeList]) -> Procedure:
    record = item.record(
        ["id", "zh", "en", "subject", "from", "reference", "steps", "ends"], ["to", "assumption", "note"]
    )
    _, end = record.period()
    seen: dict[str, Item] = {}
    ends = tuple(_end(entry, seen) for entry in record["ends"].items())
    places = record["steps"].items()
    steps = tuple(_step(entry, seen, lists) for entry in places)
    subject = record["subject"].one_of(SUBJECTS)
    _check_levels(subject, steps, places)
    _check_ways(steps, ends, places)
    return Procedure(
        id=record.text("id"),
        zh=record.text("zh"),
        en=record.text("en"),
        subject=subject,
        from_date=record["from"].date(),
        to_date=end,
        reference=record.text("reference"),
        assumption=record.flag("assumption"),
        note=record.optional("note", Item.text),
        steps=steps,
        ends=ends,
    )


def _end(item: Item, seen: dict[str, Item]) -> End:
    record = item.record(["id", "zh", "en", "outcome"])
    name = yaml_source.unique(seen, record.text("id"), record["id"])
    return End(name, record.text("zh"), record.text("en"), record["outcome"].one_of(OUTCOMES))


def _step(item: Item, seen: dict[str, Item], lists: Mapping[str, CodeList]) -> Step:
    record = item.record(
        ["id", "zh", "en", "level", "roles", "part", "decisions"],
        ["days", "not_by", "evidence", "asks", "notice", "people"],
    )
    name = yaml_source.unique(seen, record.text("id"), record["id"])
    decisions = record["decisions"].record([], DECISIONS)
    if not decisions.fields:
        raise record["decisions"].error("至少要有一种决定。", "At least one decision is needed.")
    return Step(
        id=name,
        zh=record.text("zh"),
        en=record.text("en"),
        level=LEVELS[record["level"].one_of(LEVELS)],
        roles=_codes(record, "roles", "role", lists),
        part=record["part"].one_of(_ids("part", lists)),
        decisions=MappingProxyType({kind: decisions.text(kind) for kind in DECISIONS if kind in decisions.fields}),
        days=record.optional("days", _positive),
        not_by=record.texts("not_by"),
        evidence=_codes(record, "evidence", "evidence", lists),
        asks=tuple(_ask(entry) for entry in (record.optional("asks", Item.items) or ())),
        notice=record.optional("notice", lambda kind: kind.one_of(_ids("notice", lists))),
        people=record.optional("people", _positive) or 1,
    )


def _ids(name: str, lists: Mapping[str, CodeList]) -> tuple[str, ...]:
    return lists[name].ids if name in lists else ()


def _codes(record: Record, key: str, name: str, lists: Mapping[str, CodeList]) -> tuple[str, ...]:
    item = record.fields.get(key)
    return () if item is None else tuple(entry.one_of(_ids(name, lists)) for entry in item.items())


def _positive(item: Item) -> int:
    number = item.integer()
    if number < 1:
        raise item.error("这里应当是正整数。", "A whole number above 0 is needed here.")
    return number


def _ask(item: Item) -> Ask:
    record = item.record(["id", "zh", "en", "kind"])
    return Ask(record.text("id"), record.text("zh"), record.text("en"), record["kind"].one_of(ASK_KINDS))


def _check_levels(subject: str, steps: Sequence[Step], places: Sequence[Item]) -> None:
    lowest = LENGTH_OF_LEVEL[LEVELS["village" if subject in IN_ANY_PLACE else subject]]
    for step, place in zip(steps, places, strict=True):
        if LENGTH_OF_LEVEL[step.level] > lowest:
            raise place.error(
                f"“{step.id}”的级别低于办理对象（{subject}）。",
                f"{step.id!r} stands on a level below its subject ({subject}).",
            )


def _check_ways(steps: Sequence[Step], ends: Sequence[End], places: Sequence[Item]) -> None:
    """Every decision leads where it may, every step can be reached and can come to an end."""
    order = {step.id: at for at, step in enumerate(steps)}
    outcome = {end.id: end.outcome for end in ends}
    for step, place in zip(steps, places, strict=True):
        for decision, target in step.decisions.items():
            _check_target(step, decision, target, order, outcome, place)
        for other in step.not_by:
            if order.get(other, len(order)) >= order[step.id]:
                raise place.error(
                    f"not_by 中的“{other}”不是前面的步骤。",
                    f"{other!r} in not_by is no earlier step of this procedure.",
                )
    _check_reach(steps, places)
    _check_exit(steps, outcome, places)


def _check_target(
    step: Step, decision: str, target: str, order: Mapping[str, int], outcome: Mapping[str, str], place: Item
) -> None:
    fits = {
        "approve": order.get(target, -1) > order[step.id] or outcome.get(target) == "approved",
        "return": target in order and order[target] < order[step.id],
        "refuse": outcome.get(target) == "refused",
        "withdraw": outcome.get(target) == "withdrawn",
    }
    if not fits[decision]:
        raise place.error(
            f"“{step.id}”的 {decision} 不能到“{target}”：同意应到后面的步骤或同意的终点，退回应到前面的步骤，不同意、撤回应到相应终点。",
            f"{decision} of {step.id!r} cannot lead to {target!r}: approve leads on or to an approved end, return leads back, "
            "refuse and withdraw lead to ends of that outcome.",
        )


def _check_reach(steps: Sequence[Step], places: Sequence[Item]) -> None:
    reached = {steps[0].id}
    # Only approval leads on, and only to later steps: one pass in order finds all that can be reached.
    for step, place in zip(steps, places, strict=True):
        if step.id not in reached:
            raise place.error(f"没有步骤通到“{step.id}”。", f"No step leads on to {step.id!r}.")
        reached.update(step.decisions.values())


def _check_exit(steps: Sequence[Step], outcome: Mapping[str, str], places: Sequence[Item]) -> None:
    closing: set[str] = set(outcome)
    while True:
        more = {step.id for step in steps if step.id not in closing and closing & set(step.decisions.values())}
        if not more:
            break
        closing |= more
    for step, place in zip(steps, places, strict=True):
        if step.id not in closing:
            raise place.error(f"从“{step.id}”走不到任何终点。", f"No end can be reached from {step.id!r}.")

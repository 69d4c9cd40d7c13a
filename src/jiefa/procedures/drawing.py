"""A procedure as a drawing: its edges sorted onto rails beside the column of steps, and as Mermaid text.

Pure functions over one version of a procedure; where lines and words stand on a page is decided there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jiefa.kernel.errors import Language, Words
from jiefa.policy import Pack, Procedure, Step


@dataclass(frozen=True, slots=True)
class Rail:
    """One line beside the column of steps. ``sources`` lead to ``target`` on track ``track``, counted outwards from 0."""

    decision: str
    sources: tuple[str, ...]
    target: str
    track: int


@dataclass(frozen=True, slots=True)
class Tracks:
    """The lines of a procedure: ``straight`` go one place down, ``left`` lead back, ``right`` lead past steps or out."""

    straight: tuple[tuple[str, str], ...]
    left: tuple[Rail, ...]
    right: tuple[Rail, ...]


def order(procedure: Procedure) -> list[str]:
    """Steps from the first to the last, then the ends: approved ones before others."""
    ends = sorted(procedure.ends, key=lambda end: end.outcome != "approved")
    return [step.id for step in procedure.steps] + [end.id for end in ends]


def tracks(procedure: Procedure) -> Tracks:
    """Every way of the procedure, those with the same decision and target joined to one rail; no two rails overlap."""
    at = {name: place for place, name in enumerate(order(procedure))}
    joined: dict[tuple[str, str], list[str]] = {}
    straight = []
    for step, decision, target in procedure.ways():
        if decision == "approve" and at[target] == at[step] + 1:
            straight.append((step, target))
        else:
            joined.setdefault((decision, target), []).append(step)
    back = [way for way in joined if way[0] == "return"]
    on = [way for way in joined if way[0] != "return"]
    return Tracks(tuple(straight), _laid(back, joined, at), _laid(on, joined, at))


def _laid(
    ways: Sequence[tuple[str, str]], joined: dict[tuple[str, str], list[str]], at: dict[str, int]
) -> tuple[Rail, ...]:
    """Rails on the innermost track that is free over their whole length, the short ones first."""
    taken: list[list[tuple[int, int]]] = []
    rails = []
    for way in sorted(ways, key=lambda way: _length(way, joined, at)):
        decision, target = way
        span = _span(way, joined, at)
        track = next((n for n, spans in enumerate(taken) if not _overlaps(span, spans)), len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].append(span)
        rails.append(Rail(decision, tuple(joined[way]), target, track))
    return tuple(rails)


def _span(way: tuple[str, str], joined: dict[tuple[str, str], list[str]], at: dict[str, int]) -> tuple[int, int]:
    places = [at[way[1]], *(at[step] for step in joined[way])]
    return min(places), max(places)


def _length(way: tuple[str, str], joined: dict[tuple[str, str], list[str]], at: dict[str, int]) -> tuple[int, int]:
    first, last = _span(way, joined, at)
    return last - first, first


def _overlaps(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    # A rail leaves a place above where the next one enters it: two may meet in a place without touching.
    return any(span[0] < last and first < span[1] for first, last in spans)


def mermaid(procedure: Procedure, pack: Pack, language: Language) -> str:
    """The procedure as a Mermaid ``stateDiagram-v2``: steps with who takes them and in how many days, ways with decisions."""
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [f'    state "{_named(step, pack, language)}" as {step.id}' for step in procedure.steps]
    lines += [f'    state "{_plain(Words.of(end).say(language))}" as {end.id}' for end in procedure.ends]
    lines.append(f"    [*] --> {procedure.first.id}")
    decisions = pack.codes("decision")
    lines += [
        f"    {step} --> {target} : {decisions.label(decision, language)}"
        for step, decision, target in procedure.ways()
    ]
    lines += [f"    {end.id} --> [*]" for end in procedure.ends]
    return "\n".join(lines) + "\n"


def _named(step: Step, pack: Pack, language: Language) -> str:
    roles = Words.listed(pack.codes("role").by_id[role] for role in step.roles).say(language)
    parts = [roles]
    if step.days is not None:
        parts.append(f"{step.days}天" if language == "zh" else f"{step.days} days")
    inside = ("，" if language == "zh" else ", ").join(parts)
    name = _plain(Words.of(step).say(language))
    return f"{name}（{inside}）" if language == "zh" else f"{name} ({inside})"


def _plain(text: str) -> str:
    """``text`` without what would end a Mermaid label."""
    return text.replace('"', "'")

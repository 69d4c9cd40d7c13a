"""A procedure as a drawing: every way is drawn once, no two rails run over one another, Mermaid text says it all."""

from __future__ import annotations

import datetime as dt
import re
from itertools import combinations

import pytest

from jiefa import policy
from jiefa.policy import Pack, Procedure
from jiefa.procedures import drawing

VERSIONS = [version for versions in policy.load().procedures.values() for version in versions]


def identity(version: Procedure) -> str:
    return f"{version.id}-{version.from_date}"


@pytest.mark.parametrize("version", VERSIONS, ids=identity)
def test_every_way_is_drawn_once(version: Procedure) -> None:
    drawn = drawing.tracks(version)

    ways = [(step, "approve", target) for step, target in drawn.straight]
    ways += [(step, rail.decision, rail.target) for rail in drawn.left + drawn.right for step in rail.sources]
    assert sorted(ways) == sorted(version.ways())


@pytest.mark.parametrize("version", VERSIONS, ids=identity)
def test_rails_of_one_track_do_not_overlap(version: Procedure) -> None:
    at = {name: place for place, name in enumerate(drawing.order(version))}

    def span(rail: drawing.Rail) -> tuple[int, int]:
        places = [at[rail.target], *(at[step] for step in rail.sources)]
        return min(places), max(places)

    drawn = drawing.tracks(version)
    for side in (drawn.left, drawn.right):
        for one, other in combinations(side, 2):
            if one.track == other.track:
                assert span(one)[1] <= span(other)[0] or span(other)[1] <= span(one)[0]


@pytest.mark.parametrize("version", VERSIONS, ids=identity)
def test_returns_are_at_the_left_and_ends_after_the_steps(version: Procedure) -> None:
    drawn = drawing.tracks(version)

    assert {rail.decision for rail in drawn.left} <= {"return"}
    assert "return" not in {rail.decision for rail in drawn.right}
    assert drawing.order(version)[: len(version.steps)] == [step.id for step in version.steps]


@pytest.mark.parametrize("version", VERSIONS, ids=identity)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_mermaid_text_names_every_place_and_way(version: Procedure, language: str, pack: Pack) -> None:
    text = drawing.mermaid(version, pack, "zh" if language == "zh" else "en")

    lines = text.splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert f"    [*] --> {version.first.id}" in lines
    named = re.findall(r'state "([^"]+)" as (\w+)', text)
    assert [name for _label, name in named] == [p.id for p in (*version.steps, *version.ends)]
    ways = re.findall(r"^    (\w+) --> (\w+) : .+$", text, flags=re.MULTILINE)
    assert ways == [(step, target) for step, _decision, target in version.ways()]


def test_mermaid_text_says_who_and_in_how_many_days(pack: Pack) -> None:
    version = pack.procedure("identification", dt.date(2015, 1, 1))

    zh, en = drawing.mermaid(version, pack, "zh"), drawing.mermaid(version, pack, "en")

    assert 'state "民主评议（村工作人员，15天）" as appraisal' in zh
    assert "appraisal --> application : 退回" in zh
    assert 'state "Village appraisal (Village officer, 15 days)" as appraisal' in en
    assert "county_review --> refused : Refuse" in en

"""Procedures are checked when the pack is loaded: where each decision leads, who takes each step, from when on."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from jiefa import policy
from jiefa.access.rules import LEVELS, Role
from jiefa.policy.errors import NotInForce, PolicyError, UnknownPolicy
from jiefa.policy.pack import DEFAULT_FOLDER

PROCEDURE = """\
procedures:
  - id: test
    zh: 试
    en: Test
    subject: household
    from: 2015-01-01
    reference: 约定
    steps:
      - id: apply
        zh: 申请
        en: Apply
        level: village
        roles: [village_officer]
        part: applicant
        decisions: {approve: review, withdraw: withdrawn}
      - id: review
        zh: 审核
        en: Review
        level: township
        roles: [township_officer]
        part: reviewer
        days: 15
        not_by: [apply]
        evidence: [minutes]
        notice: first_list
        asks:
          - {id: present, zh: 人数, en: Present, kind: count}
        decisions: {approve: "yes", return: apply, refuse: "no"}
    ends:
      - {id: "yes", zh: 是, en: "Yes", outcome: approved}
      - {id: "no", zh: 否, en: "No", outcome: refused}
      - {id: withdrawn, zh: 撤, en: Withdrawn, outcome: withdrawn}
"""


def load(folder: Path, text: str) -> policy.Pack:
    """The pack of Guizhou with these procedures in place of its own."""
    shutil.copytree(DEFAULT_FOLDER, folder / "pack")
    shutil.rmtree(folder / "pack" / "procedures")
    (folder / "pack" / "procedures").mkdir()
    (folder / "pack" / "procedures" / "test.yaml").write_text(text, encoding="utf-8")
    return policy.load(folder / "pack")


def test_sound_procedure_is_read(tmp_path: Path) -> None:
    procedure = load(tmp_path, PROCEDURE).procedure("test", dt.date(2016, 1, 1))

    assert [step.id for step in procedure.steps] == ["apply", "review"]
    assert list(procedure.ways())[-1] == ("review", "refuse", "no")
    assert procedure.by_id["review"].days == 15


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("approve: review, withdraw", "approve: nowhere, withdraw", 9, "nowhere"),
        ("approve: review, withdraw: withdrawn", "withdraw: withdrawn", 16, "No step leads on to 'review'"),
        ('{approve: "yes", return: apply', '{approve: "no", return: apply', 16, "cannot lead to 'no'"),
        ("return: apply, refuse", "return: review, refuse", 16, "return of 'review'"),
        ('refuse: "no"}', 'refuse: "yes"}', 16, "refuse of 'review'"),
        ("approve: review, withdraw", "approve: apply, withdraw", 9, "approve of 'apply'"),
        ("roles: [township_officer]", "roles: [mayor]", 20, "mayor"),
        ("part: reviewer", "part: judge", 21, "judge"),
        ("evidence: [minutes]", "evidence: [rumour]", 24, "rumour"),
        ("notice: first_list", "notice: whisper", 25, "whisper"),
        ("not_by: [apply]", "not_by: [later]", 16, "later"),
        ("kind: count", "kind: feeling", 27, "feeling"),
        ("days: 15", "days: 0", 22, "above 0"),
        ("subject: household", "subject: county", 9, "below its subject"),
        ("id: review", "id: apply", 16, "already stands"),
        ("outcome: approved", "outcome: glory", 30, "glory"),
    ],
)
def test_fault_is_named_with_its_line(old: str, new: str, line: int, said: str, tmp_path: Path) -> None:
    assert old in PROCEDURE

    with pytest.raises(PolicyError) as fault:
        load(tmp_path, PROCEDURE.replace(old, new, 1))

    message = fault.value.message("en")
    assert f"test.yaml, line {line}:" in message
    assert said in message


def test_procedure_that_goes_round_for_ever_is_refused(tmp_path: Path) -> None:
    round_about = PROCEDURE.replace('{approve: "yes", return: apply, refuse: "no"}', "{return: apply}")

    with pytest.raises(PolicyError, match="走不到任何终点"):
        load(tmp_path, round_about.replace(", withdraw: withdrawn", ""))


def test_two_versions_may_not_hold_at_once(tmp_path: Path) -> None:
    second = PROCEDURE.split("procedures:\n", 1)[1].replace("2015-01-01", "2016-01-01")

    def until(day: str) -> str:
        return PROCEDURE.replace("    reference", f"    to: {day}\n    reference", 1) + second

    load(tmp_path / "one", until("2015-12-31"))
    with pytest.raises(PolicyError, match="2016-01-01"):
        load(tmp_path / "two", until("2016-06-30"))


def test_day_without_a_version_is_refused() -> None:
    pack = policy.load()

    with pytest.raises(NotInForce):
        pack.procedure("identification", dt.date(2013, 12, 31))
    with pytest.raises(NotInForce):
        pack.procedure("county_delisting", dt.date(2016, 1, 1))
    with pytest.raises(UnknownPolicy):
        pack.procedure("identifikation", dt.date(2015, 1, 1))


def test_roles_of_the_pack_are_those_of_the_code() -> None:
    assert set(policy.load().codes("role").ids) == {role.value for role in Role}


def test_every_step_can_be_taken_by_a_post_of_its_level() -> None:
    for versions in policy.load().procedures.values():
        for procedure in versions:
            for step in procedure.steps:
                assert any(step.level in LEVELS[Role(role)] for role in step.roles), (procedure.id, step.id)


def test_who_decides_is_never_who_proposed() -> None:
    """Maker is not checker. An objection is not proposed by an officer: who may answer it is told by ``disclosure``."""
    for versions in policy.load().procedures.values():
        for procedure in versions:
            for step in procedure.steps[1:]:
                if step.part == "approver" and not procedure.id.startswith("objection"):
                    assert procedure.first.id in step.not_by, (procedure.id, step.id)

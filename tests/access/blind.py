"""The independent evaluation in the walk: who evaluates sees his own sample alone and nothing of what the register says in it; nobody
else sees a sample in the field but the office that ordered it. On pages, in workbooks and in commands."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.access.evaluated import EVALUATOR
from tests.access.tables import INSIDE
from typer.testing import CliRunner

from jiefa.access.models import Post, User
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.cli import app as command_line

P = Permission
KNOWN = ("脱贫", "错退", "错评", "漏评", "疑似", "wrongly", "missed", "exited")
"""Words by which a page would say what the register says of a household."""
SECOND = "evaluator2"
IN_FIELD = ("sheets", "answers", "replace", "hand-over")
"""Pages that belong to the work in the field."""
COMMANDS: tuple[tuple[str, bool], ...] = (
    # Arguments, and whether it is the work of the sample's evaluator; else it is what came of it.
    ("sheets {sample} -o {folder}/sheets.xlsx", True),
    ("replace {sample} 99 --reason away", True),
    ("answers {sample} {folder}/answers.xlsx", True),
    ("estimate {sample}", False),
    ("discrepancies {sample}", False),
)
REFUSED = ("NotAllowed", "SampleUnknown", "NotHandedOver", "Blind")


def second_evaluator() -> str:
    """Somebody else who evaluates in the same county."""
    user = User.objects.create(username=SECOND, must_change_password=False)
    Post.objects.create(user=user, role="evaluator", area_id=INSIDE, from_date="2015-01-01")
    return SECOND


def text(answer: HttpResponse) -> str:
    """What a page or a workbook says, without the frame of the sample, which is of the whole county."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    before, _, rest = body.decode().partition('id="frame"')
    return before + rest.partition("</section>")[2]


def walk(
    planted: Mapping[str, Any],
    usernames: list[str],
    signed_in: Callable[[str], tuple[Client, Actor]],
    folder: Path,
) -> list[str]:
    """What was wrong. ``planted`` names ``field_sample``, in the field, and ``handed_sample``, handed over, both of ``EVALUATOR``."""
    wrong = []
    for username in usernames:
        client, actor = signed_in(username)
        orders = actor.may(P.EVALUATION_ORDER, INSIDE)
        reads = actor.may(P.EVALUATION_VIEW, INSIDE)
        own = username == EVALUATOR
        field, handed = planted["field_sample"], planted["handed_sample"]
        expected = {
            ("", field): own or orders,
            ("", handed): own or orders or reads,
            ("-estimates-export", field): orders,
            ("-estimates-export", handed): own or orders or reads,
            ("-discrepancies-export", field): orders,
            ("-discrepancies-export", handed): orders or reads,
            **{(f"-{name}", field): own for name in IN_FIELD},
        }
        for (name, sample), may in expected.items():
            answer = client.get(reverse(f"site:evaluation{name}", args=[sample]))
            if answer.status_code not in ((200,) if may else (403, 404)):
                wrong.append(f"{username} at evaluation{name} {sample}: {answer.status_code}")
            # Of one's own sample handed over the page may name what was measured, but no household.
            if own and answer.status_code == 200 and sample == field:
                found = text(answer)
                wrong += [f"{username} read {word} at evaluation{name}" for word in KNOWN if word in found]
        wrong += _commands(field, actor, own, orders, folder)
    return wrong


def _commands(sample: int, actor: Actor, own: bool, orders: bool, folder: Path) -> list[str]:
    wrong = []
    (folder / "answers.xlsx").write_bytes(b"no workbook")
    for arguments, in_field in COMMANDS:
        words = arguments.format(sample=sample, folder=folder).split()
        result = CliRunner().invoke(command_line.build("sample"), ["sample", *words, "--json", "--as", actor.name])
        refused = type(result.exception).__name__ in REFUSED
        if refused is (own if in_field else orders):
            wrong.append(f"{actor.name}: jiefa sample {arguments}: {result.exception!r}")
        if own and not in_field and result.output.strip():
            wrong.append(f"{actor.name}: jiefa sample {arguments} said {result.output}")
    listed = CliRunner().invoke(command_line.build("sample"), ["sample", "list", "--json", "--as", actor.name])
    if (f'"sample": {sample},' in listed.output) is not (own or orders):
        wrong.append(f"{actor.name}: jiefa sample list: {listed.output or listed.exception!r}")
    return wrong

"""The hotline in the walk: who called is opened by the keeper alone; whom a complaint is about finds it nowhere, by no page, command or number."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.access import secret
from tests.access.tables import INSIDE
from typer.testing import CliRunner

from jiefa.access.queries import Actor
from jiefa.cli import app as command_line

COMPLAINTS = ("complaint", "county_complaint")
"""Against the village, kept by its county; against the county, kept by the prefecture and looked into by its office."""
KEEP = {"complaint": {"bao", "mi"}, "county_complaint": {"mi"}}
"""Who opens the caller. ``bao`` keeps the county's complaints and belongs to the county."""
SEE = {"complaint": {"bao", "mi"}, "county_complaint": {"mi", "qian"}}
LATE = {"complaint": set[str](), "county_complaint": {"zhao", "lu"}}
"""Who learns that it is overdue below and no more: those of the province's office, of what the prefecture's looks into."""
DESK = frozenset(("zhao", "lu", "qian", "wang", "zhou", "sunx", "tang", "wei", "ji", "bao", "mi"))
"""Who keeps complaints or belongs to a unit that may look into them."""
LISTS = ("mine", "late", "all")
COMMANDS = (
    "list",
    "list --view mine",
    "list --view late",
    "list --state overdue",
    "statistics --by category",
    "statistics --by level",
)
SignIn = Callable[[str], tuple[Client, Actor]]


def told(text: str) -> list[str]:
    """What of the caller's secrets the text says."""
    return [word for word in secret.SECRETS if word in text]


def read(answer: Any) -> str:
    """The text of a response; of a workbook, what its sheets say."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return body.decode("utf-8", "replace")


def belongs(actor: Actor) -> bool:
    """Whether the person holds a post in the county complained of, or inside it."""
    return any(area.startswith(INSIDE) for _role, area in actor.posts)


def walk(planted: Mapping[str, Any], usernames: Collection[str], signed_in: SignIn) -> list[str]:
    """What was wrong. ``planted``: what ``secret.plant`` names, of a village of the county ``INSIDE``."""
    wrong = []
    # The keepers first: after their looks there are entries of the log that somebody might find.
    for username in sorted(usernames, key=lambda name: name not in KEEP["complaint"]):
        client, actor = signed_in(username)
        for which in COMPLAINTS:
            wrong += _one(client, username, which, planted)
        wrong += _lists(client, username, actor, planted)
        wrong += _commands(username, actor, planted)
    return wrong


def _one(client: Client, username: str, which: str, planted: Mapping[str, Any]) -> list[str]:
    """The pages of one complaint; who called, asked for as the keeper does it."""
    wrong = []
    receipt, file = planted[which], planted[f"{which}_file"]
    sees, keeps = username in SEE[which], username in KEEP[which]
    for name, arguments, may in (
        ("hotline-complaint", [receipt], sees),
        ("hotline-file", list(file), sees),
        ("hotline-caller", [receipt], keeps),
    ):
        answer = client.get(reverse(f"site:{name}", args=arguments))
        if answer.status_code not in ((200,) if may else (403, 404)):
            wrong.append(f"{username} at {name} of the {which}: {answer.status_code}")
        if told(read(answer)):
            wrong.append(f"{username} was told who called at {name} of the {which}")
    url = reverse("site:hotline-caller", args=[receipt])
    refused = client.post(url, {"reason": "ask", "note": ""})
    opened = client.post(url, {"reason": "ask", "note": "核实"})
    if told(read(refused)):
        wrong.append(f"{username} was told without a reason who called, of the {which}")
    if keeps and (opened.status_code != 200 or told(read(opened)) != list(secret.SECRETS)):
        wrong.append(f"{username} keeps the {which} and does not read who called: {opened.status_code}")
    if not keeps and (opened.status_code not in (403, 404) or told(read(opened))):
        wrong.append(f"{username} asked who called, of the {which}: {opened.status_code}")
    step = client.post(reverse("site:hotline-complaint", args=[receipt]), {"step": "pass_on", "pass_on-text": ""})
    if not sees and step.status_code not in (403, 404):
        wrong.append(f"{username} tried a step of the {which}: {step.status_code}")
    return wrong


def _may_name(username: str, which: str, where: str) -> bool:
    return username in SEE[which] or (where == "late" and username in LATE[which])


def _lists(client: Client, username: str, actor: Actor, planted: Mapping[str, Any]) -> list[str]:
    """Lists, search, and for whoever belongs to the county every page where a number might stand."""
    wrong = []
    url = reverse("site:hotline")
    for view in LISTS:
        answer = client.get(f"{url}?view={view}")
        text = read(answer)
        if answer.status_code != (200 if username in DESK else 403):
            wrong.append(f"{username} at the list {view}: {answer.status_code}")
        for which in COMPLAINTS:
            named, may = planted[which] in text, _may_name(username, which, view)
            if named and not may:
                wrong.append(f"{username} found the {which} in the list {view}")
            if may and not named and view in ("all", "late") and (view == "late") is (username in LATE[which]):
                wrong.append(f"{username} does not find the {which} in the list {view}")
            if (
                named
                and reverse("site:hotline-complaint", args=[planted[which]]) in text
                and username not in SEE[which]
            ):
                wrong.append(f"{username} was given the address of the {which}")
    pages = [f"{reverse('site:search')}?q={planted[which]}" for which in COMPLAINTS]
    if belongs(actor):
        pages += [reverse(f"site:{name}") for name in ("home", "audit", "hotline-statistics", "hotline-export")]
        pages += [reverse(f"site:{name}") for name in ("supervision", "violations", "dossiers")]
    for page in pages:
        text = read(client.get(page))
        linked = re.findall(r'href="[^"]*/hotline/complaints/([^"/]+)', text)
        wrong += [
            f"{username} found the {which} at {page}"
            for which in COMPLAINTS
            if username not in SEE[which]
            and (planted[which] in linked or ("?q=" not in page and planted[which] in text))
        ]
    return wrong


def _commands(username: str, actor: Actor, planted: Mapping[str, Any]) -> list[str]:
    wrong = []
    for arguments in COMMANDS:
        words = ["hotline", *arguments.split(), "--json", "--as", username]
        result = CliRunner().invoke(command_line.build("hotline"), words)
        keeps = username in KEEP["complaint"]
        may = username in DESK if arguments.startswith("list") else keeps
        if (type(result.exception).__name__ == "NotAllowed") is may:
            wrong.append(f"{username}: jiefa hotline {arguments}: {result.exception!r}")
        if told(result.output):
            wrong.append(f"{username} was told who called by jiefa hotline {arguments}")
        where = "late" if "late" in arguments else "all"
        for which in COMPLAINTS:
            if planted[which] in result.output and not _may_name(username, which, where):
                wrong.append(f"{username} found the {which} by jiefa hotline {arguments}")
            if arguments == "list" and username in SEE[which] and planted[which] not in result.output:
                wrong.append(f"{username} does not find the {which} by jiefa hotline list")
        if where == "late" and username not in SEE["county_complaint"] and '"about"' in result.output:
            wrong.append(f"{username} was told where the overdue happened")
    return wrong

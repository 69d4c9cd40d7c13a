"""Rosters as workbooks, sent in as an officer sends them, followed until they are read."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.registry import rosters

from jiefa import policy, sheets
from jiefa.registry import roster
from jiefa.registry.models import Batch

YEAR = 2015
PATIENCE = 60
Family = tuple[rosters.Row, list[rosters.Row]]


def workbook(path: Path, families: Iterable[Family]) -> Path:
    """The product's own workbook, filled in with these households and their members."""
    families = list(families)
    pack = policy.load()
    rows = {
        roster.HOUSEHOLDS: [home for home, _people in families],
        roster.MEMBERS: [person for _home, people in families for person in people],
    }
    sheets.write_template(path, roster.specs(pack, YEAR), title=pack.form("roster").zh, rows=rows)
    return path


def send(client: Client, path: Path) -> Any:
    """The answer to the posted file."""
    return client.post(reverse("site:import-new"), {"file": SimpleUploadedFile(path.name, path.read_bytes())})


def followed(client: Client, sent: Any) -> Any:
    """The last answer of the progress page, which says that the file has become a batch or was not taken."""
    assert sent.status_code == 302
    url = f"{sent['Location']}progress/"
    until = time.monotonic() + PATIENCE
    while True:
        answer = client.get(url)
        assert answer.status_code == 200
        if "HX-Redirect" in answer or "HX-Refresh" in answer:
            return answer
        assert time.monotonic() < until, "still being read"
        time.sleep(0.2)


def taken(client: Client, path: Path) -> Batch:
    """The batch that the file became."""
    read = followed(client, send(client, path))
    batch = Batch.objects.order_by("-pk")[0]
    assert read["HX-Redirect"] == reverse("site:import", args=[batch.pk])
    return batch

"""The ledger on its page and on the command line: what stands there, what contradicts, and that every figure opens what is counted."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse
from tests.journeys.office import SHARES_PROVINCE
from tests.site import county, pages
from typer.testing import CliRunner

from jiefa import policy
from jiefa.cli import app
from jiefa.ledger.queries import ledger as queries
from jiefa.site.synthetic import mark_file

pytestmark = [SHARES_PROVINCE, pytest.mark.usefixtures("demonstration")]
KEYS = {"id", "stated", "scaled", "computed", "agrees", "formula", "as_of", "note"}
LEDGER, ROWS, EXPORT = (reverse(f"site:{name}") for name in ("ledger", "ledger-rows", "ledger-export"))


def counted() -> list[queries.Row]:
    return queries.rows(policy.load(), Path(settings.JIEFA_HOME), queries.scale_of(mark_file()))


def test_the_command_gives_every_figure_with_the_keys_of_its_contract() -> None:
    result = CliRunner().invoke(app.build("ledger"), ["ledger", "--json"])

    lines: list[dict[str, Any]] = json.loads(result.stdout)
    assert [line["id"] for line in lines] == [figure.id for figure in policy.load().stated_figures()]
    assert all(set(line) == KEYS for line in lines)
    by_id = {line["id"]: line for line in lines}
    assert by_id["P01"]["stated"] == 1_000_000
    assert by_id["P01"]["scaled"] == 1_000
    assert by_id["P01"]["agrees"] is True
    assert "493万−335万=158万" in by_id["P05"]["note"]


def test_the_page_shows_stated_and_counted_and_where_sources_contradict() -> None:
    rows = {row.figure.id: row for row in counted()}
    zhao = county.signed_in("zhao")

    assert f'hx-get="{ROWS}' in zhao.get(LEDGER).content.decode()
    page = zhao.get(ROWS)

    said = pages.text(page)
    shown = {row["id"]: row for group in page.context["groups"] for row in group["rows"]}
    assert set(shown) == set(rows)
    for identity, row in rows.items():
        assert (shown[identity]["counted"], shown[identity]["difference"]) == (row.counted, row.difference)
        assert (row.figure.note_zh or "") in said
    assert page.context["agree"] == sum(row.agrees is True for row in rows.values())
    beside = rows["P05"].beside
    assert beside is not None
    assert beside[0] == "kind_two_none_people"
    assert shown["P05"]["beside"]["value"] == beside[1] > 0
    assert county.signed_in("helper").get(ROWS).status_code == 403


def test_every_figure_opens_what_is_counted() -> None:
    zhao = county.signed_in("zhao")
    shown = [row for group in zhao.get(ROWS).context["groups"] for row in group["rows"]]

    assert not [row["id"] for row in shown if not row["url"]]
    for url in sorted({row["url"] for row in shown} | {row["beside"]["url"] for row in shown if row["beside"]}):
        answer = zhao.get(url)
        assert answer.status_code == 200, url
    by_id = {row["id"]: row["url"] for row in shown}
    poor_villages = zhao.get(by_id["R02"])
    stated = next(row for row in counted() if row.figure.id == "R02")
    assert poor_villages.context["count"] == stated.counted
    assert len(poor_villages.context["rows"]) == 100
    second = zhao.get(poor_villages.context["next_url"])
    first_codes, more_codes = ({row["code"] for row in each.context["rows"]} for each in (poor_villages, second))
    assert len(more_codes) == 100
    assert max(first_codes) < min(more_codes)
    assert re.search(r"/plans/\d+/", by_id["P01"])
    assert re.search(r"/rounds/\d+/", by_id["V01"])


def test_the_workbook_holds_what_was_counted() -> None:
    answer = county.signed_in("zhao").get(EXPORT)
    _titles, *lines = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values

    rows = counted()
    assert [line[0] for line in lines] == [row.figure.id for row in rows]
    assert [line[6] for line in lines] == [None if row.counted is None else float(row.counted) for row in rows]


def test_designations_of_another_kind_are_none() -> None:
    zhao, wang = county.signed_in("zhao"), county.signed_in("wang")

    assert zhao.get(reverse("site:designations")).status_code == 404
    assert zhao.get(f"{reverse('site:designations')}?kind=poor").status_code == 404
    own = wang.get(f"{reverse('site:designations')}?kind=poor_village&year=2015")
    assert {row["code"][:6] for row in own.context["rows"]} == {county.COUNTY}
    empty = wang.get(f"{reverse('site:designations')}?kind=poor_village&year=1999")
    assert empty.status_code == 200

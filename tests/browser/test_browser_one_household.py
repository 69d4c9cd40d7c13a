"""One household from the form of its application to its exit, as six people see it: village, township, two of the county, a neighbour
who objects, an auditor. Everything is clicked; only the days pass by the test's hand.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.serving import served
from tests.browser.visiting import PATIENCE, signed_in
from tests.journeys.office import SHARES_PROVINCE, province

from jiefa import policy, sheets
from jiefa.demo import pending
from jiefa.registry import roster

pytestmark = [pytest.mark.browser, SHARES_PROVINCE]

PACK = policy.load()
HEAD = "骆明贵"
NUMBER = f"{pending.VILLAGE}95001"
PAPER = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 paper"}
NOTICE_DAYS = 9
"""More than a notice hangs, with the day of posting."""


@dataclass
class Story:
    """The office, the day it is there, and who has had a hand in it."""

    browser: Browser
    address: str
    day_file: Path
    day: dt.date
    people: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    _pages: dict[str, tuple[Page, list[str]]] = field(default_factory=dict)

    def pass_days(self, days: int) -> None:
        self.be(self.day + dt.timedelta(days=days))

    def be(self, day: dt.date) -> None:
        for page, _errors in self._pages.values():
            page.context.close()
        self._pages.clear()
        self.day = day
        self.day_file.write_text(day.isoformat(), encoding="utf-8")

    def as_(self, username: str) -> Page:
        """The page of somebody, who signs in once a day."""
        self.people.add(username)
        if username not in self._pages:
            page, errors = signed_in(self.browser, self.address, username, 1440)
            page.on("dialog", lambda dialog: dialog.accept())
            self._pages[username] = page, errors
        page, self.errors = self._pages[username]
        return page

    def visitor(self) -> Page:
        self.people.add("a visitor without an account")
        page = self.browser.new_context(viewport={"width": 390, "height": 800}).new_page()
        page.set_default_timeout(PATIENCE)
        return page

    def open(self, page: Page, path: str) -> None:
        answer = page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"


@pytest.fixture
def story(browser: Browser, tmp_path: Path) -> Iterator[Story]:
    """The small province of its own, on 11 January 2016."""
    home = tmp_path / "office"
    shutil.copytree(province().home, home)
    day_file = tmp_path / "day"
    day_file.write_text("2016-01-11", encoding="utf-8")
    with served(home, day_file) as base:
        yield Story(browser, base, day_file, dt.date(2016, 1, 11))


def roster_file(folder: Path, year: int, **facts: object) -> Path:
    """The workbook of one household of the year, with ``facts`` on its card."""
    household, members = pending.family(pending.FAMILIES[0], 0, NUMBER, year)
    path = folder / f"roster-{year}.xlsx"
    rows = {roster.HOUSEHOLDS: [household | facts], roster.MEMBERS: members}
    sheets.write_template(path, roster.specs(PACK, year), title=PACK.form("roster").zh, rows=rows)
    return path


def take_in(story: Story, path: Path) -> None:
    """One county officer uploads, the other accepts."""
    page = story.as_("wang")
    story.open(page, "/imports/new/")
    page.set_input_files("input[name=file]", path)
    page.click("main form button[type=submit]")
    page.wait_for_selector(".counts")
    assert page.locator(".counts .bad").count() == 0, page.inner_text("main")
    batch = page.url
    page = story.as_("zhou")
    page.goto(batch)
    page.click("button[name=decision][value=accept]")
    page.wait_for_selector(".note-good")


def decide(story: Story, username: str, dossier: str, do: str = "approve", **facts: object) -> Page:
    """One step of the dossier on its own page, with the papers that it asks for."""
    page = story.as_(username)
    story.open(page, dossier)
    for name, value in facts.items():
        if isinstance(value, bool):
            page.check(f"input[name=fact_{name}][value={'yes' if value else 'no'}]")
        else:
            page.fill(f"[name=fact_{name}]", str(value))
    for needed in page.locator(".needed-file input[type=file]").all():
        needed.set_input_files([PAPER])
    page.fill("textarea[name=opinion]", "情况属实")
    before = page.locator("ol.dossier-stages .stage-now").inner_text()
    page.click(f"button[name=do][value={do}]")
    page.wait_for_load_state()
    assert page.locator(".note-alarm").count() == 0, page.inner_text(".note-alarm")
    after = page.locator("ol.dossier-stages .stage-now")
    assert after.count() == 0 or after.inner_text() != before
    return page


def publish(story: Story, username: str) -> str:
    """The list that waits is published; the path of its public page."""
    page = story.as_(username)
    story.open(page, "/notices/post/")
    page.click("button[name=all]")
    page.wait_for_selector("input[name=seen]", state="attached")
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile(r"/notices/\d+/$"))
    return page.url.removeprefix(story.address)


def household_page(story: Story, username: str) -> Page:
    page = story.as_(username)
    story.open(page, f"/households/?q={NUMBER}")
    page.click(f"a[href^='/households/']:has-text('{HEAD}')")
    page.wait_for_selector("main#main h1")
    return page


def applies(story: Story, year: int) -> str:
    """The village fills in the application of a household that was never on file; the path of its dossier."""
    household, members = pending.family(pending.FAMILIES[0], 0, NUMBER, year)
    page = story.as_("li")
    story.open(page, f"/area/{pending.VILLAGE}/")
    page.click("a[href$='/apply/']")
    page.wait_for_selector("[data-member-add]")
    for _other in members[1:]:
        page.click("[data-member-add]")
    fill_in(page, "", household)
    for row, person in enumerate(members, start=1):
        fill_in(page, f"m{row}-", person)
    page.click(".save-bar button[type=submit]")
    page.wait_for_selector("ol.dossier-stages")
    return page.url.removeprefix(story.address).partition("?")[0]


def fill_in(page: Page, prefix: str, values: dict[str, Any]) -> None:
    """What the form has a field for, typed or chosen."""
    for name, value in values.items():
        field_name, text = f"{prefix}{name.removesuffix('_fen')}", f"{value}"
        if name.endswith("_fen") and value is not None:
            text = f"{Decimal(value) / 100}"
        found = page.locator(f"form[data-draft] [name='{field_name}']:not([type=hidden])")
        if value is None or not found.count():
            continue
        if found.evaluate("field => field.tagName") == "SELECT":
            found.select_option(text)
        else:
            found.fill(text)


def begin(story: Story, procedure: str) -> str:
    """The village draws up the dossier from the household's page; its path."""
    page = household_page(story, "li")
    page.locator("details.menu", has=page.locator("a[href*='/begin/']")).locator("summary").click()
    page.click(f"a[href$='/begin/{procedure}/']")
    page.click("main form button.btn-primary")
    page.wait_for_selector("ol.dossier-stages")
    return page.url.removeprefix(story.address)


VOTES = {"present": 30, "votes_for": 28, "votes_against": 2}


def test_a_household_enters_is_objected_to_and_leaves_years_later(story: Story, tmp_path: Path) -> None:
    entering = applies(story, 2015)
    decide(story, "li", entering)
    decide(story, "li", entering, **VOTES)
    notice = publish(story, "li")

    # A neighbour reads the masked list and objects; the clock of the notice stands still until the township has answered.
    visitor = story.visitor()
    story.open(visitor, notice)
    assert HEAD not in visitor.content()
    story.open(visitor, f"{notice}object/?line=1")
    visitor.fill("textarea[name=text]", "他家在县城有门面")
    visitor.click("form.type button[type=submit]")
    visitor.wait_for_url("**filed=1")
    story.pass_days(NOTICE_DAYS)
    page = story.as_("li")
    story.open(page, entering)
    assert page.locator("button[name=do][value=approve]").count() == 0
    assert "有异议尚未答复" in page.inner_text("main")

    page = story.as_("sunx")
    story.open(page, "/objections/")
    page.click("td a[href*='/dossiers/']")
    page.wait_for_selector("ol.dossier-stages")
    objection = page.url.removeprefix(story.address)
    decide(story, "sunx", objection)
    decide(story, "sunx", objection, visited_on=story.day.isoformat(), heard=True)
    decide(story, "sunx", objection, do="refuse")

    story.pass_days(NOTICE_DAYS)
    decide(story, "li", entering)
    decide(story, "sunx", entering)
    publish(story, "sunx")
    story.pass_days(NOTICE_DAYS)
    decide(story, "sunx", entering)
    decide(story, "wang", entering)
    publish(story, "zhou")
    decide(story, "zhou", entering)
    page = household_page(story, "helper")
    assert "未脱贫" in page.inner_text("main")

    # The card of the next year stands over the line; the household agrees, nobody objects, it leaves.
    story.be(dt.date(2017, 1, 9))
    better = {"poverty_status": "poor", "entered_year": 2015, "business_income_fen": 2_400_000}
    take_in(story, roster_file(tmp_path, 2016, **better, stated_income_per_person_fen=956_667))
    leaving = begin(story, "household_exit")
    decide(story, "li", leaving, **VOTES)
    decide(story, "li", leaving, food=True, clothing=True)
    decide(story, "li", leaving)
    publish(story, "li")
    story.pass_days(NOTICE_DAYS)
    decide(story, "li", leaving)
    decide(story, "sunx", leaving)
    decide(story, "wang", leaving)
    publish(story, "zhou")
    decide(story, "zhou", leaving)

    page = household_page(story, "auditor")
    assert "已脱贫" in page.inner_text("main")
    told = page.inner_text("main")
    assert "贫困户识别" in told
    assert "贫困户退出" in told
    assert len(story.people) >= 6

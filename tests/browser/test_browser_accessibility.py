"""The main pages under axe-core: nothing serious or critical stands in the way of who uses a keyboard or a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.visiting import PATIENCE, signed_in
from tests.journeys.office import REPOSITORY, SHARES_PROVINCE

pytestmark = [pytest.mark.browser, SHARES_PROVINCE]

AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = frozenset({"serious", "critical"})

PAGES = {
    "home": "/",
    "area": "/area/520324/",
    "households": "/households/?place=520324",
    "findings": "/findings/",
    "imports": "/imports/",
    "import new": "/imports/new/",
    "dossiers": "/dossiers/?view=all",
    "desk": "/dossiers/?view=desk",
    "procedures": "/procedures/",
    "procedure": "/procedures/identification/",
    "quota": "/quotas/520324/?year=2014",
    "ranking": "/quotas/520324103200/ranking/",
    "looks": "/looks/",
    "look-back campaigns": "/lookbacks/",
    "look-back new": "/lookbacks/new/",
    "leads": "/leads/",
    "lead new": "/leads/new/",
    "courses": "/training/?place=520324",
    "coverage": "/training/coverage/?place=520324",
    "promises": "/relocation/?place=520324",
    "settlement sites": "/relocation/sites/?place=520324",
    "hamlets": "/relocation/hamlets/?place=520324",
    "share": "/shares/moved_out/of/?place=520324",
    "snapshots": "/snapshots/",
    "indicators": "/indicators/",
    "indicator": "/indicators/poor_people/",
    "public notices": "/notices/",
    "notices": "/notices/post/",
    "objections": "/objections/",
    "audit": "/audit/",
    "who answers": "/responsibility/",
    "who answers in a village": "/responsibility/?place=520324103200",
    "households nobody visited": "/responsibility/households/?view=unvisited",
    "checks of who answers": "/responsibility/checks/",
    "proposal of helpers": "/responsibility/proposal/",
    "list of helpers": "/responsibility/lists/helpers/",
    "cadres": "/cadres/",
    "cadre new": "/cadres/new/",
    "team": "/teams/520324103200/",
    "attendance": "/teams/520324103200/attendance/?month=2015-12",
    "pairings": "/pairings/",
    "pairing new": "/pairings/new/",
    "rounds": "/rounds/",
    "programmes": "/programmes/",
    "programme": "/programmes/training/",
    "lists of help": "/programmes/lists/",
    "list of help new": "/programmes/training/load/",
    "loans": "/loans/",
    "funds": "/funds/",
    "fund": "/funds/520324/",
    "gaps": "/gaps/",
    "gap": "/gaps/overdue/",
    "industry": "/industry/?year=2015",
    "households of industry": "/industry/households/?year=2015",
    "village plans": "/village-plans/?year=2015",
    "plans": "/plans/?year=2015",
    "action plan": "/plans/33668/?year=2015",
    "search": "/search/?q=%E5%BC%A0",
    "money": "/money/?year=2015",
    "money transfers": "/money/transfers/?year=2015",
    "money transfer new": "/money/transfers/new/?year=2015",
    "money orders": "/money/orders/",
    "money list": "/money/lists/transfers/",
    "money letters": "/money/allocations/",
}


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The county officer's page, in Chinese."""
    opened, _errors = signed_in(browser, address, "wang", 1440)
    yield opened
    opened.context.close()


def grave(page: Page) -> list[tuple[str, str, list[str]]]:
    """Every violation of weight on the page: rule, what it says, where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    assert found["testEngine"]["version"] == "4.14.1"
    return [
        (violation["id"], violation["help"], [node["html"][:200] for node in violation["nodes"][:5]])
        for violation in found["violations"]
        if violation["impact"] in GRAVE
    ]


def test_sign_in(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{address}/sign-in/")

    assert grave(page) == []
    context.close()


def test_a_campaign_of_looking_back(page: Page, address: str) -> None:
    page.goto(f"{address}/lookbacks/")
    page.click("main a[href^='/lookbacks/']:not([href*='new'])")
    page.wait_for_selector("main#main h1")

    assert page.url.startswith(f"{address}/lookbacks/")
    assert not page.url.endswith("/lookbacks/")
    assert grave(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_page(page: Page, address: str, name: str) -> None:
    answer = page.goto(f"{address}{PAGES[name]}")

    assert answer is not None
    assert answer.status == 200
    assert grave(page) == []


@pytest.fixture(scope="module")
def household(page: Page, address: str) -> str:
    """The path of the first household of the county that is poor, so that help can be asked for."""
    page.goto(f"{address}{PAGES['households']}&status=poor")
    links = page.locator("td a[href^='/households/']")
    return (links.first.get_attribute("href") or "").partition("?")[0]


@pytest.mark.parametrize("leaf", ["", "edit/", "print/", "plan/", "visit/", "helper/"])
def test_household(page: Page, address: str, household: str, leaf: str) -> None:
    answer = page.goto(f"{address}{household}{leaf}")

    assert answer is not None
    assert answer.status == 200
    assert grave(page) == []


@pytest.mark.parametrize(
    ("listed", "one"),
    [
        ("/loans/", "/loans/"),
        ("/cadres/", "/cadres/"),
        ("/pairings/", "/pairings/"),
        ("/programmes/training/", "/programmes/cases/"),
    ],
)
def test_one_of_a_list(page: Page, address: str, listed: str, one: str) -> None:
    """The page behind the first row of a list."""
    page.goto(f"{address}{listed}")
    paths = page.eval_on_selector_all(f"main a[href^='{one}']", "links => links.map(link => link.getAttribute('href'))")
    leaf = next(path for path in paths if path.removeprefix(one).partition("?")[0].strip("/").isdecimal())
    answer = page.goto(f"{address}{leaf}")

    assert answer is not None
    assert answer.status == 200
    assert grave(page) == []


@pytest.fixture(scope="module")
def dossier(page: Page, address: str) -> str:
    """The path of the newest dossier of the county."""
    page.goto(f"{address}{PAGES['dossiers']}")
    return page.locator("td a[href^='/dossiers/']").first.get_attribute("href") or ""


@pytest.mark.parametrize("leaf", ["", "print/"])
def test_dossier(page: Page, address: str, dossier: str, leaf: str) -> None:
    answer = page.goto(f"{address}{dossier}{leaf}")

    assert answer is not None
    assert answer.status == 200
    assert grave(page) == []

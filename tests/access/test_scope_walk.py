"""Every page, export and command with every role, inside and outside its area. A new URL or command must enter the tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.access import blind, hotline_walk
from tests.access.answered import appoint
from tests.access.assessed import plant as assessment_planted
from tests.access.commands import COMMANDS
from tests.access.evaluated import plant as evaluation_planted
from tests.access.filed import file_dossier
from tests.access.funded import plant as money_planted
from tests.access.helped import plant as help_planted
from tests.access.identified import plant
from tests.access.monitored import plant as watch_planted
from tests.access.planned import plant as plan_planted
from tests.access.published import publish
from tests.access.secret import plant as secret_planted
from tests.access.tables import (
    ANYWHERE,
    BEGINS,
    INSIDE,
    OPEN,
    OUTSIDE,
    OWN,
    PAGES,
    PLANTED_NAME,
    PLANTED_NUMBER,
    POST_ONLY,
    RECORDS,
    STRANGERS,
    VILLAGE,
    YEAR,
    P,
    Page,
)
from tests.access.watched import plant as watched_planted
from tests.journeys.office import SHARES_PROVINCE
from typer.testing import CliRunner

from jiefa import snapshots
from jiefa.access import queries as access
from jiefa.access.models import User
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Role
from jiefa.cli import app as command_line
from jiefa.demo import build, users
from jiefa.insight.models import Finding
from jiefa.kernel.errors import NotAllowed
from jiefa.registry.models import Batch, Household, Upload
from jiefa.site import urls

WALKERS = tuple({(user.role, user.area): user for user in reversed(users.USERS)}.values())
"""One user for each post: a second with the same post sees the same."""


@dataclass(frozen=True)
class Places:
    """The things that pages are about: one inside the county of the demo's officers, one outside."""

    inside: dict[str, object]
    outside: dict[str, object]


@pytest.fixture
def province(demonstration: None, home: Path) -> Places:
    """A small province, with a household planted outside the county of the demo's officers."""
    inside = Household.objects.filter(village_code=VILLAGE, poverty_status="poor").order_by("pk").first()
    if inside is None:
        inside = Household.objects.filter(village_code__startswith=INSIDE, poverty_status="poor").order_by("pk")[0]
        Household.objects.filter(pk=inside.pk).update(village_code=VILLAGE)
        inside.member_cards.update(village_code=VILLAGE)
        inside.cards.update(village_code=VILLAGE)
        inside.refresh_from_db()
    outside = Household.objects.filter(village_code__startswith=OUTSIDE[:4]).order_by("pk")[0]
    Household.objects.filter(pk=outside.pk).update(head_name=PLANTED_NAME, number=PLANTED_NUMBER)
    person = outside.people.order_by("pk")[0]
    person.set_name(PLANTED_NAME)
    person.save()
    today = timezone.localdate()
    findings = {
        place: Finding.objects.create(
            rule="NU01", level="error", year=YEAR, village_code=h.village_code, household_id=h.pk, owner_code=h.village_code,
            opened_on=today, deadline=today, snapshot="",
        ).pk
        for place, h in (("inside", inside), ("outside", outside))
    }  # fmt: skip
    batch = Batch.objects.get(staged_by="wang", state="staged")
    other = Batch.objects.filter(staged_by=build.BY).order_by("pk")[0]
    snapshot = snapshots.latest(home, YEAR).id
    everyone = {u.username: u.pk for u in User.objects.all()}
    common = {
        "gap": "unanswered",
        "programme": "house_repair",
        "share": ("moved_out", "of"),
        "indicator": "poor_people",
        "list_name": "helpers",
        "money_list": "transfers",
        "money_finding": "idle",
        "plan_list": "planning_targets",
        "procedure": "identification",
        "snapshot": snapshot,
        "survey_file": "microdata.csv",
        "truth_check": "same_day",
        "watched_list": "inspection_answers",
        "user": everyone["li"],
    }
    upload = Upload.objects.create(file_name="x.xlsx", by="nobody", step="failed")
    published = {
        "inside": publish(inside.village_code, inside.head_name),
        "outside": publish(outside.village_code, PLANTED_NAME),
    }
    published["inside"] |= file_dossier(inside, inside.village_code, inside.head_name)
    published["outside"] |= file_dossier(outside, outside.village_code, PLANTED_NAME)
    for where, home in (("inside", inside), ("outside", outside)):
        published[where] |= plant(home, YEAR) | appoint(home, YEAR) | help_planted(home, YEAR)
        published[where] |= money_planted(home, YEAR) | watched_planted(home, YEAR)
        published[where] |= plan_planted(home, YEAR, snapshot) | watch_planted(home, YEAR, snapshot)
        published[where] |= assessment_planted(home, YEAR, snapshot)
        published[where] |= secret_planted(home, YEAR)
        published[where] |= evaluation_planted(home, YEAR, snapshot)
    return Places(
        {"area": INSIDE, "household": inside.pk, "change": (inside.pk, "birth"),
         "begin": _to_begin(inside), "batch": batch.pk, "finding": findings["inside"],
         "upload": upload.pk, **common, **published["inside"]},
        {"area": OUTSIDE, "household": outside.pk, "change": (outside.pk, "birth"),
         "begin": _to_begin(outside), "batch": other.pk, "finding": findings["outside"],
         "upload": upload.pk, **common, **published["outside"]},
    )  # fmt: skip


def _to_begin(household: Household) -> tuple[int, str]:
    """A procedure that applies to the household as it stands."""
    return household.pk, "household_return" if household.poverty_status == "exited" else "household_exit"


def signed_in(username: str) -> tuple[Client, Actor]:
    user = User.objects.get(username=username)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, access.actor_of(user, timezone.localdate())


def expected_to_pass(page: Page, actor: Actor, subject_place: str | None) -> bool:
    if page.permission in (OPEN, STRANGERS):
        return True
    if page.permission == OWN:
        return False
    if page.permission == BEGINS:
        return (Role.VILLAGE_OFFICER, subject_place) in actor.posts
    if page.permission == RECORDS:
        township = (subject_place or "")[:9]
        return bool({(Role.VILLAGE_OFFICER, subject_place), (Role.TOWNSHIP_OFFICER, township)} & set(actor.posts))
    wanted = (Permission(page.permission), *page.either)
    return any(actor.may(permission, subject_place) for permission in wanted)


def subject_place(name: str, about: str | None, side: str) -> str | None:
    """The county (or village) in which the permission must hold; None: anywhere."""
    if about is None or about in ANYWHERE:
        return None
    if about in ("area", "assessed", "appealed"):
        return INSIDE if side == "inside" else OUTSIDE
    if about == "batch":
        return INSIDE if side == "inside" else "52"
    if about == "objection":  # it lies one level above the village that posted the notice
        return VILLAGE[:9] if side == "inside" else OUTSIDE[:4] + "99999"
    return VILLAGE if side == "inside" else OUTSIDE[:4] + "99999999"


def content_of(response: HttpResponse) -> str:
    """The text of a response; of a workbook, the texts of its cells."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(
                book.read(name).decode("utf-8", "replace") for name in book.namelist() if name.endswith(".xml")
            )
    return body.decode("utf-8", "replace")


def visits(places: Places) -> Iterator[tuple[str, Page, str, str]]:
    """Every page once for a subject inside and, where it has one, once for a subject outside."""
    for name, page in PAGES.items():
        for side in ("inside", "outside") if page.about and page.about not in ANYWHERE else ("inside",):
            subjects = places.inside if side == "inside" else places.outside
            subject = subjects[page.about] if page.about else ()
            arguments = list(subject) if isinstance(subject, tuple) else [subject]
            url = reverse(f"site:{name}", args=arguments)
            yield name, page, side, f"{url}?{page.query}" if page.query else url


def test_every_url_is_in_the_table() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == set(PAGES)


def test_every_command_is_in_the_table() -> None:
    assert {*command_line.COMMANDS, *command_line.GROUPS, "manage"} == set(COMMANDS)


@pytest.mark.both
@SHARES_PROVINCE
def test_every_role_sees_its_own_area_alone_on_pages(province: Places) -> None:
    wrong = _walk_pages(province)

    assert not wrong, "\n".join(wrong)


@pytest.mark.both
@SHARES_PROVINCE
def test_every_role_sees_its_own_area_alone_in_commands(province: Places, tmp_path: Path) -> None:
    wrong = _walk_commands(province, tmp_path)

    assert not wrong, "\n".join(wrong)


@pytest.mark.sqlite
@SHARES_PROVINCE
def test_evaluators_are_blind_and_see_their_own_sample_alone(province: Places, tmp_path: Path) -> None:
    walkers = [*(entry.username for entry in WALKERS), blind.second_evaluator()]

    wrong = blind.walk(province.inside, walkers, signed_in, tmp_path)

    assert not wrong, "\n".join(wrong)


@pytest.mark.sqlite
@SHARES_PROVINCE
def test_who_called_the_hotline_is_told_to_the_keeper_alone(province: Places) -> None:
    wrong = hotline_walk.walk(province.inside, [entry.username for entry in WALKERS], signed_in)

    assert not wrong, "\n".join(wrong)


def _once() -> bool:
    """Every query passes the same gate on either engine: PostgreSQL is asked for each page and command by one who may, not by all."""
    return connection.vendor == "postgresql"


def _walk_pages(province: Places) -> list[str]:
    wrong, answered = [], set()
    for entry in WALKERS:
        client, actor = signed_in(entry.username)
        sees_all = actor.may(P.HOUSEHOLD_VIEW, "5201") or actor.may(P.AUDIT_VIEW, "52")
        for name, page, side, url in visits(province):
            place = page.where or subject_place(name, page.about, side)
            passes = expected_to_pass(page, actor, place)
            if _once() and (name in answered or not passes):
                continue
            answered.add(name)
            if name in POST_ONLY:
                if name in ("sign-out", "language", "import-decide"):
                    continue  # the first two are open to all; deciding is tested beside the batches
                response = client.post(url)
            else:
                response = client.get(url)
            own_batch = page.about == "batch" and side == "inside" and entry.username == "wang"
            if response.status_code == 200 and not (passes or own_batch):
                wrong.append(f"{entry.username} got {name} {side}")
            if response.status_code not in (200, 302) and passes:
                wrong.append(f"{entry.username} was refused {name} {side}: {response.status_code}")
            if not passes and response.status_code not in (200, 302, 403, 404):
                wrong.append(f"{entry.username} at {name} {side}: {response.status_code}")
            text = content_of(response)
            # Who keeps a complaint reads the number that the caller gave, never a name from the register.
            numbered = PLANTED_NUMBER in text and not (passes and name == "hotline-complaint")
            if response.status_code == 200 and not sees_all and (PLANTED_NAME in text or numbered):
                wrong.append(f"{entry.username} saw the planted household at {name} {side}")
            if hotline_walk.told(text):
                wrong.append(f"{entry.username} was told who called the hotline at {name} {side}")
    stranger = Client()
    for name, page, side, url in visits(province):
        response = stranger.post(url) if name in POST_ONLY else stranger.get(url)
        if page.permission != STRANGERS and (response.status_code != 302 or "/sign-in/" not in response["Location"]):
            wrong.append(f"a stranger at {name} {side}: {response.status_code}")
    return wrong


def _walk_commands(province: Places, tmp_path: Path) -> list[str]:
    designations = tmp_path / "designations.csv"
    designations.write_text("code,kind,from_year,source\n520102,demo_county,2015,test\n", encoding="utf-8")
    roster = tmp_path / "nothing.csv"
    roster.write_text("a,b\n1,2\n", encoding="utf-8")
    fill: Callable[[str], str] = lambda text: text.format(  # noqa: E731
        roster=roster, batch=province.outside["batch"], designations=designations
    )
    wrong, answered = [], set()
    for entry in WALKERS:
        _client, actor = signed_in(entry.username)
        for name, (arguments, permission) in COMMANDS.items():
            if permission is None or (_once() and (name in answered or not actor.may(permission))):
                continue
            answered.add(name)
            where = {"indicators": OUTSIDE, "quotas": OUTSIDE, "truth": OUTSIDE, "ledger": "52"}.get(name)
            result = CliRunner().invoke(
                command_line.build(name), [*(fill(argument) for argument in arguments), "--as", entry.username]
            )
            refused = isinstance(result.exception, NotAllowed)
            unseen = name == "accept" and result.exception is not None
            if refused == actor.may(permission, where) and not unseen:
                wrong.append(f"{entry.username}: jiefa {name}: {result.exception!r}")
            planted = PLANTED_NAME in result.output or PLANTED_NUMBER in result.output
            if planted and not actor.may(P.DOSSIER_VIEW, OUTSIDE):
                wrong.append(f"{entry.username}: jiefa {name} showed the planted household")
            if hotline_walk.told(result.output):
                wrong.append(f"{entry.username}: jiefa {name} told who called the hotline")
    return wrong

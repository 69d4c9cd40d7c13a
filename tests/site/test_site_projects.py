"""Pages of projects: listed and sifted, proposed, seen, recorded, claimed; findings; what the public reads; lists in Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.funds import building
from tests.funds.moves import PACK
from tests.site import county
from tests.site.test_site_query_counts import FEW, MANY, asked

from jiefa.access import actions as access
from jiefa.access.rules import Role
from jiefa.casework import lists
from jiefa.disclosure.models import Notice
from jiefa.funds.models import Claim, Project, ProjectBeneficiary, ProjectPicture, ProjectProgress
from jiefa.lists.models import ReceivedList
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

pytestmark = pytest.mark.usefixtures("small_county")


def _officer(name: str, role: Role, area: str) -> Client:
    user = access.create_user(username=name, name=name, password="Correct-horse-9", by="x", must_change_password=False)
    access.give_post(user=user, role=role, area=area, by="x", on=dt.date(2013, 1, 1))
    return county.signed_in(name)


@pytest.fixture
def project() -> Project:
    """A road of the village at work, 50 % done, with money, for one household."""
    home = county.household("A")
    made = building.proposed({home.pk: 0}, place_code=home.village_code)
    building.taken_to("carrying_out", made)
    building.fund(made)
    made.refresh_from_db()
    return made


def _wish(**changes: object) -> dict[str, Any]:
    new = building.new()
    typed = {
        name: getattr(new, name) for name in building.new().__slots__ if name not in ("number", "year", "asked_fen")
    }
    return {**typed, "project_year": 2015, "amount": "1000.50", "households": "", **changes}


def test_a_township_proposes_a_project_and_others_see_it() -> None:
    client = county.signed_in("sunx")
    url = reverse("site:money-project-new")
    wrong = client.post(url, _wish(households="nobody"))
    assert wrong.status_code in (400, 409, 422)
    assert not Project.objects.exists()
    done = client.post(url, _wish())
    made = Project.objects.get()
    assert done["Location"] == reverse("site:money-project", args=[made.pk])
    assert (made.asked_fen, made.dossier.step if made.dossier else "") == (1_000_50, "library_proposal")

    rows = county.signed_in("li").get(reverse("site:money-projects"), {"q": made.name[:3]}).content.decode()
    assert made.number in rows
    none = county.signed_in("wang").get(reverse("site:money-projects"), {"state": "accepted"}).content.decode()
    assert made.number not in none
    page = county.signed_in("wang").get(reverse("site:dossier", args=[made.dossier_id])).content.decode()
    assert "1,000.50" in page
    assert made.contractor_number in page


def test_strangers_do_not_see_it(project: Project) -> None:
    far = _officer("far", Role.COUNTY_OFFICER, "520102")
    for name in ("money-project", "money-project-record", "money-project-claim", "money-project-change"):
        assert far.get(reverse(f"site:{name}", args=[project.pk])).status_code == 404
    assert project.number not in far.get(reverse("site:money-projects")).content.decode()


def test_the_village_records_and_the_township_claims(project: Project) -> None:
    village, township = county.signed_in("li"), county.signed_in("sunx")
    url = reverse("site:money-project-record", args=[project.pk])
    assert village.post(url, {"progress": "1", "on": "2015-05-01", "percent": 130, "words": "x"}).status_code == 422
    village.post(url, {"progress": "1", "on": "2015-05-01", "percent": 50, "words": "路基完成"})
    picture = SimpleUploadedFile("a.png", building.PICTURE, "image/png")
    village.post(url, {"picture": "1", "moment": "before", "taken_on": "2015-05-01", "file": picture})
    assert (ProjectProgress.objects.get().percent, ProjectPicture.objects.get().moment) == (50, "before")
    shown = village.get(reverse("site:money-project-picture", args=[project.pk, ProjectPicture.objects.get().pk]))
    assert shown.content == building.PICTURE

    claim_url = reverse("site:money-project-claim", args=[project.pk])
    typed = {
        "kind": "progress",
        "amount": "60000",
        "payee": f"u:{building.FIRM}",
        "purpose": "infrastructure",
        "invoice": "1",
    }
    refused = township.post(claim_url, typed)
    assert refused.status_code != 302
    assert "50%" in refused.content.decode()
    township.post(claim_url, {**typed, "amount": "50000"})
    assert Claim.objects.get().amount_fen == 50_000_00
    assert village.get(claim_url).status_code == 403

    page = township.get(reverse("site:money-project", args=[project.pk])).content.decode()
    for said in ("路基完成", building.FIRM, "100,000.00", "50%"):
        assert said in page


def test_a_change_is_typed_and_goes_to_the_county(project: Project) -> None:
    client, url = county.signed_in("sunx"), reverse("site:money-project-change", args=[project.pk])
    typed = client.get(url).context["form"].initial
    same = {name: value for name, value in typed.items() if value is not None}
    assert client.post(url, same).status_code != 302
    done = client.post(url, {**same, "amount": "120000"})
    (change,) = Dossier.objects.filter(procedure="project_change")
    assert done["Location"] == reverse("site:dossier", args=[change.pk])
    assert "120,000.00" in client.get(done["Location"]).content.decode()


def test_the_public_reads_the_notice_and_the_payments(project: Project) -> None:
    building.to_firm(project, 30_000_00) if project.place_code == building.VILLAGE else None
    (notice,) = Notice.objects.filter(kind="project_before")
    visitor = Client()
    page = visitor.get(reverse("site:notice", args=[notice.pk])).content.decode()
    head = county.household("A").head_name
    for said in (project.name, project.content, building.FIRM, "100,000.00", "12317"):
        assert said in page
    assert head not in page
    paper = visitor.get(reverse("site:notice-poster", args=[notice.pk]))
    assert paper["Content-Type"] == "application/pdf"
    listed = visitor.get(reverse("site:notice-projects"), {"place": project.place_code[:6]}).content.decode()
    assert project.name in listed
    assert project.name not in visitor.get(reverse("site:notice-projects"), {"place": "520102"}).content.decode()
    assert visitor.get(reverse("site:notice-project", args=[project.pk])).status_code == 200
    hidden = building.proposed()
    assert visitor.get(reverse("site:notice-project", args=[hidden.pk])).status_code == 404


def test_the_household_shows_what_it_gains_by(project: Project) -> None:
    home = county.household("A")
    page = county.signed_in("li").get(reverse("site:household", args=[home.pk])).content.decode()
    assert reverse("site:money-project", args=[project.pk]) in page


def test_findings_open_their_rows(project: Project) -> None:
    client = county.signed_in("wang")
    page = client.get(reverse("site:money-project-findings")).content.decode()
    assert "FU04" in page
    rows = client.get(reverse("site:money-project-finding", args=["slow"])).content.decode()
    assert project.number in rows
    assert client.get(reverse("site:money-project-finding", args=["nothing"])).status_code == 404
    assert client.get(reverse("site:money-project", args=[project.pk])).content.decode().count("FU04") == 1


def _sheet(tmp_path: Any, name: str, rows: list[dict[str, object]]) -> Any:
    form = PACK.form(name)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = form.sheets[0].zh
    fields = form.sheets[0].fields
    sheet.append([field.zh for field in fields])
    for row in rows:
        sheet.append([row.get(field.id) for field in fields])
    path = tmp_path / f"{name}.xlsx"
    book.save(path)
    return path


def _accepted(path: Any, name: str) -> ReceivedList:
    staged = lists.stage(file=path, name=path.name, kind=name, by=building.township(), pack=PACK)
    return lists.accept(list_id=staged.pk, by=building.township("tang"), pack=PACK)


def test_lists_come_in_by_a_second_officer(tmp_path: Any) -> None:
    new = building.new(place_code=building.TOWNSHIP)
    row = {name: getattr(new, name) for name in new.__slots__} | {
        "area_code": new.place_code, "fund_year": 2015, "amount": 1_000, "kind": "产业扶贫", "source": "中央财政", "tender": "询价或竞争性谈判",
    }  # fmt: skip
    held = {**row, "name": "坏", "contractor_number": None}
    staged = lists.stage(
        file=_sheet(tmp_path, "project_library", [row, held]),
        name="x",
        kind="project_library",
        by=building.township(),
        pack=PACK,
    )
    assert (staged.accepted, staged.held_back) == (1, 1)
    lists.accept(list_id=staged.pk, by=building.township("tang"), pack=PACK)
    (made,) = Project.objects.all()
    assert (made.dossier, made.asked_fen, made.number) == (None, 1_000_00, f"{building.TOWNSHIP[:6]}-2015-0001")

    home = county.household("A")
    rows = [
        {"project_number": made.number, "household_number": number, "share": 900} for number in (home.number, "none")
    ]
    done = _accepted(_sheet(tmp_path, "project_beneficiaries", rows), "project_beneficiaries")
    assert (done.accepted, done.held_back) == (1, 1)
    assert ProjectBeneficiary.objects.get().planned_fen == 900_00


def test_claims_come_in_by_a_list(project: Project, tmp_path: Any) -> None:
    row = {
        "project_number": project.number,
        "kind": "预付",
        "amount": 30_000,
        "payee": building.FIRM,
        "purpose": "小型基础设施",
        "invoice": "1",
    }
    much = {**row, "amount": 1, "invoice": "2"}
    done = _accepted(_sheet(tmp_path, "project_claims", [row, much]), "project_claims")
    assert (done.accepted, done.held_back, Claim.objects.count()) == (1, 1, 1)


def test_projects_leave_in_excel(project: Project) -> None:
    answer = county.signed_in("wang").get(reverse("site:money-projects-export"))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"


PAGES: dict[str, tuple[Callable[[], str], int]] = {
    "projects": (lambda: reverse("site:money-projects"), 20),
    "project": (lambda: reverse("site:money-project", args=[Project.objects.order_by("pk")[0].pk]), 50),
    "public": (lambda: reverse("site:notice-projects"), 12),
}


def put_in(numbers: range) -> None:
    """So many more projects; as many households, progress and claims of the first."""
    place, now = county.VILLAGE, dt.datetime(2015, 6, 1, tzinfo=dt.UTC)
    homes = Household.objects.bulk_create(
        Household(number=f"Q{n:05d}", head_name=f"张{n}", size=1, poverty_status="poor", household_class="general", village_code=place)
        for n in numbers
    )  # fmt: skip
    said = {name: getattr(building.new(), name) for name in building.new().__slots__}
    made = Project.objects.bulk_create(
        Project(**{**said, "number": f"Q{n:05d}", "place_code": place}, by="x", at=now, approved_fen=1, approved_on=now.date(), noticed_on=now.date())
        for n in numbers
    )  # fmt: skip
    first = Project.objects.order_by("pk")[0]
    ProjectBeneficiary.objects.bulk_create(ProjectBeneficiary(project=first, household=home) for home in homes)
    ProjectProgress.objects.bulk_create(
        ProjectProgress(project=first, on=now.date(), percent=1, words="x", by=f"u{one.pk}", at=now) for one in made
    )
    Claim.objects.bulk_create(
        Claim(project=first, kind="advance", amount_fen=1, payee="x", purpose="training", invoice="x", by="x", at=now)
        for _one in made
    )


def test_pages_ask_a_fixed_number_of_questions() -> None:
    counts = []
    for numbers in (range(FEW), range(FEW, MANY)):
        put_in(numbers)
        counts.append({name: asked(url()) for name, (url, _most) in PAGES.items()})
    assert counts[0] == counts[1]
    assert {name: count for name, count in counts[1].items() if count > PAGES[name][1]} == {}

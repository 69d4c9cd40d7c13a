"""A procedure begun from a household's page: offered to the right post, shown before it is begun, refused in words."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.site import county

from jiefa.procedures.models import Dossier
from jiefa.registry.models import HouseholdYear

pytestmark = pytest.mark.usefixtures("small_county")


def begin_url(number: str, procedure: str) -> str:
    return f"/households/{county.household(number).pk}/begin/{procedure}/"


@pytest.fixture
def li() -> Client:
    return county.signed_in("li")


def test_village_officer_is_offered_what_applies(li: Client) -> None:
    page = li.get(f"/households/{county.household('A').pk}/").content.decode()

    assert begin_url("A", "household_exit") in page
    assert begin_url("A", "household_removal") in page
    assert begin_url("A", "household_return") not in page


@pytest.mark.parametrize("username", ["wang", "sunx", "auditor", "helper"])
def test_nobody_else_is_offered_it_nor_may_begin(username: str) -> None:
    client = county.signed_in(username)

    assert "/begin/" not in client.get(f"/households/{county.household('A').pk}/").content.decode()
    assert client.post(begin_url("A", "household_exit")).status_code in (403, 404)
    assert not Dossier.objects.exists()


def test_standard_is_shown_before_anything_begins(li: Client) -> None:
    HouseholdYear.objects.filter(household=county.household("A"), year=2015).update(house_danger="D")

    page = li.get(begin_url("A", "household_exit")).content.decode()

    assert "D 级" in page
    assert "尚未核实" in page
    assert not Dossier.objects.exists()


def test_dossier_is_drawn_up_once(li: Client) -> None:
    first = li.post(begin_url("A", "household_exit"))
    again = li.post(begin_url("A", "household_exit"))

    dossier = Dossier.objects.get()
    assert first["Location"] == f"/dossiers/{dossier.pk}/"
    assert again.status_code == 409
    assert "正在办理" in again.content.decode()


def test_what_does_not_apply_is_not_there(li: Client) -> None:
    assert li.get(begin_url("A", "household_return")).status_code == 404
    assert li.get(begin_url("A", "county_exit")).status_code == 404
    assert li.get(begin_url("D", "household_return")).status_code == 200

"""The hotline's part of the walk over the small county: quick to run; the whole walk runs it over the demonstration."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from tests.access import hotline_walk, secret
from tests.site import county

from jiefa.access.models import User
from jiefa.access.queries import Actor, actor_of
from jiefa.demo import users
from jiefa.hotline.models import Look

pytestmark = pytest.mark.usefixtures("small_county")


def signed_in(username: str) -> tuple[Client, Actor]:
    return county.signed_in(username), actor_of(User.objects.get(username=username), timezone.localdate())


def test_who_called_is_for_the_keeper_and_a_complaint_for_nobody_of_the_body() -> None:
    planted = secret.plant(county.household("A"), county.YEARS[-1])

    wrong = hotline_walk.walk(planted, [entry.username for entry in users.USERS], signed_in)

    assert not wrong, "\n".join(wrong)
    assert sorted(Look.objects.values_list("by", flat=True)) == ["bao", "mi", "mi"]

"""Signing in and out: lock-out after five failures, a first password that opens nothing else, sessions that end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.site import county, pages

from jiefa.access import actions
from jiefa.access.models import User
from jiefa.demo.users import PASSWORD

pytestmark = pytest.mark.usefixtures("small_county")

FIRST, OWN = "erste-einmal-7431", "mountain-road-2015"
SIGN_IN, HOME = "/sign-in/", "/"


def tried(client: Client, username: str = "li", password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def failed(client: Client, times: int, username: str = "li") -> Any:
    answer = None
    for _time in range(times):
        answer = tried(client, username, "wrong-password")
    return answer


class TestSignIn:
    def test_right_password_opens_the_page_asked_for(self) -> None:
        client = Client()
        asked = client.get(reverse("site:findings"))

        form = pages.form_with(client.get(asked["Location"]), "username")
        answer = tried(client, **{"next": form.fields["next"][0]})

        assert asked["Location"].startswith(SIGN_IN)
        assert answer["Location"] == reverse("site:findings")
        assert is_in(client)

    def test_page_of_another_host_is_never_the_next_one(self) -> None:
        answer = tried(Client(), next="https://elsewhere.example/")

        assert answer["Location"] == HOME

    def test_wrong_password_is_said_without_saying_which_part_was_wrong(self) -> None:
        known, unknown = failed(Client(), 1), failed(Client(), 1, "nobody")

        assert "请输入一个正确的用户名和密码" in pages.text(known)
        assert pages.text(known) == pages.text(unknown)

    def test_user_who_was_shut_out_does_not_come_in(self) -> None:
        User.objects.filter(username="li").update(is_active=False)

        tried(client := Client())

        assert not is_in(client)


class TestLockOut:
    def test_five_failures_lock_even_the_right_password(self) -> None:
        client = Client()

        fourth, fifth = failed(client, 4), failed(client, 1)
        answer = tried(client)

        assert (fourth.status_code, fifth.status_code, answer.status_code) == (200, 429, 429)
        assert not is_in(client)

    def test_other_users_are_not_locked_with_them(self) -> None:
        failed(client := Client(), 5)

        tried(client, "sunx")

        assert is_in(client)

    def test_success_in_between_starts_the_count_anew(self) -> None:
        failed(Client(), 4)
        tried(Client())
        failed(Client(), 4)

        tried(client := Client())

        assert is_in(client)

    def test_lock_ends_after_a_quarter_of_an_hour(self) -> None:
        failed(client := Client(), 5)
        AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=14))
        before = tried(client).status_code

        AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
        tried(client)

        assert before == 429
        assert is_in(client)

    def test_administrator_sees_the_lock_and_opens_it(self) -> None:
        failed(client := Client(), 5)
        admin = county.signed_in("admin")
        address = reverse("site:user", args=[User.objects.get(username="li").pk])

        locked = pages.text(admin.get(reverse("site:users"), {"state": "locked"}))
        admin.post(address, {"action": "unlock"})
        tried(client)

        assert "李村" in locked
        assert is_in(client)


class TestFirstPassword:
    @pytest.fixture
    def newcomer(self) -> Client:
        """Signed in with the first password."""
        user = User.objects.get(username="li")
        actions.set_password(user=user, password=FIRST, by="admin", must_change_password=True)
        tried(client := Client(), password=FIRST)
        return client

    def test_every_page_leads_to_the_change_until_it_is_done(self, newcomer: Client) -> None:
        pk = county.household("A").pk
        names = ("home", "households", "findings", "imports", "indicators", "help", "policy", "template-roster")
        asked = [reverse(f"site:{name}") for name in names] + [reverse("site:household", args=[pk])]

        answers = {address: newcomer.get(address) for address in asked}

        assert {a["Location"] for a in answers.values() if a.status_code == 302} == {reverse("site:password")}
        assert [address for address, answer in answers.items() if answer.status_code != 302] == []
        assert newcomer.get(reverse("site:password")).status_code == 200

    def test_own_password_opens_the_pages_and_the_first_one_no_longer_works(self, newcomer: Client) -> None:
        typed = {"old_password": FIRST, "new_password1": OWN, "new_password2": OWN}

        answer = newcomer.post(reverse("site:password"), typed)
        tried(later := Client(), password=FIRST)

        assert answer.status_code == 302
        assert is_in(newcomer)
        assert not is_in(later)

    @pytest.mark.parametrize("weak", ["short", "1234567890123", "password123"])
    def test_weak_password_is_refused_and_nothing_opens(self, newcomer: Client, weak: str) -> None:
        typed = {"old_password": FIRST, "new_password1": weak, "new_password2": weak}

        newcomer.post(reverse("site:password"), typed)

        assert not is_in(newcomer)
        assert User.objects.get(username="li").must_change_password


class TestSession:
    def test_session_lasts_eight_hours_from_signing_in_and_its_cookie_is_guarded(self) -> None:
        cookie = tried(Client()).cookies[settings.SESSION_COOKIE_NAME]

        assert cookie["max-age"] == 8 * 3600
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        end = Session.objects.get(session_key=cookie.value).expire_date
        assert dt.timedelta(hours=7, minutes=59) < end - timezone.now() <= dt.timedelta(hours=8)

    def test_ended_session_leads_to_the_sign_in(self) -> None:
        tried(client := Client())
        Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))

        answer = client.get(reverse("site:findings"))

        assert answer["Location"].startswith(SIGN_IN)

    def test_signing_out_ends_the_session_for_good(self) -> None:
        tried(client := Client())
        key = client.cookies[settings.SESSION_COOKIE_NAME].value

        by_link = client.get(reverse("site:sign-out"))
        still_in = is_in(client)
        client.post(reverse("site:sign-out"))

        assert by_link.status_code == 405
        assert still_in
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert not is_in(client)

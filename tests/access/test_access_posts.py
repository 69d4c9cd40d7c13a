"""Dated posts, the table of roles, users and their passwords."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from jiefa.access import actions, queries
from jiefa.access.models import Post, User
from jiefa.access.rules import LEVELS, PERMISSIONS, Permission, Role, Scope
from jiefa.areas.rules import DivisionUnknown
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry

COUNTY, OTHER = "520326", "520302"
DAY = dt.date(2015, 6, 15)
PASSWORD = "Miao-Ling-2015-Shan"

MATRIX = """
                     statistics household household id_number household roster roster roster
                     view       view      edit      view      export    upload accept take_over
province_officer     x          x         .         .         x         .      x      x
prefecture_officer   x          x         .         .         x         .      x      .
county_officer       x          x         x         x         x         x      x      .
township_officer     x          x         x         .         x         x      .      .
village_officer      x          x         x         .         .         .      .      .
helper               x          x         .         .         .         .      .      .
auditor              x          x         .         .         x         .      .      .
evaluator            x          .         .         .         .         .      .      .
system_administrator .          .         .         .         .         .      .      .
"""  # fmt: skip
MORE = """
                     finding finding snapshot area audit user   dossier lead helper visit  pairing fund
                     view    waive   make     load view  manage view    load assign record record  manage
province_officer     x       x       x        x    x     .      x       x    .      .      x       .
prefecture_officer   x       x       .        .    x     .      x       x    .      .      x       .
county_officer       x       x       .        .    x     .      x       x    x      x      x       x
township_officer     x       .       .        .    .     .      x       .    x      x      .       .
village_officer      x       .       .        .    .     .      x       .    .      x      .       .
helper               .       .       .        .    .     .      .       .    .      x      .       .
auditor              x       .       .        .    x     .      x       .    .      .      .       .
evaluator            .       .       .        .    .     .      .       .    .      .      .       .
system_administrator .       .       .        .    .     x      .       .    .      .      .       .
"""  # fmt: skip
MONEY = """
                     money statistics money   money   plan
                     view  view       propose confirm make
province_officer     x     x          x       .       x
prefecture_officer   x     x          x       .       x
county_officer       x     x          x       .       x
township_officer     x     x          x       .       .
finance_officer      x     x          .       x       .
supervisor           x     x          .       .       .
auditor              x     x          .       .       .
"""  # fmt: skip
WATCHING = """
                     inspection inspection inspection case household finding dossier
                     view       answer     manage     book view      view    view
province_officer     x          x          x          .    x         x       x
prefecture_officer   x          x          x          .    x         x       x
county_officer       x          x          x          .    x         x       x
township_officer     x          x          .          .    x         x       x
supervisor           .          .          .          x    x         x       x
auditor              x          .          .          .    x         x       x
"""  # fmt: skip
HOTLINE = """
                     hotline hotline hotline statistics spot
                     receive keep    handle  view       check
province_officer     .       .       x       x          x
prefecture_officer   .       .       x       x          x
county_officer       .       .       x       x          x
township_officer     .       .       x       x          .
supervisor           .       .       x       x          x
hotline_clerk        x       .       .       .          .
hotline_keeper       x       x       .       x          .
"""  # fmt: skip
PROMISES = """
                     target place  evaluation evaluation evaluation evaluation assessment assessment
                     set    answer order      carry      view       answer     make       answer
province_officer     x      x      x          .          x          .          x          x
prefecture_officer   x      x      .          .          x          .          x          x
county_officer       x      x      .          .          x          x          .          x
township_officer     x      x      .          .          .          .          .          .
village_officer      .      x      .          .          .          .          .          .
auditor              .      .      .          .          x          .          .          .
evaluator            .      .      .          x          .          .          .          .
"""  # fmt: skip


def test_what_each_role_may() -> None:
    expected: dict[str, set[str]] = {}
    named: list[str] = []
    for table in (MATRIX, MORE, MONEY, WATCHING, HOTLINE, PROMISES):
        upper, lower, *lines = table.strip("\n").splitlines()
        columns = [f"{noun}_{verb}" for noun, verb in zip(upper.split(), lower.split(), strict=True)]
        named += columns
        for line in lines:
            role, *marks = line.split()
            own = {column for column, mark in zip(columns, marks, strict=True) if mark == "x"}
            expected[role] = expected.get(role, set()) | own

    assert sorted(set(named)) == sorted(permission.value for permission in Permission)
    assert {role.value: {p.value for p in permissions} for role, permissions in PERMISSIONS.items()} == expected


def test_who_reads_alone_writes_nothing_and_the_administrator_sees_nobody() -> None:
    writes = {
        p
        for p in Permission
        if p.value.endswith(
            (
                *("_edit", "_upload", "_accept", "_take_over", "_waive", "_make", "_load", "_manage", "_assign"),
                *("_record", "_propose", "_confirm", "_answer"),
            )
        )
    }

    assert not PERMISSIONS[Role.AUDITOR] & writes
    assert not PERMISSIONS[Role.EVALUATOR] & writes
    # Of what it watches a supervisor changes nothing, and the case book is nobody else's.
    assert not PERMISSIONS[Role.SUPERVISOR] & writes
    assert [role for role in Role if Permission.CASE_BOOK in PERMISSIONS[role]] == [Role.SUPERVISOR]
    # Who called is for one role; it sees no household, and whoever looks into a complaint does not keep it.
    assert [role for role in Role if Permission.HOTLINE_KEEP in PERMISSIONS[role]] == [Role.HOTLINE_KEEPER]
    assert not PERMISSIONS[Role.HOTLINE_KEEPER] & {
        Permission.HOUSEHOLD_VIEW,
        Permission.HOTLINE_HANDLE,
        Permission.AUDIT_VIEW,
    }
    assert not any("household" in p.value or "finding" in p.value for p in PERMISSIONS[Role.SYSTEM_ADMINISTRATOR])
    assert [role for role in Role if Permission.ID_NUMBER_VIEW in PERMISSIONS[role]] == [Role.COUNTY_OFFICER]


@pytest.fixture
def wang(db: None) -> User:
    return actions.create_user(username="wang", name="王芳", password=PASSWORD, by="zhao")


def _post(user: User, role: Role, area: str, on: dt.date = DAY, until: dt.date | None = None) -> Post:
    return actions.give_post(user=user, role=role, area=area, by="zhao", on=on, until=until)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (dt.date(2015, 6, 14), False),
        (dt.date(2015, 6, 15), True),
        (dt.date(2015, 12, 31), True),
        (dt.date(2016, 1, 1), False),
    ],
)
def test_post_holds_from_its_first_to_its_last_day(wang: User, day: dt.date, holds: bool) -> None:
    _post(wang, Role.COUNTY_OFFICER, COUNTY, DAY, dt.date(2015, 12, 31))

    actor = queries.actor_of(wang, day)

    assert actor.may(Permission.HOUSEHOLD_EDIT, f"{COUNTY}100001") == holds
    assert bool(actor.scope(Permission.HOUSEHOLD_EDIT)) == holds


def test_user_without_post_sees_nothing(wang: User) -> None:
    actor = queries.actor_of(wang, DAY)

    assert not any(actor.may(permission) for permission in Permission)
    assert actor.widest_area is None


def test_user_who_is_not_active_sees_nothing(wang: User) -> None:
    _post(wang, Role.COUNTY_OFFICER, COUNTY)
    wang.is_active = False

    assert not any(queries.actor_of(wang, DAY).may(permission) for permission in Permission)


def test_rights_of_two_posts_hold_each_in_its_own_place(wang: User) -> None:
    _post(wang, Role.COUNTY_OFFICER, COUNTY)
    _post(wang, Role.AUDITOR, OTHER)

    actor = queries.actor_of(wang, DAY)

    assert actor.scope(Permission.HOUSEHOLD_VIEW) == Scope((OTHER, COUNTY))
    assert actor.scope(Permission.HOUSEHOLD_EDIT) == Scope((COUNTY,))
    assert not actor.may(Permission.HOUSEHOLD_EDIT, OTHER)
    assert actor.widest_area == OTHER


def test_end_of_a_post_is_its_last_day(wang: User) -> None:
    post = _post(wang, Role.COUNTY_OFFICER, COUNTY)

    actions.end_post(post=post, by="zhao", on=DAY + dt.timedelta(10))

    assert queries.actor_of(wang, DAY + dt.timedelta(10)).may(Permission.HOUSEHOLD_EDIT)
    assert not queries.actor_of(wang, DAY + dt.timedelta(11)).may(Permission.HOUSEHOLD_EDIT)


def test_post_that_ends_before_it_began_lasts_its_first_day(wang: User) -> None:
    post = _post(wang, Role.COUNTY_OFFICER, COUNTY)

    actions.end_post(post=post, by="zhao", on=DAY - dt.timedelta(3))

    post.refresh_from_db()
    assert post.to_date == DAY


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("area", "level"), [("52", "province"), ("5203", "prefecture"), ("520326", "county")])
def test_post_stands_on_the_level_of_its_role(wang: User, role: Role, area: str, level: str) -> None:
    if level in {one.value for one in LEVELS[role]}:
        assert _post(wang, role, area).pk
    else:
        with pytest.raises(actions.PostWrongLevel):
            _post(wang, role, area)


def test_post_in_a_place_that_is_not_on_file(wang: User) -> None:
    with pytest.raises(DivisionUnknown):
        _post(wang, Role.COUNTY_OFFICER, "110101")


def test_posts_in_a_scope(wang: User) -> None:
    _post(wang, Role.COUNTY_OFFICER, COUNTY)
    _post(wang, Role.AUDITOR, OTHER)

    assert [post.area_id for post in queries.posts_in(Scope((COUNTY,)))] == [COUNTY]
    assert list(queries.posts_in(Scope(()))) == []


class TestUsers:
    def test_user_name_once(self, wang: User) -> None:
        with pytest.raises(actions.UserExists, match="wang"):
            actions.create_user(username="wang", name="另一人", password=PASSWORD, by="zhao")

    @pytest.mark.parametrize("password", ["short", "1234567890123", "password1234", "wangwangwang"])
    def test_weak_password(self, db: None, password: str) -> None:
        with pytest.raises(ValidationError):
            actions.create_user(username="wangwang", name="wangwangwang", password=password, by="zhao")

        assert not User.objects.filter(username="wangwang").exists()

    def test_first_password_must_be_changed_and_is_nowhere_in_the_log(self, wang: User) -> None:
        assert wang.must_change_password
        assert not any(PASSWORD in diff for diff in Entry.objects.values_list("diff", flat=True))

    def test_new_passwords_pass_the_validators_and_differ(self, db: None) -> None:
        passwords = {actions.new_password() for _ in range(30)}

        assert len(passwords) == 30
        for number, password in enumerate(passwords):
            actions.create_user(username=f"u{number}", name="某", password=password, by="zhao")

    def test_every_action_is_in_the_log(self, wang: User) -> None:
        post = _post(wang, Role.COUNTY_OFFICER, COUNTY)
        actions.end_post(post=post, by="zhao", on=DAY)
        actions.set_password(user=wang, password=PASSWORD + "x", by="wang", must_change_password=False)

        done = [(entry.action, entry.chain, entry.by) for entry in audit.history("user", "wang")]
        assert sorted(done) == [
            ("password.set", "system", "wang"),
            ("post.ended", COUNTY, "zhao"),
            ("post.given", COUNTY, "zhao"),
            ("user.created", "system", "zhao"),
        ]

    def test_argon2_is_what_passwords_are_kept_with(self, db: None, settings: object) -> None:
        from jiefa.config.settings import PASSWORD_HASHERS  # noqa: TID251

        settings.PASSWORD_HASHERS = PASSWORD_HASHERS
        user = actions.create_user(username="argon", name="某", password=PASSWORD, by="zhao")

        assert user.password.startswith("argon2$argon2id$")
        request = RequestFactory().post("/")
        assert authenticate(request, username="argon", password=PASSWORD) == user
        assert authenticate(request, username="argon", password=PASSWORD + "x") is None


class TestSigningIn:
    PASSWORD_PAGE = "/password/"

    def _try(self, client: Client, password: str) -> int:
        return client.post("/sign-in/", {"username": "wang", "password": password}).status_code

    def test_five_failures_lock_out_even_with_the_right_password(self, wang: User, client: Client) -> None:
        answers = [self._try(client, "wrong") for _ in range(django_settings.AXES_FAILURE_LIMIT)]

        assert django_settings.AXES_FAILURE_LIMIT == 5
        assert 429 not in answers[:4]
        assert self._try(client, PASSWORD) == 429
        assert "_auth_user_id" not in client.session

    def test_four_failures_do_not(self, wang: User, client: Client) -> None:
        for _ in range(4):
            self._try(client, "wrong")

        assert self._try(client, PASSWORD) == 302
        assert client.session["_auth_user_id"] == str(wang.pk)

    def test_first_password_opens_no_page_but_that_of_the_password(self, wang: User, client: Client) -> None:
        _post(wang, Role.COUNTY_OFFICER, COUNTY)
        client.force_login(wang, "django.contrib.auth.backends.ModelBackend")

        for url in ("/", "/households/", "/snapshots/"):
            answer = client.get(url)
            assert (answer.status_code, answer["Location"]) == (302, self.PASSWORD_PAGE)
        assert client.get(self.PASSWORD_PAGE).status_code == 200

    def test_own_password_opens_the_pages(self, wang: User, client: Client) -> None:
        actions.set_password(user=wang, password=PASSWORD + "x", by="wang", must_change_password=False)
        _post(wang, Role.COUNTY_OFFICER, COUNTY)
        client.force_login(wang, "django.contrib.auth.backends.ModelBackend")

        assert client.get("/").get("Location") != self.PASSWORD_PAGE

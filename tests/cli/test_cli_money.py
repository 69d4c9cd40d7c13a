"""Money on the command line: a list is proposed by one user and confirmed by another; the books are added up."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from tests.funds.moves import FUNDS, HELD, balance, fill, move, posted
from tests.funds.test_funds_orders import TRANSFERS
from typer.testing import CliRunner

from jiefa.access import actions as access
from jiefa.access.rules import Role
from jiefa.cli import app as command_line
from jiefa.funds.models import Account, Order
from jiefa.funds.rules.refusals import OrderOwn

pytestmark = pytest.mark.django_db


def _said(*arguments: object, status: int = 0) -> dict[str, object]:
    found = CliRunner().invoke(command_line.build("money"), ["money", *(str(one) for one in arguments), "--json"])
    assert found.exit_code == status, found.output
    answer: dict[str, object] = json.loads(found.output)
    return answer


@pytest.fixture
def users() -> None:
    for name, role in (("wang", Role.COUNTY_OFFICER), ("chen", Role.FINANCE_OFFICER)):
        user = access.create_user(username=name, name=name, password="Correct-horse-9", by="x")
        access.give_post(user=user, role=role, area="520324", by="x", on=dt.date(2013, 1, 1))


@pytest.mark.usefixtures("users")
def test_list_is_proposed_confirmed_and_the_books_add_up(tmp_path: Path) -> None:
    fill()
    posted(move(FUNDS, HELD, 100_00))
    head = ("2015-06-01", "中央财政", "发展资金", "2015", "", "52", "资金持有单位", "520324", "", "收款人", "520324")
    rows = [("1", *head, "合作社", "", "20", "培训", "x"), ("2", *head, "合作社", "", "90", "培训", "x")]
    file = tmp_path / "list.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([TRANSFERS, *rows])

    sent = _said("load", "transfers", file, "--as", "wang", status=1)
    assert (sent["posted"], sent["held_back"], balance(HELD)) == (1, 1, 100_00)
    assert (tmp_path / "list-检查结果.xlsx").exists()
    done = _said("confirm", sent["order"], "--as", "chen")
    assert (done["state"], balance(HELD)) == ("accepted", 80_00)

    places = _said("list", "--place", "520324", "--as", "chen")["places"]
    assert isinstance(places, list)
    assert (places[0]["holder_fen"], places[0]["payee_fen"]) == (80_00, 20_00)
    assert _said("books")["add_up"] is True
    Account.objects.filter(kind="holder", area_code="520324").update(balance_fen=1)
    assert _said("books", status=1)["add_up"] is False


@pytest.mark.usefixtures("users")
def test_operator_cannot_confirm_what_the_operator_proposed(tmp_path: Path) -> None:
    fill()
    posted(move(FUNDS, HELD, 100_00))
    head = ("2015-06-01", "中央财政", "发展资金", "2015", "", "52", "资金持有单位", "520324", "", "收款人", "520324")
    file = tmp_path / "list.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([TRANSFERS, ("1", *head, "合作社", "", "20", "培训", "x")])
    _said("load", "transfers", file)

    order = Order.objects.get()
    found = CliRunner().invoke(command_line.build("money"), ["money", "confirm", str(order.pk)])

    assert isinstance(found.exception, OrderOwn)
    assert balance(HELD) == 100_00

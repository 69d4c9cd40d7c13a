"""Money planted for a household: two pots of its village, a transfer, an order that waits, an allocation with a letter."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from django.conf import settings
from django.utils import timezone
from tests.funds.test_funds_orders import TRANSFERS

from jiefa.funds.models import Account, Allocation, AllocationShare, Order, Origin, Transfer
from jiefa.funds.rules import rows as rules
from jiefa.kernel.vault import Vault
from jiefa.registry.intake import folder
from jiefa.registry.models import Household


def plant(household: Household, year: int) -> dict[str, object]:
    """What pages of money are about, by the names of the walk."""
    now, village = timezone.now(), household.village_code
    origin = Origin.objects.create(source="donation", type="assistance", year=year, area_code=village, giver="x")
    world = Account.objects.create(kind="outside", origin=origin, balance_fen=-100)
    office = Account.objects.create(kind="holder", area_code=village, origin=origin, balance_fen=60)
    pot = Account.objects.create(kind="payee", area_code=village, household=household, origin=origin, balance_fen=40)
    said = {"origin": origin, "on": dt.date(year, 6, 1), "purpose": "training", "document": "x", "by": "x", "at": now}
    Transfer.objects.create(
        from_account=world, to_account=office, from_code="", to_code=village, amount_fen=100, key=f"a{village}", **said
    )
    transfer = Transfer.objects.create(
        from_account=office,
        to_account=pot,
        from_code=village,
        to_code=village,
        amount_fen=40,
        key=f"b{village}",
        **said,
    )
    remark = {"sheet": "transfers", "row": 2, "level": "error", "rule": "funds.amount", "zh": "金额不对", "en": "wrong"}
    waiting = rules.COLUMNS.empty_table()
    kept = folder.keep(
        settings.JIEFA_HOME,
        waiting.append_column("line", pa.array([], pa.int64())).append_column("held", pa.array([], pa.bool_())),
        pa.table({}),
        pa.Table.from_pylist([remark], folder.REMARK_COLUMNS),
        Vault(settings.JIEFA_VAULT_KEY).seal_bytes(f"{','.join(TRANSFERS)}\n{household.number}\n".encode()),
        {"kind": "transfers"},
    )
    orders = [
        Order.objects.create(
            kind=kind,
            title=f"{household.head_name}.csv",
            digest=f"{household.pk:064}",
            rows_digest=rules.digest(waiting),
            state="staged",
            areas=village,
            rows=1,
            posted=0,
            unchanged=0,
            held_back=1,
            warnings=0,
            amount_fen=0,
            folder=kept.path.name,
            staged_at=now,
            staged_by="nobody",
        )
        for kind in ("transfers", "allocation")
    ]
    allocation = Allocation.objects.create(
        account=office,
        snapshot="2015-x",
        snapshot_year=year,
        policy_version="x",
        amount_fen=10,
        purpose="training",
        goal="x",
        rights="x",
        document=household.head_name or "x",
        workings={"fen": 10, "parts": [], "shares": []},
        order=orders[1],
        by="x",
        at=now,
    )
    share = AllocationShare.objects.create(allocation=allocation, area_code=village, amount_fen=10, task_people=1)
    return {
        "pot": pot.pk,
        "transfer": transfer.pk,
        "order": orders[0].pk,
        "allocation": allocation.pk,
        "letter": share.pk,
    }

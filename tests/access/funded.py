"""Money planted for a household: two pots of its village, a transfer, an order that waits, an allocation, a project."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.utils import timezone
from tests.access.filed import PICTURE
from tests.funds.test_funds_orders import TRANSFERS

from jiefa.funds.models import (
    Account,
    Allocation,
    AllocationShare,
    Order,
    Origin,
    Payment,
    PaymentFile,
    Project,
    ProjectPicture,
    Transfer,
)
from jiefa.funds.rules import payments
from jiefa.funds.rules import rows as rules
from jiefa.kernel.vault import Vault
from jiefa.procedures import evidence
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
    line = payments.Line(transfer.pk, household.head_name or "", "x", "6217000000000000", 40, "x", "x")
    content = json.dumps([asdict(line)], ensure_ascii=False).encode()
    sent = PaymentFile.objects.create(
        order=orders[0], channel="card", areas=village, digest=payments.digest([line]), rows=1, amount_fen=40,
        content=Vault(settings.JIEFA_VAULT_KEY).seal_bytes(content), by="x", at=now,
    )  # fmt: skip
    Payment.objects.create(file=sent, transfer=transfer, amount_fen=40)
    project = Project.objects.create(
        number=f"W-{village}", name="x", kind="infrastructure", place_code=village, year=year,
        asked_fen=100, source="central", applicant="x", implementer="x", responsible="x", tender="villagers", content="x",
        goal="x", starts_on=dt.date(year, 1, 1), ends_on=dt.date(year, 12, 31), maintenance="x", approved_fen=100,
        approved_on=dt.date(year, 1, 1), noticed_on=dt.date(year, 1, 1), by="x", at=now,
    )  # fmt: skip
    kept = evidence.keep(Path(settings.JIEFA_HOME), "a.png", PICTURE)
    picture = ProjectPicture.objects.create(
        project=project, moment="before", taken_on=dt.date(year, 1, 1), file_name="a.png", media_type=kept.media_type,
        size=kept.size, sha256=kept.sha256, by="x", at=now,
    )  # fmt: skip
    return {
        "payment_file": sent.pk,
        "project": project.pk,
        "project_picture": (project.pk, picture.pk),
        "pot": pot.pk,
        "transfer": transfer.pk,
        "order": orders[0].pk,
        "allocation": allocation.pk,
        "letter": share.pk,
    }

"""A notice with its photograph and an objection to it, in any village: what the walk visits."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from jiefa import policy
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.disclosure import actions
from jiefa.disclosure.models import Channel
from jiefa.procedures.actions import Opening, open_dossier
from jiefa.procedures.models import Dossier

PHOTO = b"\xff\xd8\xff a notice on its wall"


def publish(village: str, name: str) -> dict[str, object]:
    """The keys of a notice about ``name``, of a photograph of it and of an objection to it."""
    pack, today = policy.load(), timezone.localdate()
    officer = holder("nobody", [(Role.VILLAGE_OFFICER, village)])
    opening = Opening(f"applicant:{village}", village, name, today.year, {"members": 1})
    dossier = open_dossier(procedure="identification", opening=opening, by=officer, on=today, pack=pack)
    Dossier.objects.filter(pk=dossier.pk).update(step="first_notice", desk=village, submitted_digest="")
    notice = actions.post_notice(dossier_ids=[dossier.pk], by=officer, on=today, pack=pack)
    photograph = actions.confirm_posting(
        notice_id=notice.pk, place=village, name="墙.jpg", content=PHOTO, by=officer, on=today
    )
    objection = actions.file_objection(
        notice_id=notice.pk, text=f"{name}不符合条件", channel=Channel.PAGE, on=today + dt.timedelta(days=1), pack=pack
    )
    return {"notice": notice.pk, "photograph": photograph.pk, "objection": objection.pk}

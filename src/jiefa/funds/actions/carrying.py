"""The work while it goes on: how far it has come, and pictures of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.funds.models import WORDS_LENGTH, Moment, Project, ProjectPicture, ProjectProgress
from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules import projects as rules
from jiefa.kernel.errors import Bilingual, Words
from jiefa.policy import Pack
from jiefa.procedures import evidence
from jiefa.procedures import queries as dossiers

AT_WORK = "carrying_out"
PROGRESS, PICTURES = Words("登记进度", "recording progress"), Words("上传照片", "sending pictures")
UNTIL_INSPECTED = frozenset(
    ("library_proposal", "library_keeping", "application", "approval", "notice_before", AT_WORK)
)


def _locked(project_id: int, by: Actor) -> Project:
    found = Project.objects.select_for_update().get(pk=project_id)
    by.demand(Permission.HOUSEHOLD_EDIT, found.place_code)
    return found


def _refuse_unless(found: Project, steps: frozenset[str], what: Words, pack: Pack) -> None:
    """Raises ``ProjectStands`` where the dossier is at none of ``steps``."""
    if found.dossier is not None and found.dossier.step in steps:
        return
    step = Words("没有申报", "no dossier")
    if found.dossier is not None:
        procedure = dossiers.procedure_of(found.dossier, pack)
        named: Mapping[str, Bilingual] = {**procedure.by_id, **procedure.ends_by_id}
        step = Words.of(named[found.dossier.step])
    raise refusals.ProjectStands(project=found.number, step=step, what=what)


@transaction.atomic
def record_progress(
    *, project_id: int, on: dt.date, percent: int, words: str, by: Actor, pack: Pack
) -> ProjectProgress:
    """How far the work had come that day. Raises ``ProjectStands``, ``ProgressWrong``, ``NotAllowed``."""
    found = _locked(project_id, by)
    _refuse_unless(found, frozenset((AT_WORK,)), PROGRESS, pack)
    last = ProjectProgress.objects.filter(project=found).order_by("-pk").first()
    early = on < max(last.on if last else dt.date.min, found.noticed_on or dt.date.min)
    rising = found.progress_percent <= percent <= rules.WHOLE
    said = words.strip()
    limit = WORDS_LENGTH
    if early or on > timezone.localdate() or not rising or not 0 < len(said) <= limit:
        raise refusals.ProgressWrong(project=found.number, least=found.progress_percent)
    made = ProjectProgress.objects.create(
        project=found, on=on, percent=percent, words=said, by=by.name, at=timezone.now()
    )
    found.progress_percent = percent
    found.save(update_fields=["progress_percent"], force_update=True)
    audit.record(
        chain=found.place_code,
        by=by.name,
        action="project.progress_recorded",
        object_type="project",
        object_id=found.pk,
        diff={"on": on, "percent": percent},
    )
    return made


@transaction.atomic
def add_picture(
    *, project_id: int, moment: Moment, taken_on: dt.date, name: str, content: bytes, by: Actor, pack: Pack
) -> ProjectPicture:
    """The picture, kept by the digest of its content; the same content once.

    Raises ``ProjectStands``, ``ProgressWrong``, ``NoPicture``, ``NotAllowed``, and as ``evidence.keep``.
    """
    found = _locked(project_id, by)
    _refuse_unless(found, UNTIL_INSPECTED, PICTURES, pack)
    if taken_on > timezone.localdate():
        raise refusals.ProgressWrong(project=found.number, least=found.progress_percent)
    kept = evidence.keep(Path(settings.JIEFA_HOME), name, content)
    if not kept.media_type.startswith("image/"):
        raise refusals.NoPicture(name=name)
    made, is_new = ProjectPicture.objects.get_or_create(
        project=found,
        moment=moment,
        sha256=kept.sha256,
        defaults={
            "taken_on": taken_on,
            "file_name": Path(name).name[:200],
            "media_type": kept.media_type,
            "size": kept.size,
            "by": by.name,
            "at": timezone.now(),
        },
    )
    if is_new:
        audit.record(
            chain=found.place_code,
            by=by.name,
            action="project.picture_added",
            object_type="project",
            object_id=found.pk,
            diff={"moment": moment.value, "taken_on": taken_on, "sha256": kept.sha256},
        )
    return made

"""Laying files into dossiers."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.audit import actions as audit
from jiefa.kernel.errors import NotAllowed, Words
from jiefa.policy import Pack
from jiefa.procedures import evidence, queries, rules
from jiefa.procedures.models import Dossier, Evidence
from jiefa.stores import bulk

AT_ONCE = 1_000


def lay_in(*, dossier_id: int, kind: str, name: str, content: bytes, by: Actor, pack: Pack) -> Evidence:
    """The file in the dossier; the same content of the same kind once. Raises ``NotAllowed`` for who has no step to take
    there now, ``DossierClosed``, and as ``evidence.keep``."""
    lay_in_many(dossier_ids=[dossier_id], kind=kind, name=name, content=content, by=by, pack=pack)
    return Evidence.objects.get(dossier=dossier_id, kind=kind, sha256=hashlib.sha256(content).hexdigest())


def lay_in_many(*, dossier_ids: Sequence[int], kind: str, name: str, content: bytes, by: Actor, pack: Pack) -> int:
    """How many dossiers have got the file, as the minutes of one meeting speak of many households. All or none.

    Raises as ``lay_in``.
    """
    kept = evidence.keep(Path(settings.JIEFA_HOME), name, content)
    laid = 0
    waiting = iter(sorted(set(dossier_ids)))
    with transaction.atomic():
        while chunk := list(islice(waiting, AT_ONCE)):
            dossiers = list(Dossier.objects.select_for_update().filter(pk__in=chunk).order_by("pk"))
            _check_rights(dossiers, by, pack)
            have = set(
                Evidence.objects.filter(dossier__in=chunk, kind=kind, sha256=kept.sha256).values_list(
                    "dossier_id", flat=True
                )
            )
            fresh = [dossier for dossier in dossiers if dossier.pk not in have]
            _write(fresh, kind, name, kept, by)
            laid += len(fresh)
    return laid


def _check_rights(dossiers: Sequence[Dossier], by: Actor, pack: Pack) -> None:
    for dossier in dossiers:
        procedure = queries.procedure_of(dossier, pack)
        if dossier.outcome:
            raise rules.DossierClosed(title=dossier.title, end=Words.of(procedure.ends_by_id[dossier.step]))
        if not queries.may_take(by, procedure.by_id[dossier.step], dossier.place_code):
            raise NotAllowed(what=Words.of(procedure.by_id[dossier.step]))


def _write(dossiers: Sequence[Dossier], kind: str, name: str, kept: evidence.Kept, by: Actor) -> None:
    count, now, text = len(dossiers), timezone.now(), pa.string()
    rows = pa.table(
        {
            "id": bulk.new_ids("procedures_evidence", count),
            "dossier_id": pa.array([dossier.pk for dossier in dossiers], pa.int64()),
            "kind": pa.array([kind] * count, text),
            "step": pa.array([dossier.step for dossier in dossiers], text),
            "file_name": pa.array([Path(name).name[:200]] * count, text),
            "media_type": pa.array([kept.media_type] * count, text),
            "size": pa.array([kept.size] * count, pa.int32()),
            "sha256": pa.array([kept.sha256] * count, text),
            "by": pa.array([by.name] * count, text),
            "at": pa.array([now] * count, pa.timestamp("us", "UTC")),
        }
    )
    bulk.insert("procedures_evidence", rows)
    by_county: dict[str, list[int]] = defaultdict(list)
    for dossier in dossiers:
        by_county[rules.chain(dossier.procedure, dossier.place_code)].append(dossier.pk)
    audit.record_many(
        [
            audit.Said(
                chain=county,
                by=by.name,
                action="dossier.file_laid_in",
                object_type="dossier",
                object_id=own[0] if len(own) == 1 else f"{own[0]}+{len(own) - 1}",
                diff={"kind": kind, "sha256": kept.sha256, "size": kept.size, "dossiers": own},
            )
            for county, own in sorted(by_county.items())
        ]
    )

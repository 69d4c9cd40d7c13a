"""A roster sent to the site: kept for the time of reading, checked in the background, then a batch that waits for review."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.insight.actions import intake
from jiefa.kernel.errors import JiefaError
from jiefa.registry.models import Upload


class FileTooLarge(JiefaError):
    code = "insight.upload_too_large"
    zh = "文件超过 {megabytes} MB，未接收。请按乡镇拆成几个文件，或由县里用命令行 jiefa load 导入。"
    en = "The file is larger than {megabytes} MB and was not taken. Split it by township, or load it with jiefa load."


MEGABYTES = 300


def receive(*, name: str, chunks: Iterable[bytes], by: str, within: Scope, wait: bool = False) -> Upload:
    """The upload, being read in the background (or, with ``wait``, already read). Raises ``FileTooLarge``."""
    folder = Path(settings.JIEFA_HOME) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, path = tempfile.mkstemp(suffix=Path(name).suffix.lower(), dir=folder)
    size = 0
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MEGABYTES << 20:
                Path(path).unlink()
                raise FileTooLarge(megabytes=MEGABYTES)
            file.write(chunk)
    upload = Upload.objects.create(file_name=Path(name).name, by=by)
    worker = threading.Thread(target=_read, args=(upload.pk, Path(path), Path(name).name, by, within), daemon=True)
    worker.start()
    if wait:
        worker.join()
        upload.refresh_from_db()
    return upload


def _note(upload_id: int, step: str) -> None:
    Upload.objects.filter(pk=upload_id).update(step=step)


def _read(upload_id: int, path: Path, name: str, by: str, within: Scope) -> None:
    upload = Upload.objects.filter(pk=upload_id)
    try:
        checked = intake.check_roster(
            path=path,
            pack=policy.load(),
            within=within,
            by=by,
            keep_source=True,
            name=name,
            on_step=lambda step: _note(upload_id, step),
        )
        upload.update(step="done", batch=checked.batch)
    except JiefaError as refused:
        upload.update(step="failed", failure_zh=refused.message("zh"), failure_en=refused.message("en"))
    except Exception:
        # A fault of ours: the person is told that nothing was taken, the log keeps the trace.
        upload.update(
            step="failed",
            failure_zh="读取时系统出错，没有写入任何数据。请把文件和时间告诉系统管理员。",
            failure_en="The system failed while reading; nothing was written. Tell the administrator which file and when.",
        )
        raise
    finally:
        path.unlink(missing_ok=True)
        connection.close()

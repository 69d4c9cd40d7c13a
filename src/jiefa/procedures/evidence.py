"""Files of dossiers on disk: checked by what they are, not by what they are called; kept by the digest of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jiefa.kernel.errors import JiefaError, Words

LARGEST = 10 * 1024 * 1024


class EvidenceTooLarge(JiefaError):
    code = "procedures.evidence_large"
    zh = "“{name}”有 {size} 字节，超过 {limit} 字节。请压缩或分成几个文件。"
    en = "{name!r} has {size} bytes, more than {limit}. Compress it or split it."


class EvidenceEmpty(JiefaError):
    code = "procedures.evidence_empty"
    zh = "“{name}”是空文件，请重新选择。"
    en = "{name!r} is empty; choose the file again."


class EvidenceUnfit(JiefaError):
    code = "procedures.evidence_kind"
    zh = "“{name}”不是可以接受的文件（{accepted}）。请另存为其中一种后再传。"
    en = "{name!r} is no file that is taken here ({accepted}). Save it as one of these and send it again."


class EvidenceLost(JiefaError):
    code = "procedures.evidence_lost"
    zh = "“{name}”的内容与登记时不符或已丢失，请联系系统管理员。"
    en = "The content of {name!r} is lost or not what was filed; tell the administrator."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type and how its content begins."""

    media_type: str
    begins: Callable[[bytes], bool]


KINDS = (
    Kind("application/pdf", lambda head: head.startswith(b"%PDF-")),
    Kind("image/jpeg", lambda head: head.startswith(b"\xff\xd8\xff")),
    Kind("image/png", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    Kind("image/webp", lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
)
ACCEPTED = Words("PDF、JPEG、PNG、WebP", "PDF, JPEG, PNG, WebP")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is on disk."""

    sha256: str
    size: int
    media_type: str


def path_of(home: Path, sha256: str) -> Path:
    """Where content with that digest lies."""
    return home / "evidence" / sha256[:2] / sha256


def keep(home: Path, name: str, content: bytes) -> Kept:
    """The file kept under its digest; the same content once. Raises ``EvidenceTooLarge``, ``EvidenceEmpty``, ``EvidenceUnfit``."""
    if len(content) > LARGEST:
        raise EvidenceTooLarge(name=name, size=f"{len(content):,}", limit=f"{LARGEST:,}")
    if not content:
        raise EvidenceEmpty(name=name)
    kind = next((kind for kind in KINDS if kind.begins(content)), None)
    if kind is None:
        raise EvidenceUnfit(name=name, accepted=ACCEPTED)
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(home, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, scratch = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(target)
    return Kept(digest, len(content), kind.media_type)


def content_of(home: Path, name: str, sha256: str) -> bytes:
    """The content, checked against its digest. Raises ``EvidenceLost``."""
    try:
        content = path_of(home, sha256).read_bytes()
    except OSError:
        raise EvidenceLost(name=name) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EvidenceLost(name=name)
    return content

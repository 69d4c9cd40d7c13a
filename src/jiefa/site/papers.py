"""Notices as PDF: typeset once, kept under the digest of what they say, served from there afterwards.

Typst sets them with the fonts that the package installs; the machine's own fonts are not asked.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import segno
import typst
from django.utils.translation import gettext as _

from jiefa.site.reader import Reader
from jiefa.site.synthetic import is_synthetic
from jiefa.site.templatetags.jiefa import day

Size = Literal["a3", "a4"]
TEMPLATE = Path(__file__).parent / "templates" / "site" / "public" / "notice.typ"
FONTS = pylopdf_fonts_zh_cn.sans_path().parent


def notice(reader: Reader, facts: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], url: str, size: Size) -> bytes:
    """The paper of a notice; ``url``: of its page, for the QR code."""
    return _typeset(reader.home, {**_words(facts), **_body(facts, rows), "qr": _qr(url), "url": url, "size": size} | {
        "lang": reader.lang,
        "synthetic": "虚构数据 · Synthetic data" if is_synthetic() else "",
    })  # fmt: skip


def _words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The sentences around the list, in the reader's language."""
    until = facts["until"]
    runs = (
        _("Posted on {posted}; open to objections until {until}.").format(
            posted=day(facts["posted_on"]), until=day(until)
        )
        if until
        else _("Announced on {posted}.").format(posted=day(facts["posted_on"]))
    )
    return {
        "title": facts["title"],
        "way": facts["way"],
        "procedure": facts["procedure"],
        "runs": runs,
        "total": _total(facts),
        "heading_object": _("If you object"),
        "object": _(
            "Scan the code, call {phone}, or go to the poverty-relief office one level above. You need not say who you are. "
            "Whoever posted this list does not deal with the objection; until it is answered the list does not go on."
        ).format(phone=facts["phone"])
        if until
        else _(
            "Scan the code, call {phone}, or go to the poverty-relief office one level above. You need not say who you are."
        ).format(phone=facts["phone"]),
        "phone_label": _("Hotline"),
        "phone": facts["phone"],
        "masked": _("Names are shown in part. No number, telephone, account or state of health is published."),
        "digest": _("Digest of the list: {digest}").format(digest=facts["digest"]),
        "page_of": _("page"),
        "columns": [_("No."), _("Name"), _("Place"), _("People"), _("What is decided")],
    }


def _total(facts: Mapping[str, Any]) -> str:
    if facts["shows_people"]:
        return _("{lines} households, {people} people").format(lines=facts["lines"], people=facts["people"])
    return _("{lines} in the list").format(lines=facts["lines"])


def _body(facts: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "kept": [0, 1, *([2] if facts["shows_place"] else []), *([3] if facts["shows_people"] else []), 4],
        "rows": [
            [str(row["position"]), _named(row), row["place"], str(row["people"] or ""), row["decided"]] for row in rows
        ],
    }


def _named(row: Mapping[str, Any]) -> str:
    """The name, and under it what is published of a project."""
    return "\n".join([row["name"], *(f"{fact['label']}: {fact['value']}" for fact in row["project"])])


def _qr(url: str) -> str:
    stream = io.BytesIO()
    segno.make(url, error="m", micro=False).save(stream, kind="svg", border=2, xmldecl=False)
    return stream.getvalue().decode()


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def _typeset(home: Path, content: Mapping[str, Any]) -> bytes:
    said = json.dumps(content, ensure_ascii=False, sort_keys=True)
    name = hashlib.sha256(_template() + said.encode()).hexdigest()
    kept = home / "papers" / f"{name}.pdf"
    if kept.exists():
        return kept.read_bytes()
    pdf = typst.compile(_template(), font_paths=_fonts(), format="pdf", sys_inputs={"notice": said})
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, scratch = tempfile.mkstemp(dir=kept.parent, prefix=".writing-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(pdf)
    Path(scratch).replace(kept)
    return pdf

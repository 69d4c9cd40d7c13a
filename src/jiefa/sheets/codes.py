"""Code columns: accepted words -> ids. Unknown words are an error that offers the nearest labels, never a guess."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from jiefa.sheets.columns import Column
from jiefa.sheets.remarks import Note
from jiefa.sheets.text_cells import clean_text, clean_token, code_key

SEPARATORS = re.compile(r"[、，,;；\n|+和及]|\s+")
SLASH = re.compile(r"[/\\]")
LEADING_NUMBER = re.compile(r"[(（]?\d{1,2}[)）]?[.、:：\- ]?(?=\D)")
OFFERED = 3

Lookup = Callable[[object], tuple[str | None, tuple[Note, ...]]]


def _lookup(column: Column) -> Lookup:
    choices = dict(column.choices or {})
    by_key: dict[str, str] = {}
    for text, code in choices.items():
        by_key.setdefault(code_key(text), code)
    width = {len(code) for code in choices.values() if code.isdigit()}
    padded = width.pop() if len(width) == 1 and all(code.isdigit() for code in choices.values()) else 0

    def find(value: object) -> tuple[str | None, tuple[Note, ...]]:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return None, (Note("wrong_kind"),)
        if isinstance(value, float):
            value = int(value) if value == int(value) else value
        text = str(value)
        if (code := choices.get(text)) is not None:
            return code, ()
        token = clean_token(text)[0]
        if (code := choices.get(token) or choices.get(clean_text(text)[0])) is not None:
            return code, tuple(Note(kind) for kind in clean_token(text)[1])
        if padded and token.isdigit() and (code := choices.get(token.zfill(padded))) is not None:
            return code, (Note("spelling"),)
        key = code_key(text)
        code = by_key.get(key) or by_key.get(LEADING_NUMBER.sub("", key, count=1))
        return (code, (Note("spelling"),)) if code is not None else (None, (_unknown(column, token),))

    return find


def _unknown(column: Column, text: str) -> Note:
    labels = list(column.choice_labels) or list(column.choices or {})
    near = difflib.get_close_matches(text, labels, n=OFFERED, cutoff=0.4)
    if not near:
        return Note("unknown_code")
    return Note("unknown_code", f"是不是：{'、'.join(near)}？", f"Did you mean {', '.join(near)}? ")


def code_typer(column: Column) -> Callable[[object], tuple[object, tuple[Note, ...]]]:
    return _lookup(column)


def codes_typer(column: Column) -> Callable[[object], tuple[object, tuple[Note, ...]]]:
    """Several codes in one cell -> a list of ids in the order written, each once. One unknown word spoils the cell."""
    find = _lookup(column)

    def type_codes(value: object) -> tuple[object, tuple[Note, ...]]:
        whole, notes = find(value)
        if whole is not None or not isinstance(value, str):
            return ([whole] if whole is not None else None), notes
        codes: list[str] = []
        told: dict[str, Note] = {}
        for part in _parts(value, find):
            code, part_notes = find(part)
            if code is None:
                return None, part_notes
            told.update({note.code: note for note in part_notes})
            if code in codes:
                told["repeated"] = Note("repeated")
            else:
                codes.append(code)
        return codes or None, tuple(told.values())

    return type_codes


def _parts(text: str, find: Lookup) -> list[str]:
    parts: list[str] = []
    for part in SEPARATORS.split(text):
        if part.strip() and find(part)[0] is None and SLASH.search(part):
            parts.extend(piece for piece in SLASH.split(part) if piece.strip())
        elif part.strip():
            parts.append(part)
    return parts

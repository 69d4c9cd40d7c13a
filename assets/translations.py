"""Interface translations without GNU gettext: ``extract-check`` and ``compile``.

``extract-check`` fails when a message of the templates or of the Python code has no Chinese text in the catalogue
(missing, empty or fuzzy), when its placeholders differ, or when the catalogue holds a message that nothing uses.
``compile`` writes the ``.mo`` files; ``update`` adds new messages with empty texts and drops unused ones.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "jiefa"
LOCALE = PACKAGE / "locale"
CATALOGUES = {"zh_Hans": LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
HEADER = "# Chinese words of the pages; `python assets/translations.py update` adds and drops entries."
Key = tuple[str | None, str, str | None]


def sources() -> Iterator[tuple[Path, bytes]]:
    """Every file that may hold messages, as Python-like text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, path.read_bytes()
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode()


def used() -> dict[Key, list[tuple[str, int]]]:
    """Every message of the code (context, singular, plural) and where it stands."""
    found: dict[Key, list[tuple[str, int]]] = {}
    for path, text in sources():
        place = path.relative_to(ROOT).as_posix()
        found_here = extract("python", io.BytesIO(text), KEYWORDS, options={"encoding": "utf-8"})
        for line, message, _comments, context in found_here:
            singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
            if singular:
                found.setdefault((context, singular, plural), []).append((place, line))
    return found


def read(path: Path) -> Catalog:
    """The catalogue of ``path``."""
    with path.open("rb") as stream:
        return read_po(stream, locale="zh_Hans")


def key_of(message: Message) -> Key:
    """The key of a catalogue entry."""
    if isinstance(message.id, tuple | list):
        return message.context, message.id[0], message.id[1]
    return message.context, str(message.id), None


def texts_of(message: Message) -> list[str]:
    """The translated forms of an entry."""
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


def faults(path: Path) -> list[str]:
    """Everything that keeps the catalogue of ``path`` from being complete, one line each."""
    wanted = used()
    entries = {key_of(message): message for message in read(path) if message.id}
    lines: list[str] = []
    for key, places in wanted.items():
        message = entries.get(key)
        where = f"{places[0][0]}:{places[0][1]}"
        if message is None:
            lines.append(f"missing: {key[1]!r} ({where})")
        elif message.fuzzy:
            lines.append(f"fuzzy: {key[1]!r} ({where})")
        elif not all(texts_of(message)):
            lines.append(f"empty: {key[1]!r} ({where})")
        else:
            names = set(PLACEHOLDER.findall(key[1])) | set(PLACEHOLDER.findall(key[2] or ""))
            if any(set(PLACEHOLDER.findall(text)) - names for text in texts_of(message)):
                lines.append(f"unknown placeholder: {key[1]!r} ({where})")
    lines.extend(f"no longer used: {key[1]!r}" for key in entries if key not in wanted)
    return lines


def update(path: Path) -> None:
    """Write the catalogue of ``path`` anew: new messages empty, unused ones dropped, translations kept."""
    old = {key_of(message): message for message in read(path) if message.id} if path.exists() else {}
    catalogue = Catalog(locale="zh_Hans", project="Jiefa", charset="utf-8", fuzzy=False, header_comment=HEADER)
    for key, places in sorted(used().items(), key=lambda item: (item[1][0], item[0][1])):
        context, singular, plural = key
        kept = old.get(key)
        ident = (singular, plural) if plural else singular
        files = sorted({(place, 0) for place, _ in places})
        catalogue.add(ident, kept.string if kept else "", locations=files, context=context)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=120, omit_header=False, include_lineno=False)


def compile_all() -> None:
    """Write a ``.mo`` file beside every catalogue."""
    for path in CATALOGUES.values():
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, read(path))


def main() -> int:
    """Run one command; the exit status is 1 when the catalogue is not complete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("extract-check", "compile", "update"))
    command = parser.parse_args().command
    if not settings.configured:
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)
        settings.configure(USE_I18N=True)
        django.setup()
    if command == "compile":
        compile_all()
        return 0
    if command == "update":
        for path in CATALOGUES.values():
            update(path)
        return 0
    lines = [f"{locale}: {line}" for locale, path in CATALOGUES.items() for line in faults(path)]
    print("\n".join(lines) or "translations: complete", file=sys.stderr if lines else sys.stdout)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

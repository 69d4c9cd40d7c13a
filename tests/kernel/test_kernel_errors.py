"""Every refusal there is: both languages, the same facts, and every raise fills them."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import jiefa
from jiefa.kernel.errors import JiefaError, NotAllowed, terminal_language

SOURCE = Path(jiefa.__file__).parent


@dataclass(frozen=True)
class Refusal:
    """A subclass of ``JiefaError`` as it stands in the source."""

    name: str
    folder: str
    own_code: str | None
    zh: str
    en: str
    plain: bool  # filled by keyword alone: no __init__ of its own


def _texts(node: ast.ClassDef) -> dict[str, str]:
    pairs = [(item.targets[0], item.value) for item in node.body if isinstance(item, ast.Assign)]
    pairs += [(item.target, item.value) for item in node.body if isinstance(item, ast.AnnAssign) and item.value]
    return {
        target.id: value.value
        for target, value in pairs
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def _all_refusals() -> list[Refusal]:
    classes = [
        (path.relative_to(SOURCE).parts[0], node)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    above = {"JiefaError": Refusal("JiefaError", "kernel", None, JiefaError.zh, JiefaError.en, True)}
    found: list[Refusal] = []
    while classes:
        known = [
            (folder, node, base.id) for folder, node in classes for base in node.bases if isinstance(base, ast.Name)
        ]
        fresh = [(folder, node, above[base]) for folder, node, base in known if base in above]
        if not fresh:
            break
        for folder, node, parent in fresh:
            classes.remove((folder, node))
            texts = _texts(node)
            own_init = any(isinstance(item, ast.FunctionDef) and item.name == "__init__" for item in node.body)
            zh, en = texts.get("zh", parent.zh), texts.get("en", parent.en)
            refusal = Refusal(node.name, folder, texts.get("code"), zh, en, parent.plain and not own_init)
            found.append(refusal)
            above.setdefault(node.name, refusal)
    return found


def _fields(template: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


def _bare(names: set[str]) -> set[str]:
    """Facts that are themselves words come once per language: ``reason_zh`` and ``reason_en`` are one fact."""
    return {re.sub(r"_(zh|en)$", "", name) for name in names}


REFUSALS = _all_refusals()
each_refusal = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)


def test_refusals_of_all_folders_are_found() -> None:
    assert {"kernel", "policy", "sheets", "stores", "snapshots", "areas", "access", "registry"} <= {
        refusal.folder for refusal in REFUSALS
    }


@each_refusal
def test_refusal_speaks_both_languages_of_the_same_facts(refusal: Refusal) -> None:
    context = dict.fromkeys(_fields(refusal.zh) | _fields(refusal.en), "甲")

    chinese, english = refusal.zh.format(**context), refusal.en.format(**context)

    assert _bare(_fields(refusal.zh)) == _bare(_fields(refusal.en))
    assert chinese.strip()
    assert english.strip()
    assert "{" not in chinese + english


@each_refusal
def test_refusal_is_chinese_in_chinese_and_english_in_english(refusal: Refusal) -> None:
    words = dict.fromkeys(_fields(refusal.zh), "")

    assert re.search("[一-鿿]", refusal.zh) or not refusal.zh.format(**words).strip()
    assert not re.search("[一-鿿]", re.sub(r"[“‘（(][^”’）)]*[”’）)]", "", refusal.en))


def test_codes_are_given_once() -> None:
    codes = [refusal.own_code for refusal in REFUSALS if refusal.own_code]

    assert sorted(codes) == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)*", code) for code in codes), codes


def _raises() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node.exc


def test_every_raise_fills_its_message() -> None:
    lacking = []
    for place, call in _raises():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        meant = [refusal for refusal in REFUSALS if refusal.name == name]  # two folders may use one name
        if not meant or not all(refusal.plain for refusal in meant) or any(k.arg is None for k in call.keywords):
            continue
        given = {keyword.arg for keyword in call.keywords}
        missing = [_fields(refusal.zh) | _fields(refusal.en) for refusal in meant]
        if not any(needed <= given for needed in missing):
            lacking.append(f"{place}: {name} is given {sorted(map(str, given))} alone")

    assert lacking == []


def test_message_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEFA_LANG", "en_GB")

    assert terminal_language() == "en"
    assert str(NotAllowed(what="audit_view")) == NotAllowed(what="audit_view").message("en")
    monkeypatch.delenv("JIEFA_LANG")
    assert terminal_language() == "zh"

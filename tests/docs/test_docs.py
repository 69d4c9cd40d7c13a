"""The documents say what the code is: terms, settings, commands, links. What drifts fails here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from django.apps import apps
from django.db import models

from jiefa import policy
from jiefa.access.rules import Permission, Role
from jiefa.cli.app import build
from jiefa.demo import users
from jiefa.registry import cards
from jiefa.registry.intake.remarks import RULES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "jiefa"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SOURCE.rglob("*.md")])
MADE_ELSEWHERE = ("docs/screenshots/", "benchmarks/RESULTS.md")
"""Made by a browser test and by ``make bench``; a fresh checkout of a development branch may lack them."""

SETTING = re.compile(r"(?:JIEFA_[A-Z_]+|DATABASE_URL|DJANGO_SETTINGS_MODULE)\Z")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _code_words(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


def _missing(wanted: set[str], document: str) -> list[str]:
    return sorted(wanted - _code_words(_text(document)))


def _rows_of(heading: str) -> str:
    """The part of the glossary under one heading."""
    return _text("GLOSSARY.md").split(f"\n## {heading}")[1].split("\n## ")[0]


def test_glossary_holds_every_code_list_with_its_values() -> None:
    rows = {row.split("|")[3].strip(): row for row in _rows_of("Code lists").splitlines() if row.startswith("| ")}

    lacking = [
        f"{codes.id}.{value.id}"
        for codes in policy.load().code_lists.values()
        for value in codes.values
        if f"`{value.id}`" not in rows.get(f"`{codes.id}`", "")
    ]

    assert lacking == []


def _tables() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name.startswith("jiefa."):
            yield from config.get_models()


def test_glossary_holds_every_table_and_its_choices() -> None:
    wanted = {table.__name__ for table in _tables()}
    for table in _tables():
        for field in table._meta.concrete_fields:
            if field.choices and field.name in ("state", "kind"):
                wanted |= {str(value) for value, _label in field.flatchoices}

    assert _missing(wanted, "GLOSSARY.md") == []


@pytest.mark.parametrize("enumeration", [Role, Permission])
def test_glossary_holds_every_role_and_permission(enumeration: Any) -> None:
    assert _missing({member.value for member in enumeration}, "GLOSSARY.md") == []


def test_glossary_holds_every_column_of_the_cards() -> None:
    columns = set(cards.HOUSEHOLD_CARD.names) | set(cards.PERSON_CARD.names)

    assert _missing(columns, "GLOSSARY.md") == []


def test_glossary_holds_every_group_of_indicators() -> None:
    assert _missing({found.group for found in policy.load().indicators()}, "GLOSSARY.md") == []


def test_roster_document_holds_every_column_and_intake_rule() -> None:
    wanted = {field.id for sheet in policy.load().form("roster").sheets for field in sheet.fields} | set(RULES)

    assert _missing(wanted, "docs/roster.md") == []


def _settings_read() -> set[str]:
    names = set()
    for file in SOURCE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if not re.search("JIEFA_|DATABASE_URL|DJANGO_", text):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SETTING.match(node.value):
                names.add(node.value)
    return names


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", _text("docs/settings.md"), flags=re.MULTILINE))

    assert documented == _settings_read()


@cache
def _commands() -> dict[str, Any]:
    """Every command by its words, groups that are commands themselves included."""
    found: dict[str, Any] = {}

    def walk(command: Any, path: tuple[str, ...]) -> None:
        inside = getattr(command, "commands", {})
        if path and (not inside or command.invoke_without_command):
            found[" ".join(path)] = command
        for name, part in inside.items():
            walk(part, (*path, name))

    walk(typer.main.get_command(build()), ())
    return found


def _options(command: Any) -> set[str]:
    return {
        option
        for parameter in command.params
        if parameter.param_type_name == "option" and parameter.name != "help"
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


def test_every_command_and_option_is_documented_and_no_other() -> None:
    parts = _text("docs/commands.md").split("\n## ")
    sections = {part.split("\n")[0].removeprefix("jiefa "): part for part in parts if part.startswith("jiefa ")}

    documented = {name: set(re.findall(r"`(--?[a-z-]+)`", _table(text))) for name, text in sections.items()}

    assert documented == {name: _options(command) for name, command in _commands().items()}


def _table(section: str) -> str:
    return "\n".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| "))


def _slugs(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    leads = {}
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        inside = path.relative_to(ROOT).as_posix()
        there = path.exists() or inside.startswith(MADE_ELSEWHERE)
        leads[target] = there and (not anchor or anchor in _slugs(path))

    assert [target for target, good in leads.items() if not good] == []


def _named(text: str) -> dict[str, set[str]]:
    """What a README tells people to type: by ``make target`` or ``jiefa command`` the options shown with it."""
    code = "\n".join([*re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL), *_code_words(text)])
    found: dict[str, set[str]] = {}
    for line in re.split(r"\n|#", code):
        if made := re.search(r"\bmake ([a-z]+)", line):
            found.setdefault(f"make {made[1]}", set())
        if called := re.search(r"\bjiefa ((?:[a-z]+ ?)+)", line):
            words = called[1].split()
            name = next(n for n in (" ".join(words[:2]), words[0]) if n in _commands())
            found.setdefault(name, set()).update(re.findall(r"(?<=\s)--?[a-z][a-z-]*", line[called.start() :]))
    return found


def test_readmes_in_both_languages_name_the_same_commands() -> None:
    assert _named(_text("README.md")) == _named(_text("README.zh.md"))


def test_readme_names_only_what_there_is() -> None:
    targets = set(re.findall(r"^([a-z]+):", _text("Makefile"), flags=re.MULTILINE))

    for name, options in _named(_text("README.md")).items():
        if name.startswith("make "):
            assert name.removeprefix("make ") in targets
        else:
            assert options <= _options(_commands()[name]), name


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_readme_lists_the_users_of_the_demonstration(readme: str) -> None:
    wanted = {user.username for user in users.USERS} | {users.PASSWORD}

    assert _missing(wanted, readme) == []


def test_decisions_are_numbered_and_have_their_three_parts() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert [file.name[:4] for file in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    for file in files:
        headings = re.findall(r"^## (.+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], file.name

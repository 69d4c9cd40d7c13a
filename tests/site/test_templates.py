"""All templates at once: they compile, hold nothing that the security policy forbids, and name icons that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

import jiefa.site

SITE = Path(jiefa.site.__file__).resolve().parent
TEMPLATES = sorted((SITE / "templates").rglob("*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*="),
    "an inline handler": re.compile(r"\son[a-z]+\s*=|\shx-on"),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>"),
    "an address of another host": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//"),
}


def names(path: Path) -> str:
    return path.relative_to(SITE / "templates").as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_template_compiles(path: Path) -> None:
    engines["django"].get_template(names(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_template_holds_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_template_says_its_context(path: Path) -> None:
    assert path.name == "500.html" or "{% comment %}" in path.read_text(encoding="utf-8")


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (SITE / "static" / "vendor" / "icons.svg").read_text(encoding="utf-8")
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"""{%\s*icon\s+["']([a-z0-9-]+)""", path.read_text(encoding="utf-8"))
    }

    assert {name for name in named if f'id="i-{name}"' not in sprite} == set()


def test_scripts_and_styles_load_nothing_from_elsewhere() -> None:
    for path in (SITE / "static" / "site").iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, path.name
        assert "https://" not in text, path.name

"""What a browser makes of an answer: its forms, filled in as the page came, and the text that a person reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

NOT_READ = frozenset({"script", "style", "template", "select"})
NOT_SENT = frozenset({"submit", "button", "reset", "image", "file"})


@dataclass
class Form:
    """A form with the values that a browser would send, in the order of the page."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **typed: Any) -> dict[str, Any]:
        """The values to send when ``typed`` was put in and the rest left as it came."""
        return {**self.fields, **typed}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self._inside: Form | None = None
        self._select = ""
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in NOT_READ:
            self._open.append(tag)
        if tag == "form":
            self._inside = Form(given.get("action", ""))
            self.forms.append(self._inside)
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and "selected" in given:
            self._take(self._select, given.get("value", ""))
        elif tag == "textarea":
            self._area = given.get("name", "")
            self._take(self._area, "")

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        ticked = kind in ("radio", "checkbox")
        if kind not in NOT_SENT and (not ticked or "checked" in given):
            self._take(given.get("name", ""), given.get("value", "on" if ticked else ""))

    def _take(self, name: str, value: str) -> None:
        if self._inside is not None and name:
            self._inside.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in NOT_READ and self._open:
            self._open.pop()
        elif tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._inside is not None:
            self._inside.fields[self._area][-1] += data.removeprefix("\n")
        elif not self._open:
            self.words += data.split()


def _read(response: Any) -> _Page:
    page = _Page()
    page.feed(response.content.decode())
    return page


def form_with(response: Any, name: str) -> Form:
    """The only form of the page that has a field of this name."""
    (found,) = [form for form in _read(response).forms if name in form.fields]
    return found


def text(response: Any) -> str:
    """The page's words, one blank between them; what a person types or chooses from is not among them."""
    return " ".join(_read(response).words)

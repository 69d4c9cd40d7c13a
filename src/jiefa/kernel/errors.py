"""What can be said to a user when something is refused: one class for one reason, in Chinese and in English.

A subclass states a stable ``code`` and two message templates; the raiser fills them by name. Nothing here knows
where a message is shown.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

Language = Literal["zh", "en"]


def terminal_language() -> Language:
    """The language of the command line: ``JIEFA_LANG`` if it is ``en``, else Chinese."""
    return "en" if os.environ.get("JIEFA_LANG", "zh").lower().startswith("en") else "zh"


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a message that is itself bilingual: the label of a code, of a step, of a place."""

    zh: str
    en: str

    @classmethod
    def of(cls, named: Bilingual) -> Words:
        """The words of anything that has ``zh`` and ``en``."""
        return cls(named.zh, named.en)

    @classmethod
    def listed(cls, several: Iterable[Bilingual]) -> Words:
        """Several, as each language lists them."""
        kept = list(several)
        return cls("、".join(one.zh for one in kept), ", ".join(one.en for one in kept))

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Bilingual(Protocol):
    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


class JiefaError(Exception):
    """A refusal with a reason and a remedy. Subclasses set ``code``, ``zh`` and ``en``."""

    code: ClassVar[str] = "error"
    zh: ClassVar[str] = "出错了。"
    en: ClassVar[str] = "Something went wrong."

    def __init__(self, **context: object) -> None:
        self.context = context
        super().__init__(self.message(terminal_language()))

    def message(self, language: Language) -> str:
        """The filled message; what, which record, why, what to do."""
        template = self.zh if language == "zh" else self.en
        return template.format(**{name: _said(value, language) for name, value in self.context.items()})


def _said(value: object, language: Language) -> object:
    return value.say(language) if isinstance(value, Words) else value


class NotAllowed(JiefaError):
    code = "access.not_allowed"
    zh = "您的岗位不能在这里做这件事：{what}。请联系本级管理员。"
    en = "Your post does not allow this here: {what}. Ask the administrator of your level."

"""What can be said to a user when something is refused: one class for one reason, in Chinese and in English.

A subclass states a stable ``code`` and two message templates; the raiser fills them by name. Nothing here knows
where a message is shown.
"""

from __future__ import annotations

import os
from typing import ClassVar, Literal

Language = Literal["zh", "en"]


def terminal_language() -> Language:
    """The language of the command line: ``JIEFA_LANG`` if it is ``en``, else Chinese."""
    return "en" if os.environ.get("JIEFA_LANG", "zh").lower().startswith("en") else "zh"


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
        return template.format(**self.context)


class NotAllowed(JiefaError):
    code = "access.not_allowed"
    zh = "您的岗位不能在这里做这件事：{what}。请联系本级管理员。"
    en = "Your post does not allow this here: {what}. Ask the administrator of your level."

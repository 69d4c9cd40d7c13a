"""What is done with notices: posted, announced, shown to have hung, objected to; what an answered objection sets free."""

from __future__ import annotations

from jiefa.disclosure.actions.objecting import (
    Opened,
    check,
    check_published,
    effect,
    file_objection,
    open_objection,
)
from jiefa.disclosure.actions.posting import announce, confirm_posting, post_notice, post_notices, preview

__all__ = [
    "Opened",
    "announce",
    "check",
    "check_published",
    "confirm_posting",
    "effect",
    "file_objection",
    "open_objection",
    "post_notice",
    "post_notices",
    "preview",
]

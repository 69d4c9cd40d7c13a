"""The users that the sign-in page of a demonstration offers. Nothing of the kind is ever shown on a real register."""

from __future__ import annotations

import json

from jiefa.site.middleware import language
from jiefa.site.synthetic import mark_file


def shown_on_sign_in() -> dict[str, object] | None:
    """Password and users of the demonstration; None on a real register."""
    file = mark_file().with_name("users.json")
    if not file.exists():
        return None
    facts = json.loads(file.read_text(encoding="utf-8"))
    label = "label_zh" if language() == "zh" else "label_en"
    users = [{"username": user["username"], "label": user[label]} for user in facts["users"]]
    return {"password": facts["password"], "users": users}

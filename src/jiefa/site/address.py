"""The address of a page with some of its parameters changed."""

from __future__ import annotations

from django.http import HttpRequest


def with_query(request: HttpRequest, **changes: object) -> str:
    """The address of this page with some parameters changed; ``None`` removes one."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"

"""The address of a page with some of its parameters changed."""

from __future__ import annotations

from django.http import HttpRequest


def with_parameters(url: str, **parameters: object) -> str:
    """``url`` with those of the parameters that have a value."""
    query = "&".join(f"{name}={value}" for name, value in parameters.items() if value not in (None, ""))
    return f"{url}?{query}" if query else url


def with_query(request: HttpRequest, **changes: object) -> str:
    """The address of this page with some parameters changed; ``None`` removes one."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"

"""What a locked-out person is told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """The lock-out page after too many failures, status 429."""
    return render(request, "site/sign_in.html", {"locked_out": True}, status=429)

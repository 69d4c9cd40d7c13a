"""The product's pages and the empty view with which they are compared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from jiefa.config.urls import urlpatterns as product


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("bench/empty/", empty), *product]

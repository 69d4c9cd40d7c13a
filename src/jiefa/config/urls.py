"""The table of contents of the web."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("jiefa.site.urls"))]

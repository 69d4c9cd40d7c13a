"""Turns refusals into pages: what was refused, why, and what to do, with the right status."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from jiefa.areas.rules import DivisionUnknown
from jiefa.evaluation.queries.samples import SampleUnknown
from jiefa.evaluation.rules.refusals import Blind, HandedOver, NoDiscrepancy, NotHandedOver
from jiefa.insight.actions.findings import NotOpen, SamePerson
from jiefa.kernel.errors import JiefaError, Language, NotAllowed
from jiefa.policy import NotInForce
from jiefa.procedures.actions import DossierUnknown
from jiefa.procedures.evidence import EvidenceLost
from jiefa.registry.actions.batches import AlreadyDecided, NotYours, SameContent
from jiefa.snapshots import SnapshotUnknown
from jiefa.truth.queries.results import CheckUnknown

STATUS: dict[type[JiefaError], int] = {
    NotAllowed: 403,
    NotYours: 403,
    SamePerson: 403,
    Blind: 403,
    NotHandedOver: 403,
    SampleUnknown: 404,
    NoDiscrepancy: 404,
    DivisionUnknown: 404,
    SnapshotUnknown: 404,
    NotInForce: 404,
    DossierUnknown: 404,
    EvidenceLost: 404,
    CheckUnknown: 404,
    HandedOver: 409,
    AlreadyDecided: 409,
    SameContent: 409,
    NotOpen: 409,
}
TEMPLATES = {403: "403.html", 404: "404.html", 409: "409.html"}
NO_RULE = "no_rule.html"
"""For a year of which the policy says nothing: nothing is wrong with the request."""


def language() -> Language:
    """The reader's language: ``en`` or ``zh``."""
    return "en" if (get_language() or "").startswith("en") else "zh"


class RefusalsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, JiefaError):
            return None
        status = next((code for kind, code in STATUS.items() if isinstance(exception, kind)), 400)
        context = {"reason": exception.message(language())}
        template = NO_RULE if isinstance(exception, NotInForce) else TEMPLATES.get(status, "400.html")
        return render(request, template, context, status=status)

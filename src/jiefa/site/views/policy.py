"""What the policy pack says on a day, with sources and assumptions; and the help page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from jiefa.policy import Parameter
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page


def _on(reader: Reader) -> dt.date:
    try:
        return dt.date.fromisoformat(reader.request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


def _item(reader: Reader, parameter: Parameter, on: dt.date) -> dict[str, Any]:
    values = parameter.values
    current = next((v for v in reversed(values) if v.from_date <= on and (v.to_date is None or on <= v.to_date)), None)
    return {
        "id": parameter.id,
        "label": reader.words(parameter.label_zh, parameter.label_en),
        "unit": reader.label("unit", parameter.unit),
        "values": [
            {
                "from_date": value.from_date,
                "to_date": value.to_date,
                "amount": "、".join(value.amount) if isinstance(value.amount, tuple) else value.amount,
                "reference": value.reference,
                "assumption": value.assumption,
                "current": value is current,
            }
            for value in reversed(values)
        ],
    }


@page
def policy(reader: Reader) -> HttpResponseBase:
    on = _on(reader)
    groups: dict[str, list[dict[str, Any]]] = {}
    for parameter in reader.pack.parameters.values():
        groups.setdefault(parameter.id.split(".")[0], []).append(_item(reader, parameter, on))
    lists = [
        {
            "id": codes.id,
            "label": reader.words(codes.zh, codes.en),
            "values": [
                {
                    "id": code.id,
                    "label": reader.words(code.zh, code.en),
                    "from_date": code.from_date,
                    "to_date": code.to_date,
                }
                for code in codes.values
            ],
        }
        for codes in reader.pack.code_lists.values()
    ]
    assumptions = sum(
        any(value["assumption"] for value in item["values"]) for items in groups.values() for item in items
    )
    context = {
        "pack": {
            "version": reader.pack.version,
            "name": reader.pack.folder.name,
            "loaded_from": reader.pack.folder.name,
        },
        "on": on,
        "groups": [{"label": label, "items": items} for label, items in groups.items()],
        "code_lists": lists,
        "assumptions": assumptions,
    }
    return render(reader.request, "site/policy.html", context)


@page
def help_page(reader: Reader) -> HttpResponseBase:
    return render(reader.request, "site/help.html", {})

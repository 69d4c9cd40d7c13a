"""A returned change put right: what was typed anew, with the sealed numbers of the earlier proposal where none was typed."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings

from jiefa.changes.rules.proposal import NEW, Proposal, read
from jiefa.changes.rules.request import Request
from jiefa.kernel.vault import Vault

COMER = f"{NEW}.id_number"


def completed(asked: Request, earlier: Proposal) -> Request:
    """``asked`` with the numbers that the earlier proposal holds sealed: a page never shows them, so that empty means as before."""
    vault = Vault(settings.JIEFA_VAULT_KEY)
    numbers = {name: vault.open(base64.b64decode(text)) for name, text in earlier.sealed.items()}
    number = numbers.pop(COMER, "")
    household = dict(asked.household)
    members = {person: dict(values) for person, values in asked.members.items()}
    for name, text in numbers.items():
        person, _dot, field = name.partition(".")
        values = members.setdefault(int(person), {}) if person else household
        values.setdefault(field, text)
    return replace(asked, id_number=asked.id_number or number, household=household, members=members)


def same(one: Proposal, on_file: Mapping[str, object]) -> bool:
    """Whether the change says what the dossier says already; the same number sealed anew has other bytes."""
    earlier = read(on_file)
    return replace(one, sealed={}) == replace(earlier, sealed={}) and set(one.sealed) == set(earlier.sealed)

"""What is done with dossiers: opened, amended, decided, files laid in, notices told."""

from __future__ import annotations

from jiefa.procedures.actions.deciding import Decided, DossierUnknown, Refused, decide, decide_many
from jiefa.procedures.actions.filing import lay_in, lay_in_many
from jiefa.procedures.actions.opening import DossierMoved, Opening, amend, open_dossier, open_many

__all__ = [
    "Decided",
    "DossierMoved",
    "DossierUnknown",
    "Opening",
    "Refused",
    "amend",
    "decide",
    "decide_many",
    "lay_in",
    "lay_in_many",
    "open_dossier",
    "open_many",
]

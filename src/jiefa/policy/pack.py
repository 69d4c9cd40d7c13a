"""The policy pack as one frozen object, and what of it held on a given day.

``load`` reads a folder once; a changed file is seen by the next process. ``JIEFA_POLICY`` names another folder.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from jiefa.kernel import money
from jiefa.policy import code_lists, forms, procedures, programmes, quality_rules, scorecards, values
from jiefa.policy.code_lists import CodeList
from jiefa.policy.errors import PolicyError, PolicyMissing, UnknownPolicy, WrongKind
from jiefa.policy.forms import Form
from jiefa.policy.procedures import Procedure
from jiefa.policy.programmes import Programme
from jiefa.policy.quality_rules import QualityRuleText
from jiefa.policy.scorecards import Scorecard
from jiefa.policy.values import Parameter, Value

if TYPE_CHECKING:
    from jiefa.policy.indicators import IndicatorDefinition
    from jiefa.policy.schemes import Scheme
    from jiefa.policy.stated import StatedFigure

DEFAULT_FOLDER = Path(__file__).parent / "guizhou"
ENVIRONMENT = "JIEFA_POLICY"
VERSION_DIGITS = 12
NAMES_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Pack:
    """Everything that the folder says, for all days. ``version``: 12 hex digits that change with any file."""

    folder: Path
    version: str
    parameters: Mapping[str, Parameter]
    code_lists: Mapping[str, CodeList]
    forms: Mapping[str, Form]
    scorecards: Mapping[str, tuple[Scorecard, ...]]
    procedures: Mapping[str, tuple[Procedure, ...]]
    programmes: Mapping[str, Programme]
    rules: tuple[QualityRuleText, ...]

    def at(self, date: dt.date) -> Policy:
        """What held on ``date``."""
        return Policy(self, date)

    def for_year(self, year: int) -> Policy:
        """What held on the last day of ``year``: what the cards of that year are judged by."""
        return self.at(dt.date(year, 12, 31))

    def parameter(self, name: str) -> Parameter:
        """The parameter with all its values. Raises ``UnknownPolicy``."""
        try:
            return self.parameters[name]
        except KeyError:
            raise _unknown("参数", "parameter", name, self.parameters) from None

    def codes(self, name: str) -> CodeList:
        """The list with every value it ever had. Raises ``UnknownPolicy``."""
        return code_lists.find(self.code_lists, name)

    def form(self, name: str) -> Form:
        """The form. Raises ``UnknownPolicy``."""
        try:
            return self.forms[name]
        except KeyError:
            raise _unknown("表格", "form", name, self.forms) from None

    def programme(self, name: str) -> Programme:
        """The programme of help. Raises ``UnknownPolicy``."""
        try:
            return self.programmes[name]
        except KeyError:
            raise _unknown("帮扶项目", "programme", name, self.programmes) from None

    def procedure(self, name: str, date: dt.date) -> Procedure:
        """The version of a procedure that held on ``date``. Raises ``UnknownPolicy``, ``NotInForce``."""
        return procedures.on(self.procedure_versions(name), date)

    def procedure_versions(self, name: str) -> tuple[Procedure, ...]:
        """Every version of a procedure, in order of date. Raises ``UnknownPolicy``."""
        try:
            return self.procedures[name]
        except KeyError:
            raise _unknown("办理程序", "procedure", name, self.procedures) from None

    def quality_rules(self) -> tuple[QualityRuleText, ...]:
        """All rule texts, in order."""
        return self.rules

    def indicators(self) -> tuple[IndicatorDefinition, ...]:
        """All indicator definitions, in order."""
        return _indicators(self.folder)

    def stated_figures(self) -> tuple[StatedFigure, ...]:
        """All figures that a source stated, in order."""
        return _stated(self.folder)

    def schemes(self) -> Mapping[str, tuple[Scheme, ...]]:
        """The versions of every scheme of assessment, in order of date, by identifier."""
        return _schemes(self.folder)

    def scheme(self, name: str, year: int) -> Scheme:
        """The scheme of assessment by which ``year`` is scored: the version of its last day. Raises ``UnknownPolicy``, ``NotInForce``."""
        found = self.schemes()
        if name not in found:
            raise _unknown("考核办法", "scheme of assessment", name, found)
        chosen: Scheme = import_module("jiefa.policy.schemes").on(found[name], dt.date(year, 12, 31))
        return chosen


@dataclass(frozen=True, slots=True)
class Policy:
    """The pack on one day. Cheap to make."""

    pack: Pack
    date: dt.date

    def value(self, name: str) -> Value:
        """The value that held. Raises ``UnknownPolicy``, ``NotInForce``."""
        return self.pack.parameter(name).on(self.date)

    def number(self, name: str) -> Decimal:
        """The value as an exact number. Raises ``WrongKind`` for a text, list or flag."""
        value = self.value(name)
        if isinstance(value.amount, bool) or not isinstance(value.amount, int | Decimal):
            raise _wrong(value, "数字", "number")
        return Decimal(value.amount)

    def fen(self, name: str) -> int:
        """A value in yuan as integer fen. Raises ``WrongKind`` for any other unit."""
        value = self.value(name)
        if not value.unit.startswith("yuan"):
            raise _wrong(value, "金额", "amount in yuan")
        return money.fen_from_yuan(self.number(name))

    def text(self, name: str) -> str:
        """The value as text. Raises ``WrongKind``."""
        value = self.value(name)
        if not isinstance(value.amount, str):
            raise _wrong(value, "文字", "text")
        return value.amount

    def texts(self, name: str) -> tuple[str, ...]:
        """The value as a list of texts. Raises ``WrongKind``."""
        value = self.value(name)
        if not isinstance(value.amount, tuple):
            raise _wrong(value, "列表", "list")
        return value.amount

    def flag(self, name: str) -> bool:
        """The value as yes or no. Raises ``WrongKind``."""
        value = self.value(name)
        if not isinstance(value.amount, bool):
            raise _wrong(value, "是否", "yes or no")
        return value.amount

    def codes(self, name: str) -> CodeList:
        """The list as it was: values then valid, under the labels of that day. Raises ``UnknownPolicy``."""
        return self.pack.codes(name).on(self.date)

    def scorecard(self, name: str) -> Scorecard:
        """The version that held. Raises ``UnknownPolicy``, ``NotInForce``."""
        try:
            versions = self.pack.scorecards[name]
        except KeyError:
            raise _unknown("评分表", "scorecard", name, self.pack.scorecards) from None
        return scorecards.on(versions, self.date)

    def quality_rules(self) -> tuple[QualityRuleText, ...]:
        """The rule texts in force, in order."""
        return tuple(rule for rule in self.pack.rules if rule.in_force(self.date))


def load(folder: Path | None = None) -> Pack:
    """The pack in ``folder``, else in ``JIEFA_POLICY``, else the one of Guizhou. Raises ``PolicyError``."""
    return _load((folder or Path(os.environ.get(ENVIRONMENT) or DEFAULT_FOLDER)).resolve())


@cache
def _load(folder: Path) -> Pack:
    version = _version(folder)
    lists = code_lists.load(folder / "codes")
    sheets = forms.load(folder / "forms", lists)
    parameters = values.load(folder / "parameters", lists)
    return Pack(
        folder=folder,
        version=version,
        parameters=parameters,
        code_lists=lists,
        forms=sheets,
        scorecards=scorecards.load(folder / "scorecards"),
        procedures=procedures.load(folder / "procedures", lists),
        programmes=programmes.load(folder / "programmes", lists, sheets, parameters),
        rules=quality_rules.load(folder / "quality"),
    )


@cache
def _indicators(folder: Path) -> tuple[IndicatorDefinition, ...]:
    # Read when first asked for: few processes need the definitions.
    found: tuple[IndicatorDefinition, ...] = import_module("jiefa.policy.indicators").load(folder / "indicators")
    return found


@cache
def _stated(folder: Path) -> tuple[StatedFigure, ...]:
    # Read when first asked for, like the indicators.
    found: tuple[StatedFigure, ...] = import_module("jiefa.policy.stated").load(folder / "ledger")
    return found


@cache
def _schemes(folder: Path) -> Mapping[str, tuple[Scheme, ...]]:
    # As the definitions of indicators, which they name.
    read = import_module("jiefa.policy.schemes").load
    found: Mapping[str, tuple[Scheme, ...]] = read(folder / "schemes", _load(folder).code_lists, _indicators(folder))
    return found


def _version(folder: Path) -> str:
    files = sorted(folder.glob("**/*.yaml"))
    if not files:
        raise PolicyMissing(file=folder)
    stray = next(folder.glob("**/*.yml"), None)
    if stray is not None:
        raise PolicyError(
            file=stray,
            line=1,
            problem_zh="不会读取 .yml 文件，请改名为 .yaml。",
            problem_en="Not read; rename it to .yaml.",
        )
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:VERSION_DIGITS]


def _unknown(kind_zh: str, kind_en: str, name: str, known: Iterable[str]) -> UnknownPolicy:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=NAMES_SHOWN, cutoff=0.4) or names[:NAMES_SHOWN]
    return UnknownPolicy(kind_zh=kind_zh, kind_en=kind_en, name=name, near=", ".join(near))


def _wrong(value: Value, wanted_zh: str, wanted_en: str) -> WrongKind:
    return WrongKind(
        name=value.parameter, amount=value.amount, unit=value.unit, wanted_zh=wanted_zh, wanted_en=wanted_en
    )

"""What every transfer must meet before anybody looks at a balance: amount, texts, day, codes, purpose, way.

Columns are looked at as sets: a rule sees each combination of values once, however many rows share it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from jiefa.funds.rules import refusals
from jiefa.funds.rules.refusals import Problem, TransferWrong
from jiefa.funds.rules.rows import HOLDER, OUTSIDE, PAYEE, PROJECT, SOURCE
from jiefa.kernel import money
from jiefa.kernel.errors import Words
from jiefa.policy import CodeList, NotInForce, Pack

MOST_FEN = 10**15
"""Ten thousand billion yuan: more is a slip of the pen, and sums of a million such still fit the column."""

NEGATIVE_LIST = "funds.negative_list"
UNDECIDED = "general"

WAYS = frozenset(
    {
        (OUTSIDE, SOURCE),
        (SOURCE, OUTSIDE),
        (SOURCE, HOLDER),
        (HOLDER, SOURCE),
        (HOLDER, HOLDER),
        (HOLDER, PROJECT),
        (PROJECT, HOLDER),
        (HOLDER, PAYEE),
        (PAYEE, HOLDER),
        (PROJECT, PAYEE),
        (PAYEE, PROJECT),
    }
)
"""From which kind of account to which money may go."""

NAMED = frozenset({PROJECT, PAYEE})
"""Kinds of accounts that carry a name; the others belong to the office of their place."""

Judge = Callable[..., "Said | None"]
Said = tuple[type[TransferWrong], dict[str, object]]


def problems(rows: pa.Table, pack: Pack, today: dt.date, lengths: tuple[int, int]) -> list[Problem]:
    """What is wrong with which row, in the order of the rows. ``lengths``: the longest key and the longest document."""
    found = [*_columns(rows, lengths)]
    for columns, judge in (
        (("on", "year"), _day(today)),
        (("source", "type", "purpose", "on"), _codes(pack)),
        (("purpose", "on", "to_kind", "reverses"), _purpose(pack)),
        (("from_kind", "from_code", "to_kind", "to_code", "origin_code", "reverses"), _way(pack)),
        (("from_kind", "from_owner", "from_household"), _owner),
        (("to_kind", "to_owner", "to_household"), _owner),
    ):
        found += _each(rows, columns, judge)
    return sorted(found, key=lambda one: one.row)


def _each(rows: pa.Table, columns: Sequence[str], judge: Judge) -> Iterator[Problem]:
    """The problems that ``judge`` finds in combinations of ``columns``. Of ``reverses`` only whether there is one."""
    chosen = rows.select(columns)
    if "reverses" in columns:
        there = pc.is_valid(chosen["reverses"])
        chosen = chosen.set_column(columns.index("reverses"), "reverses", there)
    several = chosen.group_by(list(columns)).aggregate([])
    wrong = {}
    for combination in zip(*(several[name].to_pylist() for name in columns), strict=True):
        said = judge(*combination)
        if said is not None:
            wrong[combination] = said
    if not wrong:
        return
    keys = rows["key"].to_pylist()
    for place, combination in enumerate(zip(*(chosen[name].to_pylist() for name in columns), strict=True)):
        if combination in wrong:
            error, context = wrong[combination]
            yield Problem(place, error(key=keys[place], **context))


def _columns(rows: pa.Table, lengths: tuple[int, int]) -> Iterator[Problem]:
    key_length, document_length = lengths
    amounts = pc.or_(pc.less_equal(rows["amount_fen"], 0), pc.greater(rows["amount_fen"], MOST_FEN))
    texts = pc.or_(_text_wrong(rows["key"], key_length), _text_wrong(rows["document"], document_length))
    for wrong, error, context in (
        (amounts, refusals.AmountWrong, {"most": money.format_yuan(MOST_FEN)}),
        (texts, refusals.TextMissing, {"key_length": key_length, "document_length": document_length}),
    ):
        for place in pc.indices_nonzero(wrong.combine_chunks()).to_pylist():
            yield Problem(place, error(key=rows["key"][place].as_py(), **context))


def _text_wrong(texts: pa.ChunkedArray, length: int) -> pa.ChunkedArray:
    return pc.or_(pc.equal(pc.utf8_trim_whitespace(texts), ""), pc.greater(pc.utf8_length(texts), length))


def _day(today: dt.date) -> Judge:
    def judge(on: dt.date, year: int) -> Said | None:
        return None if on <= today and on.year >= year else (refusals.DayWrong, {"on": on, "year": year})

    return judge


def _codes(pack: Pack) -> Judge:
    lists = [pack.codes(name) for name in ("fund_source", "fund_type", "fund_purpose")]

    def judge(source: str, kind: str, purpose: str, on: dt.date) -> Said | None:
        for value, known in zip((source, kind, purpose), lists, strict=True):
            code = known.get(value)
            if code is None or not code.valid_on(on):
                return refusals.CodeUnknown, {"value": value, "on": on}
        return None

    return judge


def _purpose(pack: Pack) -> Judge:
    labels: CodeList = pack.codes("fund_purpose")

    def judge(purpose: str, on: dt.date, to_kind: str, reverses: bool) -> Said | None:
        if reverses:
            return None
        if to_kind in NAMED and purpose == UNDECIDED:
            return refusals.PurposeMissing, {}
        try:
            forbidden = pack.at(on).value(NEGATIVE_LIST)
        except NotInForce:
            return None
        if purpose not in pack.at(on).texts(NEGATIVE_LIST):
            return None
        label = labels.by_id[purpose]
        return refusals.PurposeForbidden, {"purpose": Words(label.zh, label.en), "reference": forbidden.reference}

    return judge


def against_purpose(purpose: str, on: dt.date, to_kind: str, pack: Pack) -> Said | None:
    """What speaks against money for a purpose going to such an account on a day; None for nothing. Raises ``KeyError`` for no purpose."""
    return _purpose(pack)(purpose, on, to_kind, False)


def _way(pack: Pack) -> Judge:
    labels = pack.codes("fund_account")

    def judge(payer: str, from_code: str, receiver: str, to_code: str, origin_code: str, reverses: bool) -> Said | None:
        down, up = to_code.startswith(from_code), from_code.startswith(to_code)
        at_home = all(code == origin_code for kind, code in ((payer, from_code), (receiver, to_code)) if kind == SOURCE)
        named = all(bool(code) != (kind == OUTSIDE) for kind, code in ((payer, from_code), (receiver, to_code)))
        apart = (payer, receiver) != (HOLDER, HOLDER) or from_code != to_code
        if named and (reverses or ((payer, receiver) in WAYS and at_home and apart and (down or up))):
            return None
        known = [labels.get(kind) for kind in (payer, receiver)]
        said = [
            Words(one.zh, one.en) if one else Words(kind, kind)
            for one, kind in zip(known, (payer, receiver), strict=True)
        ]
        return refusals.WayWrong, {"payer": said[0], "receiver": said[1], "from_code": from_code, "to_code": to_code}

    return judge


def _owner(kind: str, owner: str, household: int | None) -> Said | None:
    of_household = household is not None
    right = (bool(owner) != of_household) if kind == PAYEE else (bool(owner) == (kind == PROJECT) and not of_household)
    return None if right else (refusals.OwnerWrong, {})

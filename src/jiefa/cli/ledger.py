"""The ledger on the command line: every published figure as stated and as counted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.conf import settings

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.ledger.queries import ledger as queries
from jiefa.site.synthetic import mark_file


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _line(row: queries.Row) -> dict[str, object]:
    figure = row.figure
    return {
        "id": figure.id,
        "stated": _number(figure.value),
        "scaled": _number(row.scaled),
        "computed": _number(row.counted),
        "agrees": row.agrees,
        "formula": show.words(figure.formula_zh, figure.formula_en),
        "as_of": figure.as_of,
        "note": show.words(figure.note_zh, figure.note_en),
    }


def ledger(as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """数字对照：每个公布的数字与从记录算出的数字 / every published figure beside the one counted from rows."""
    actor(as_user).demand(Permission.STATISTICS_VIEW, queries.PROVINCE)
    found = queries.rows(policy.load(), Path(settings.JIEFA_HOME), queries.scale_of(mark_file()))
    lines = [_line(row) for row in found]
    if as_json:
        show.as_json(lines)
        return
    names = {row.figure.id: show.words(row.figure.zh, row.figure.en) for row in found}
    words = {True: show.words("相符", "agrees"), False: show.words("不符", "differs"), None: "—"}
    show.as_table(
        [
            {**line, "name": names[str(line["id"])], "said": words[row.agrees]}
            for line, row in zip(lines, found, strict=True)
        ],
        [
            ("id", show.words("编号", "Id")),
            ("name", show.words("指标", "Figure")),
            ("scaled", show.words("公布（按比例）", "Stated, scaled")),
            ("computed", show.words("从记录算出", "Computed from rows")),
            ("said", show.words("是否相符", "Agrees")),
        ],
        show.words("政策包里没有公布的数字。", "The pack has no stated figures."),
    )

"""Lists of monitoring as Excel files: complete, in scope; no number of a certificate, telephone or account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from jiefa import sheets
from jiefa.areas import queries as areas
from jiefa.kernel.errors import Language
from jiefa.monitoring.models import Event, Watch
from jiefa.monitoring.queries.kept import Kept
from jiefa.monitoring.queries.watches import measures_of
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType

CHUNK = 2_000
T = ColumnType
HOME = (
    Column("village_code", "行政村代码", "Village code", T.TEXT),
    Column("village", "行政村", "Village", T.TEXT),
    Column("household_number", "户编号", "Household number", T.TEXT),
    Column("head_name", "户主", "Head", T.TEXT),
)
WATCH = (
    Column("group", "监测对象类型", "Group", T.TEXT),
    Column("triggers", "风险情形", "Triggers", T.TEXT),
    Column("since", "监测起", "Since", T.DATE),
    Column("measures", "帮扶措施", "Measures", T.TEXT),
    Column("ended", "结束方式", "How it ended", T.TEXT),
    Column("ended_on", "结束日期", "Ended on", T.DATE),
)
LEAD = (
    Column("trigger", "风险情形", "Trigger", T.TEXT),
    Column("source", "线索来源", "Source", T.TEXT),
    Column("department", "部门", "Department", T.TEXT),
    Column("on", "日期", "Day", T.DATE),
    Column("amount", "金额", "Amount", T.MONEY),
    Column("detail", "说明", "What it says", T.TEXT),
    Column("state", "状态", "State", T.TEXT),
    Column("reason", "处理理由", "Reason", T.TEXT),
)
KEPT = (
    Column("exited_year", "脱贫年度", "Left in", T.INT),
    Column("sort", "政策类别", "Sort", T.TEXT),
    Column("policy", "政策", "Help", T.TEXT),
    Column("state", "状态", "State", T.TEXT),
    Column("first_year", "首次享受年度", "First year", T.INT),
    Column("last_year", "最后享受年度", "Last year", T.INT),
    Column("last_on", "最后到户日期", "Last arrived on", T.DATE),
    Column("before", "脱贫前金额", "Money up to leaving", T.MONEY),
    Column("of_year", "当年金额", "Money in the year", T.MONEY),
)
Label = Callable[[str, str], str]


def _written(rows: Iterable[Sequence[object]], columns: Sequence[Column], name: str, language: Language) -> BinaryIO:
    return sheets.opened_xlsx(rows, columns, sheet_name=name, language=language)[0]


def _said(pack: Pack, language: Language) -> Label:
    return lambda name, code: pack.codes(name).label(code, language) if code else ""


def _home(household: Household, village: str, names: dict[str, str]) -> tuple[object, ...]:
    return (village, names.get(village), household.number, household.head_name)


def watches(found: Iterable[Watch], pack: Pack, label: Callable[[str, str], str], language: Language) -> BinaryIO:
    """Watches with their measures; ``label``: of a sort and a code of help."""
    said = _said(pack, language)
    mark = "、" if language == "zh" else ", "

    def rows() -> Iterator[tuple[object, ...]]:
        rest = iter(found)
        while chunk := list(islice(rest, CHUNK)):
            names = areas.named(sorted({one.household.village_code for one in chunk}))
            measures = measures_of(chunk)
            for one in chunk:
                yield (
                    *_home(one.household, one.household.village_code, names),
                    said("watched_group", one.group),
                    mark.join(said("watch_trigger", code) for code in one.triggers.split(",")),
                    one.since,
                    mark.join(label(*pair) for pair in measures.get(one.pk, ())),
                    said("watch_end", one.ended),
                    one.ended_on,
                )

    return _written(rows(), [*HOME, *WATCH], "监测对象" if language == "zh" else "Watched", language)


def leads(found: Iterable[Event], pack: Pack, language: Language) -> BinaryIO:
    """Leads with what came of them."""
    said = _said(pack, language)

    def rows() -> Iterator[tuple[object, ...]]:
        rest = iter(found)
        while chunk := list(islice(rest, CHUNK)):
            names = areas.named(sorted({one.village_code for one in chunk}))
            for one in chunk:
                yield (
                    *_home(one.household, one.village_code, names),
                    said("watch_trigger", one.trigger),
                    said("lead_source", one.source),
                    said("warning_department", one.department),
                    one.on,
                    one.amount_fen,
                    one.detail,
                    one.get_state_display(),
                    one.reason,
                )

    return _written(rows(), [*HOME, *LEAD], "风险线索" if language == "zh" else "Leads", language)


def kept(
    found: Iterable[Kept],
    pack: Pack,
    label: Callable[[str, str], str],
    state: Callable[[str], str],
    language: Language,
) -> BinaryIO:
    """Who had what, and what became of it; households that are no longer on file are left out."""
    said = _said(pack, language)

    def rows() -> Iterator[tuple[object, ...]]:
        rest = iter(found)
        while chunk := list(islice(rest, CHUNK)):
            names = areas.named(sorted({one.village_code for one in chunk}))
            homes = Household.objects.in_bulk(sorted({one.household_id for one in chunk}))
            for one in chunk:
                if one.household_id in homes:
                    yield (
                        *_home(homes[one.household_id], one.village_code, names),
                        one.exited_year,
                        said("kept_sort", one.sort),
                        label(one.sort, one.policy),
                        state(one.state),
                        one.first_year,
                        one.last_year,
                        one.last_on,
                        one.before_fen,
                        one.year_fen,
                    )

    return _written(rows(), [*HOME, *KEPT], "退出后帮扶" if language == "zh" else "Help after exit", language)

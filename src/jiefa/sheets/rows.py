"""Which rows under a header are no data: blank, totals, notes and signatures, the header again.

Only a row that lacks a required value (or repeats the header) can be skipped, so that no household is taken for a note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jiefa.sheets.text_cells import clean_token

TOTAL = re.compile(
    r"(?:本页|本户|本组|本村|本乡|本县|全[户组村乡镇县市州省]|[一-鿿]{0,8})?(?:合计|总计|小计|共计|累计|总数)[^,，]{0,12}\Z"
)
TOTAL_EN = re.compile(r"(?:sub|grand )?\s?total\b.{0,20}\Z", re.IGNORECASE)
NOTE = re.compile(
    r"(?:填表|填报|制表|审核|复核|负责|经办|联系|统计|报送|录入|核实|签字|签名|盖章|单位盖章|公章|村民?委|驻村|户主签|乡镇|日期|时间|电话)[^\d]{0,8}[::(]"
    r"|(?:填表|制表|审核|复核|负责|经办|录入)人?|(?:注|说明|备注|附注|注意|填表说明|填写说明|单位|示例|样例|例)\s*[::(]"
    r"|(?:\*|※|★)?\s*(?:注|说明)[::0-9]"
)
FEW_CELLS = 8


def reason_to_skip(cells: Sequence[object], required: Sequence[int], titles: Sequence[tuple[int, str]]) -> str | None:
    """``blank``, ``total``, ``note``, ``repeated_header`` or None.

    ``required`` are the positions of required columns, ``titles`` the header's texts by position.
    """
    filled = [(position, cell) for position, cell in enumerate(cells) if not is_blank(cell)]
    if not filled:
        return "blank"
    if _repeats(dict(filled), titles):
        return "repeated_header"
    there = {position for position, _ in filled}
    if required and all(position in there for position in required):
        return None
    first = clean_token(str(filled[0][1]))[0]
    text = first.replace(" ", "")
    if isinstance(filled[0][1], str):
        if TOTAL.match(text) or TOTAL_EN.match(first):
            return "total"
        if len(filled) <= FEW_CELLS and NOTE.match(text):
            return "note"
    return None


def _repeats(filled: dict[int, object], titles: Sequence[tuple[int, str]]) -> bool:
    same = sum(1 for position, title in titles if str(filled.get(position, "")).strip() == title.strip())
    return same >= max(2, len(titles) // 2)


def is_blank(cell: object) -> bool:
    return cell is None or cell == "" or (isinstance(cell, str) and not clean_token(cell)[0])

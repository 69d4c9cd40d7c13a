"""The catalogue of what can be said about a cell, a row or a sheet: severity and both languages.

``{column}`` is the column's name, ``{text}`` what the cell holds, ``{detail}`` what the finder adds, ``{rows}`` the
rows. Repairs ("fixed") are worded for many rows at once, the others for one cell.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["fixed", "warning", "error"]


class Wording(NamedTuple):
    severity: Severity
    zh: str
    en: str


_FIXED = {
    "blanks": ("多余的空格已去掉", "blanks removed"),
    "invisible": ("看不见的字符已去掉", "invisible characters removed"),
    "full_width": ("全角字符已改为半角", "full-width characters made half-width"),
    "dot": ("姓名中的点已统一为“·”", "the dot within the name made “·”"),
    "apostrophe": ("开头的撇号已去掉", "leading apostrophe removed"),
    "upper": ("字母已改为大写", "letters made upper case"),
    "letter_x": ("末位的符号已改为字母 X", "the last sign made the letter X"),
    "number_as_text": ("数字单元格已按文本读入", "number cells read as text"),
    "text_as_number": ("文本形式的数字已转为数值", "numbers typed as text made numbers"),
    "thousands": ("千分位逗号已去掉", "thousands commas removed"),
    "unit": ("数字后面的单位已去掉或换算", "unit after the number removed or converted"),
    "brackets_negative": ("括号表示的负数已改为负号", "bracketed numbers made negative"),
    "rounded": ("已四舍五入到两位小数", "rounded to two decimals"),
    "date_text": ("文本写的日期已转为日期", "dates typed as text made dates"),
    "date_style": ("日期写法已统一为 年-月-日", "dates written year-month-day"),
    "date_serial": ("未设日期格式的日期数字已转为日期", "unformatted date numbers made dates"),
    "date_time": ("日期里的时刻已去掉", "time of day removed from dates"),
    "blank_mark": ("“{text}”按空白处理", "“{text}” taken as blank"),
    "spelling": ("“{text}”一类写法已按规范值读入", "spellings such as “{text}” read as the proper value"),
    "repeated": ("重复的选项只留一个", "choices named twice kept once"),
}

_WARNING = {
    "date_incomplete": (
        "“{column}”写的是“{text}”，没有写明哪一天，暂作空白。请补全为 年-月-日。",
        "“{column}” says “{text}” without the day; left blank. Write year-month-day.",
    ),
    "date_serial_text": (
        "“{column}”写的是“{text}”，按 Excel 日期序号读作 {detail}。请核对。",
        "“{column}” says “{text}”, read as the Excel day number of {detail}. Please verify.",
    ),
    "none_mark": (
        "“{column}”写的是“{text}”，暂作空白。如果是零，请填 0。",
        "“{column}” says “{text}”; left blank. If it means zero, type 0.",
    ),
    "leading_zero": (
        "“{column}”是数字格式，开头如有 0 已被 Excel 丢掉。请核对；把这一列设为文本格式后再填最稳妥。",
        "“{column}” is stored as a number, Excel drops leading zeros. Verify it; format the column as text.",
    ),
    "maybe_lost_digits": (
        "“{column}”以 000 结尾，像是被 Excel 改掉了末三位。请对照原件核对。",
        "“{column}” ends in 000, as if Excel had replaced the last digits. Compare it with the original.",
    ),
    "formula_value": (
        "“{column}”是公式，已按它上次算出的值“{text}”读入。请核对，最好粘贴为数值。",
        "“{column}” is a formula; its last computed value “{text}” was taken. Verify it, or paste it as a value.",
    ),
}

_ERROR = {
    "required": ("“{column}”没有填。请补填。", "“{column}” is empty. Fill it in."),
    "lost_digits": (
        "“{column}”是以数字保存的（{text}），Excel 会改掉 15 位以后的数字，不能用。请设为“文本”格式，照原件重填。",
        "“{column}” is a number ({text}); Excel changes digits beyond 15. Format as text, type it from the original.",
    ),
    "fraction_in_text": (
        "“{column}”应是号码或文字，却是带小数的数字“{text}”。请设为文本格式后重填。",
        "“{column}” should be a number or text but holds the fraction “{text}”. Format as text and type again.",
    ),
    "date_in_text": (
        "“{column}”被 Excel 当成了日期“{text}”。请把单元格设为文本格式后重填。",
        "Excel turned “{column}” into the date “{text}”. Format the cell as text and type again.",
    ),
    "not_a_number": (
        "“{column}”填的是“{text}”，不是数字。请改填数字。",
        "“{column}” says “{text}”: no number. Type one.",
    ),
    "not_whole": (
        "“{column}”填的是“{text}”，应当是整数。请改正。",
        "“{column}” says “{text}” but must be a whole number. Correct it.",
    ),
    "wrong_unit": (
        "“{column}”写了“{text}”，而这一列的单位是{detail}。请换算后只填数字。",
        "“{column}” says “{text}”, but the unit here is {detail}. Convert it and type the number alone.",
    ),
    "too_large": ("“{column}”的数“{text}”太大，放不下。请核对。", "“{column}” is too large: “{text}”. Verify it."),
    "below_minimum": (
        "“{column}”填的是“{text}”，不应小于 {detail}。请核对。",
        "“{column}” is “{text}” but must not be less than {detail}. Verify it.",
    ),
    "above_maximum": (
        "“{column}”填的是“{text}”，不应大于 {detail}。请核对。",
        "“{column}” is “{text}” but must not be more than {detail}. Verify it.",
    ),
    "not_a_date": (
        "“{column}”填的是“{text}”，不是日期。请写成 2015-03-01 的样子。",
        "“{column}” says “{text}”: no date. Write it like 2015-03-01.",
    ),
    "no_such_day": (
        "“{column}”填的是“{text}”，没有这一天。请改正。",
        "“{column}” says “{text}”: there is no such day. Correct it.",
    ),
    "date_ambiguous": (
        "“{column}”填的“{text}”分不清年、月、日。请写成 2015-03-01 的样子。",
        "“{column}” says “{text}”: year, month and day cannot be told apart. Write it like 2015-03-01.",
    ),
    "not_yes_no": (
        "“{column}”填的是“{text}”，应填 是 或 否。请改正。",
        "“{column}” says “{text}”; write 是 or 否 (yes or no).",
    ),
    "unknown_code": (
        "“{column}”没有“{text}”这个选项。{detail}请从下拉框中选。",
        "“{column}” has no value “{text}”. {detail}Choose from the list.",
    ),
    "formula": (
        "“{column}”是公式，公式的结果不能作为依据。请复制后选择性粘贴为“数值”。",
        "“{column}” is a formula; its result cannot be relied on. Copy it and paste it as a value.",
    ),
    "excel_error": (
        "“{column}”是 Excel 的错误值（如 #N/A、#REF!）。请改填实际内容。",
        "“{column}” holds an Excel error such as #N/A or #REF!. Type the real content.",
    ),
    "merged": (
        "“{column}”在合并单元格 {detail} 里，分不清各行的内容。请取消合并，逐行填写。",
        "“{column}” lies in the merged cells {detail}; rows cannot be told apart. Unmerge and fill in every row.",
    ),
    "wrong_kind": (
        "“{column}”里的内容“{text}”读不成这一列的类型。请改正。",
        "The content “{text}” of “{column}” does not fit the column. Correct it.",
    ),
}

_SHEET: dict[str, tuple[Severity, str, str]] = {
    "hidden_rows": (
        "fixed",
        "有隐藏的行（第 {rows}），也已读入。",
        "There are hidden rows ({rows}); they were read too.",
    ),
    "hidden_sheet": (
        "warning",
        "这张表是隐藏的，也已读入：{detail}。",
        "This sheet is hidden; it was read too: {detail}.",
    ),
    "unknown_columns": (
        "warning",
        "这些列不在模板中，没有读：{detail}。",
        "These columns are not in the template and were not read: {detail}.",
    ),
    "ignored_sheet": (
        "warning",
        "这张表与模板对不上，没有读：{detail}。",
        "This sheet does not match the template and was not read: {detail}.",
    ),
    "missing_sheet": (
        "warning",
        "文件里没有“{detail}”这张表。",
        "The file has no sheet “{detail}”.",
    ),
    "extension": (
        "fixed",
        "文件扩展名与内容不符，已按实际格式（{detail}）读入。",
        "The file's extension is not what it is; it was read as {detail}.",
    ),
    "encoding": ("fixed", "文件是 {detail} 编码，已转换。", "The file is encoded as {detail}; it was converted."),
    "ragged": (
        "warning",
        "这些行比表头长，多出的内容没有读：第 {rows}。",
        "These rows are longer than the header; what is beyond was not read: {rows}.",
    ),
}

SKIPPED = {
    "blank": ("空行", "blank row"),
    "total": ("合计、小计行", "totals row"),
    "note": ("说明、签字行", "note or signature row"),
    "repeated_header": ("重复的表头", "repeated header"),
}

WORDINGS: dict[str, Wording] = {
    **{
        code: Wording("fixed", f"“{{column}}”：{zh}（第 {{rows}}）。", f"“{{column}}”: {en} (rows {{rows}}).")
        for code, (zh, en) in _FIXED.items()
    },
    **{code: Wording("warning", *texts) for code, texts in _WARNING.items()},
    **{code: Wording("error", *texts) for code, texts in _ERROR.items()},
    **{code: Wording(*texts) for code, texts in _SHEET.items()},
}

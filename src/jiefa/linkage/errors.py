"""What can be wrong with a comparison of lists."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class SpecWrong(JiefaError):
    code = "linkage.spec"
    zh = "比对说明“{file}”：{field} {why_zh}。请改正后再试。"
    en = "The specification {file}: {field} {why_en}. Correct it and try again."


class SpecMissing(JiefaError):
    code = "linkage.spec_missing"
    zh = "找不到比对说明：{file}。请检查路径。"
    en = "No such specification: {file}. Check the path."


class ColumnMissing(JiefaError):
    code = "linkage.column"
    zh = "“{file}”里没有“{column}”这一列，有的列是：{there}。请核对比对说明里的列名。"
    en = "{file} has no column {column!r}; it has {there}. Check the columns named in the specification."


class IdTwice(JiefaError):
    code = "linkage.id_twice"
    zh = "“{file}”的“{column}”列里“{value}”出现了 {times} 次。编号列的值必须各不相同；请换一列，或先去掉重复的行。"
    en = "In {file} the column {column!r} holds {value!r} {times} times. Identifiers have to differ: name another column or drop the repeated rows."


class IdEmpty(JiefaError):
    code = "linkage.id_empty"
    zh = "“{file}”的“{column}”列有 {rows} 行是空的。每一行都要有编号；请补填，或换一列。"
    en = "In {file} the column {column!r} is empty in {rows} rows. Every row needs an identifier: fill it in or name another column."


class NothingToCompare(JiefaError):
    code = "linkage.nothing"
    zh = "按比对说明找不到可比较的记录：{why_zh}。请核对列的种类，或增加可比较的列。"
    en = "There is nothing to compare by this specification: {why_en}. Check the kinds of the columns, or compare more of them."


class DecisionColumns(JiefaError):
    code = "linkage.decision_columns"
    zh = "“{file}”不是核对表，缺少：{missing}。请用 --review 写出的文件，填好“判断”一列。"
    en = "{file} is no page of review, it lacks: {missing}. Take the file that --review wrote and fill in the column of decisions."


class DecisionWrong(JiefaError):
    code = "linkage.decision"
    zh = "“{file}”第 {row} 行的“{field}”{why}。请改正后再试。"
    en = "{file}, row {row}: {field} {why}. Correct it and try again."

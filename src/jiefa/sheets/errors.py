"""Why a whole file is refused: one class for one reason, each with what to do about it.

Refusals are for files in which no cell can be trusted or found. What concerns single cells is a remark, not an error.
"""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class SheetsError(JiefaError):
    """The file as a whole cannot be read. Every subclass's text ends with the remedy."""

    code = "sheets.unreadable"
    zh = "读不了这个文件：{file}。请用 Excel 或 WPS 打开后另存为 xlsx，再上传。"
    en = "This file cannot be read: {file}. Open it in Excel or WPS, save it as xlsx and upload that."


class FileMissing(SheetsError):
    code = "sheets.file_missing"
    zh = "找不到文件：{file}。请检查路径。"
    en = "No such file: {file}. Check the path."


class FileTooLarge(SheetsError):
    code = "sheets.file_too_large"
    zh = "文件太大：{file} 有 {size_mb} MB，上限是 {limit_mb} MB。请按乡镇分成几个文件，或改用 Parquet。"
    en = "The file is too large: {file} has {size_mb} MB, the limit is {limit_mb} MB. Split it or use Parquet."


class TooManyRows(SheetsError):
    code = "sheets.too_many_rows"
    zh = "工作表“{sheet}”有 {rows} 行，Excel 文件一次最多读 {limit} 行。请分成几个文件，或另存为 CSV、Parquet。"
    en = "Sheet “{sheet}” has {rows} rows; at most {limit} are read from Excel. Split it, or save as CSV or Parquet."


class SheetTooWide(SheetsError):
    code = "sheets.sheet_too_wide"
    zh = (
        "工作表“{sheet}”一直用到 {cell}，共 {cells} 个单元格，上限是 {limit}。"
        "多半是表格以外很远的地方留有内容：请删去表格右边和下边的空列、空行后保存。"
    )
    en = (
        "Sheet “{sheet}” reaches to {cell}: {cells} cells, the limit is {limit}. Something is left far away from the "
        "table: delete the empty columns right of it and the empty rows below it, and save."
    )


class CompressedTooFar(SheetsError):
    code = "sheets.compressed_too_far"
    zh = "文件 {file} 解压后有 {size_mb} MB（{ratio} 倍），不像一张表格，拒绝打开。请另存为新的工作簿后再上传。"
    en = (
        "{file} unpacks to {size_mb} MB ({ratio} times its size); that is no table and is not opened. "
        "Save it as a new workbook and upload that."
    )


class PasswordProtected(SheetsError):
    code = "sheets.password"
    zh = "工作簿 {file} 有打开密码。请在 Excel 中取消密码（文件→信息→保护工作簿→用密码进行加密，清空）后再上传。"
    en = (
        "The workbook {file} needs a password. Remove it in Excel (File, Info, Protect Workbook, "
        "Encrypt with Password, leave empty) and upload again."
    )


class CorruptFile(SheetsError):
    code = "sheets.corrupt"
    zh = "文件 {file} 已损坏或不完整，打不开（{reason}）。请用 Excel 或 WPS 打开并另存为 xlsx 后再上传。"
    en = "{file} is damaged or incomplete ({reason}). Open it in Excel or WPS, save it as xlsx and upload that."


class UnknownFormat(SheetsError):
    code = "sheets.unknown_format"
    zh = "文件 {file} 是{found}，不是表格。能读的有：xlsx、xlsm、xls、ods、csv、Parquet。请另存为其中一种。"
    en = "{file} is {found_en}, not a table. Readable are xlsx, xlsm, xls, ods, csv and Parquet. Save it as one."


class Undecodable(SheetsError):
    code = "sheets.undecodable"
    zh = "文件 {file} 的文字既不是 UTF-8 也不是 GB18030（从第 {line} 行起）。请用 Excel 打开原表，另存为 xlsx。"
    en = "The text of {file} is neither UTF-8 nor GB18030 (from line {line}). Open the original in Excel, save as xlsx."


class EmptyWorkbook(SheetsError):
    code = "sheets.empty"
    zh = "文件 {file} 里没有任何内容。请检查是不是传错了文件。"
    en = "There is nothing in {file}. Check whether it is the right file."


class NoHeader(SheetsError):
    code = "sheets.no_header"
    zh = "文件 {file} 里找不到表头。表里前几行有：{found}。需要的列有：{missing}。请从模板复制表头，或用模板重新填写。"
    en = (
        "No header row was found in {file}. The first rows hold: {found}. Columns needed: {missing}. "
        "Copy the header from the template, or fill in the template."
    )


class MissingColumns(SheetsError):
    code = "sheets.missing_columns"
    zh = "工作表“{sheet}”（表头在第 {row} 行）缺少必填的列：{missing}。{near}请补上这些列，表头与模板一致。"
    en = (
        "Sheet “{sheet}” (header in row {row}) lacks required columns: {missing}. {near_en}"
        "Add them with the header of the template."
    )


class DuplicateColumn(SheetsError):
    code = "sheets.duplicate_column"
    zh = "工作表“{sheet}”里“{column}”这一列出现了不止一次：{cells}。请只留一列。"
    en = "In sheet “{sheet}” the column “{column}” stands more than once: {cells}. Keep only one."


class DuplicateSheet(SheetsError):
    code = "sheets.duplicate_sheet"
    zh = "有不止一张表像“{spec}”：{sheets}。请合并成一张，或把表名改成“{spec}”，其余删去。"
    en = "More than one sheet looks like “{spec}”: {sheets}. Merge them, or name one “{spec}” and delete the others."


class ExcerptOfReport(SheetsError):
    code = "sheets.excerpt"
    zh = "文件 {file} 是检查结果的节选，只有有问题的行，不能当作花名册导入。请在原来的文件里改正后再上传。"
    en = "{file} is an excerpt of a report, with the faulty rows only, no roster. Mend your own file and upload that."

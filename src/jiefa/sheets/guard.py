"""What a stranger's file really is, before anything opens it: format by content, size, packing, passwords."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

from jiefa.sheets import errors
from jiefa.sheets.columns import Limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEGABYTE = 1024 * 1024
HEAD = 4096


class Format(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    PARQUET = "parquet"


EXTENSIONS: dict[Format, tuple[str, ...]] = {
    Format.XLSX: (".xlsx", ".xlsm", ".xltx", ".et"),
    Format.XLS: (".xls", ".xlt", ".et"),
    Format.ODS: (".ods", ".ots"),
    Format.CSV: (".csv", ".txt", ".tsv"),
    Format.PARQUET: (".parquet", ".pq"),
}

OTHER_SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文件", "a PDF file"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
    (b"SQLite format 3", "数据库文件", "a database file"),
)


def inspect(path: Path, limits: Limits) -> Format:
    """The format that the content shows. Raises a ``SheetsError`` for whatever must not be opened."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except (OSError, ValueError) as error:
        raise errors.FileMissing(file=path.name) from error
    if size > limits.file_bytes:
        raise errors.FileTooLarge(file=path.name, size_mb=size // MEGABYTE, limit_mb=limits.file_bytes // MEGABYTE)
    if not head.strip(b"\x00\r\n\t ,;\xef\xbb\xbf"):
        raise errors.EmptyWorkbook(file=path.name)
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith(b"PK"):
        return _inspect_zip(path, size, limits)
    if head.startswith(OLE):
        return _inspect_ole(path)
    return _inspect_text(path, head)


def _inspect_zip(path: Path, size: int, limits: Limits) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise errors.CorruptFile(file=path.name, reason="zip") from error
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked // max(1, size)
    if unpacked > limits.unpacked_bytes or (unpacked > limits.ratio_free_bytes and ratio > limits.unpacked_ratio):
        raise errors.CompressedTooFar(file=path.name, size_mb=unpacked // MEGABYTE, ratio=ratio)
    if any(member.flag_bits & 1 for member in members):
        raise errors.PasswordProtected(file=path.name)
    names = {member.filename.lower() for member in members}
    if "xl/workbook.xml" in names:
        return Format.XLSX
    if "content.xml" in names:
        return _inspect_ods(path)
    if "xl/workbook.bin" in names:
        raise errors.UnknownFormat(file=path.name, found="二进制工作簿（xlsb）", found_en="a binary workbook (xlsb)")
    if "word/document.xml" in names:
        raise errors.UnknownFormat(file=path.name, found=" Word 文档", found_en="a Word document")
    raise errors.UnknownFormat(file=path.name, found="压缩包", found_en="a zip archive")


def _inspect_ods(path: Path) -> Format:
    with zipfile.ZipFile(path) as archive:
        try:
            manifest = archive.read("META-INF/manifest.xml")
        except KeyError:
            manifest = b""
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise errors.CorruptFile(file=path.name, reason="zip") from error
    if b"encryption-data" in manifest:
        raise errors.PasswordProtected(file=path.name)
    return Format.ODS


def _inspect_ole(path: Path) -> Format:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
        raise errors.PasswordProtected(file=path.name)
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "WORKBOOK", "Book")):
        return Format.XLS
    raise errors.UnknownFormat(file=path.name, found="其他 Office 文件", found_en="another Office file")


def _inspect_text(path: Path, head: bytes) -> Format:
    for sign, found, found_en in OTHER_SIGNS:
        if head.startswith(sign):
            raise errors.UnknownFormat(file=path.name, found=found, found_en=found_en)
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise errors.UnknownFormat(
            file=path.name, found="网页（HTML）另存的“表格”", found_en="a web page (HTML) named like a table"
        )
    if start.startswith(b"<?xml"):
        raise errors.UnknownFormat(file=path.name, found=" XML 文件", found_en="an XML file")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise errors.UnknownFormat(file=path.name, found="二进制文件", found_en="a binary file")
    return Format.CSV


def extension_fits(path: Path, found: Format) -> bool:
    return path.suffix.lower() in EXTENSIONS[found]

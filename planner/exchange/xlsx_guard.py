"""What a workbook is refused for before any of it is parsed: a small .xlsx may unpack to gigabytes, or carry macros.

A zip archive declares how large each member becomes, and Python's reader stops there, so that declared sizes can be trusted. Parsing
costs memory and time by the tag rather than by the byte, so tags are counted too.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from planner.exchange.table import TableError
from planner.protocol.said import said

MOST_BYTES = 16 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 1_000
MOST_TAGS_OF_SHEETS = 3_200_000
MOST_TAGS_OF_TEXTS = 800_000
MOST_TAGS_ELSEWHERE = 150_000
"""Of styles, names and relations, which are read whole and slowly."""

_CHUNK = 1024 * 1024
_ENCRYPTED = 0x1
_SAVE_AGAIN = said("open it in a spreadsheet program and save it again as .xlsx")
_TOO_LARGE = said("copy the rows that are wanted into a new workbook, and import that")


def require_harmless(content: bytes) -> None:
    """Raises TableError for what is no plain workbook (.xlsx), is damaged, or could do harm by its size or contents."""
    if len(content) > MOST_BYTES:
        raise _refused(
            said("this workbook is larger than {most_bytes} MB; {too_large}", most_bytes=MOST_BYTES // 1024**2, too_large=_TOO_LARGE)
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _require_declared_sizes(members)
            _require_plain_workbook(members)
            _require_plain_markup(archive, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, OSError) as error:
        raise _refused(said("this workbook is damaged or cut short; copy it anew, or {save_again}", save_again=_SAVE_AGAIN)) from error


def _refused(message: str) -> TableError:
    return TableError(1, 1, message)


def _require_declared_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _refused(
            said("this workbook has {count:,} parts, more than any plain one; {too_large}", count=len(members), too_large=_TOO_LARGE)
        )
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED:
        size = f"{unpacked / 1024**2:,.0f} MB"
        raise _refused(
            said(
                "this workbook unpacks to {size}, more than the {most_unpacked} MB that are read; {too_large}",
                size=size,
                most_unpacked=MOST_UNPACKED // 1024**2,
                too_large=_TOO_LARGE,
            )
        )


def _require_plain_workbook(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename.lower() for member in members}
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise _refused(said("this workbook is protected with a password; save it without one"))
    if any(name.rpartition("/")[2] == "vbaproject.bin" for name in names):
        raise _refused(said("this workbook has macros; save it as .xlsx, which has none"))
    if any(name.startswith("xl/externallinks/") for name in names):
        raise _refused(said("this workbook takes values from other files; paste the cells as values into a new workbook, and import that"))
    if "xl/workbook.bin" in names:
        raise _refused(said("this is a binary workbook (.xlsb); {save_again}", save_again=_SAVE_AGAIN))
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise _refused(said("this is no Excel workbook, but another archive (.ods, .docx, .zip); {save_again}", save_again=_SAVE_AGAIN))


def _require_plain_markup(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    most = {"sheets": MOST_TAGS_OF_SHEETS, "texts": MOST_TAGS_OF_TEXTS, "elsewhere": MOST_TAGS_ELSEWHERE}
    tags = dict.fromkeys(most, 0)
    for member in members:
        name = member.filename.lower()
        # All parts count, whatever they are called: a part's name does not say what the reader takes it for.
        part = "sheets" if name.startswith("xl/worksheets/") else "texts" if name == "xl/sharedstrings.xml" else "elsewhere"
        is_markup = name.endswith((".xml", ".rels"))
        before = b""
        for chunk in _chunks(archive, member):
            if is_markup and not before and not chunk.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
                raise _refused(said("a part of this workbook is not in UTF-8; {save_again}", save_again=_SAVE_AGAIN))
            joined = (before[-16:] + chunk).upper()
            if b"<!DOCTYPE" in joined or b"<!ENTITY" in joined or (is_markup and b"\0" in chunk):
                raise _refused(
                    said("this workbook holds definitions that no spreadsheet program writes; {save_again}", save_again=_SAVE_AGAIN)
                )
            tags[part] += chunk.count(b"<") - chunk.count(b"</")
            if tags[part] > most[part]:
                raise _refused(
                    said("this workbook holds more cells, texts, styles or drawings than are read; {too_large}", too_large=_TOO_LARGE)
                )
            before = chunk


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            yield chunk

"""CSV files as people's programs write them: any of three delimiters, with or without byte order mark; never guessed beyond that."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from planner.protocol.said import said

DELIMITERS = (",", ";", "\t")
MOST_BYTES = 64 * 1024 * 1024
_HOW_TO_SAVE = said(
    'save it as CSV in UTF-8 (in Excel: Save As, "CSV UTF-8 (Comma delimited)"; in LibreOffice: Text CSV, character set Unicode (UTF-8))'
)


class CsvError(ValueError):
    """A file that is no CSV text; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        """Keep the line beside the message."""
        self.line = line
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """The cells of one row, and the line of the file on which it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A file's header and rows; rows without any text are left out."""

    header: CsvRow
    rows: tuple[CsvRow, ...]
    delimiter: str
    has_byte_order_mark: bool

    def written_alike(self, lines: Iterable[Iterable[str]]) -> Iterator[str]:
        """CSV text of other lines with this file's delimiter and byte order mark, so that the same program opens it the same way."""
        yield ("\ufeff" if self.has_byte_order_mark else "") + csv_text(lines, self.delimiter)


def csv_text(lines: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    """CSV text of these lines, each ended by a line feed; a cell comes back whole, whatever characters are in it."""
    text = _LinesOfText()
    csv.writer(text, delimiter=delimiter, lineterminator=_LinesOfText.ASKED_FOR).writerows(lines)
    return "".join(text.lines)


class _LinesOfText:
    """Takes lines that end in CR LF and ends them in LF.

    The writer quotes a cell with a carriage return in it only where its own lines end in one. Unquoted, the rest of the cell would be read
    as a row of its own, and might begin a formula there.
    """

    ASKED_FOR = "\r\n"

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        """Take one whole line, as the writer gives it."""
        self.lines.append(line.removesuffix(self.ASKED_FOR) + "\n")


def csv_table(content: bytes) -> CsvTable:
    """The table in a file's bytes; raises CsvError."""
    text = _decoded(content)
    marked = text.startswith("\ufeff")
    text = text.removeprefix("\ufeff")
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    if not first_line:
        raise CsvError(1, said("the file is empty; the first line names the columns: subject,start,..."))
    delimiter = _delimiter(first_line)
    rows = [row for row in _rows(text, delimiter) if any(cell.strip() for cell in row.cells)]
    return CsvTable(rows[0], tuple(rows[1:]), delimiter, marked)


def _rows(text: str, delimiter: str) -> Iterator[CsvRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                longest = f"{csv.field_size_limit():,}"
                raise CsvError(
                    line,
                    said(
                        'a cell of this row is longer than {longest} characters; shorten it, or close the quote (") that is never closed',
                        longest=longest,
                    ),
                ) from None
            if "unexpected end of data" in str(error):
                raise CsvError(
                    line, said('a quote (") that opens in this row is never closed; close it, or write "" for a quote within a cell')
                ) from None
            raise CsvError(
                reader.line_num, said('text follows a closing quote (") in this row; write "" for a quote within a quoted cell')
            ) from None
        yield CsvRow(line, tuple(cells))


def _delimiter(header: str) -> str:
    """The delimiter that stands most often in the header outside quotes; a comma where none does."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise CsvError(1, said("this file is larger than 64 MB; split it, if it is the right one"))
    if content.startswith(b"PK\x03\x04"):
        raise CsvError(
            1, said("this is a workbook (.xlsx, .ods) or another zip archive, not CSV; open it and {how_to_save}", how_to_save=_HOW_TO_SAVE)
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise CsvError(1, said("this is an old Excel workbook (.xls), not CSV; open it and {how_to_save}", how_to_save=_HOW_TO_SAVE))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CsvError(1, said("this file is in UTF-16; {how_to_save}", how_to_save=_HOW_TO_SAVE))
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise CsvError(line, said("this file is binary, or in UTF-16; {how_to_save}", how_to_save=_HOW_TO_SAVE))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise CsvError(
            line,
            said(
                "byte 0x{byte:02X} is not UTF-8; the file seems to be in {probable_encoding}; {how_to_save}",
                byte=byte,
                probable_encoding=_probable_encoding(content),
                how_to_save=_HOW_TO_SAVE,
            ),
        ) from None


def _probable_encoding(content: bytes) -> str:
    """GB18030 where bytes beyond ASCII come in pairs, as in Chinese, else the Western one: only to be told, never to read by."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content)]
    pairs = sum(length % 2 == 0 for length in runs)
    return said("GB18030 (Chinese)") if 2 * pairs > len(runs) else said("Windows-1252 (Western)")

"""A calendar file's content lines (RFC 5545, 3.1): unfolded on octets, each with its line number, within bounds of size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from planner.protocol.said import said
from planner.records.errors import RecordsError

MOST_BYTES = 10 * 2**20
MOST_LINES = 1_000_000
"""Of the file as it is: a real file has about thirty octets a line."""
LONGEST_LINE = 2**20
"""Octets of a line once it is unfolded."""

_TOO_LONG = said("this line has more than 1 MB once it is unfolded; no visit needs so much. Is it the right file?")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHERS = {
    b"PK\x03\x04": said("a ZIP or Office file; unpack it first, or export the calendar as iCalendar (.ics)"),
    b"%PDF": said("a PDF; export the calendar as iCalendar (.ics)"),
    b"\xd0\xcf\x11\xe0": said("an old Office or Outlook file; export the calendar as iCalendar (.ics)"),
    b"!BDN": said("an Outlook data file; export the calendar from Outlook as iCalendar (.ics)"),
    b"\x1f\x8b": said("a compressed file; unpack it first"),
    b"<": said("a web page or XML, perhaps a page that asks to sign in; download the calendar itself"),
    b"{": said("JSON; export the calendar as iCalendar (.ics)"),
}


class CalendarFileError(RecordsError, ValueError):
    """A file that is no usable calendar; ``line`` (from 1) says where, the text what is wrong and what would be right."""

    def __init__(self, line: int, message: str) -> None:
        """Keep the place beside the message."""
        super().__init__(message)
        self.line = line


class ContentLine(NamedTuple):
    """A line once unfolded: the number of its first line in the file, and its octets, which are UTF-8."""

    number: int
    octets: bytes


def content_lines(content: bytes) -> Iterator[ContentLine]:
    """The lines of a file, empty ones left out; line ends may be CRLF, LF, CR or a mixture of these.

    A fold may stand inside a character, so octets are joined before they are taken for text. Raises CalendarFileError, as soon as the line
    that is wrong is reached.
    """
    text = _checked(content)
    begun, parts, octets = 0, list[bytes](), 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line:
            continue
        if parts and line[0] in b" \t":
            octets += len(line) - 1
            if octets > LONGEST_LINE:
                raise CalendarFileError(begun, _TOO_LONG)
            parts.append(line[1:])
            continue
        if parts:
            yield _line(begun, parts)
        begun, parts, octets = number, [line], len(line)
        if octets > LONGEST_LINE:
            raise CalendarFileError(begun, _TOO_LONG)
    if parts:
        yield _line(begun, parts)


def _line(number: int, parts: list[bytes]) -> ContentLine:
    octets = parts[0] if len(parts) == 1 else b"".join(parts)
    if not octets.isascii():
        try:
            octets.decode("utf-8")
        except UnicodeDecodeError:
            raise CalendarFileError(
                number, said("this line is not in UTF-8; export the calendar as UTF-8, or save it so in an editor")
            ) from None
    return ContentLine(number, octets)


def _checked(content: bytes) -> bytes:
    """The content without a byte order mark, if it may be a calendar at all. Raises CalendarFileError."""
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise CalendarFileError(
            1, said("this file is larger than {most} MB; export fewer days, or only the calendar with the visits", most=most)
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CalendarFileError(1, said("this file is in UTF-16; save it as UTF-8"))
    text = content.removeprefix(_BYTE_ORDER_MARK)
    begin = text[:4096].lstrip()
    for mark, what in _OTHERS.items():
        if begin.startswith(mark):
            raise CalendarFileError(1, said("this is no calendar but {what}", what=what))
    if b"\0" in text:
        raise CalendarFileError(1, said("this file is binary, not text; export the calendar as iCalendar (.ics)"))
    # CRLF counts twice, as one line end more.
    if text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n") > MOST_LINES:
        raise CalendarFileError(
            1,
            said(
                "this file has more than {most_lines:,} lines; export fewer days, or only the calendar with the visits",
                most_lines=MOST_LINES,
            ),
        )
    return text

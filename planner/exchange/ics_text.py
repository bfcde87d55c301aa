"""Text in a calendar file (RFC 5545, 3.1 and 3.3.11): which characters may stand in it, escaping, and folding of long lines."""

from __future__ import annotations

import re

LONGEST_LINE = 75
"""Octets of a content line, the line end not counted (RFC 5545, 3.1)."""

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_UNPAIRED = re.compile("[\ud800-\udfff]")
_NOT_PLAIN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def plain_text(text: str) -> str:
    r"""The text that a reader gets back: each kind of line break becomes ``\n``, other control characters go, the tab stays.

    Half of a surrogate pair cannot be written as UTF-8 and becomes U+FFFD.
    """
    if not _NOT_PLAIN.search(text):
        return text
    return _UNPAIRED.sub("\ufffd", _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", text)))


def escaped(text: str) -> str:
    r"""``text`` as a TEXT value (RFC 5545, 3.3.11): backslash, semicolon, comma and line break escaped; ``\N`` is no line break here."""
    return plain_text(text).replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def content_line(line: str) -> str:
    """``line`` with its line end, folded after at most 75 octets and never inside a character (RFC 5545, 3.1)."""
    if line.isascii():
        # A character is an octet, so the line is cut without a look at it.
        if len(line) <= LONGEST_LINE:
            return line + "\r\n"
        rest = [line[first : first + LONGEST_LINE - 1] for first in range(LONGEST_LINE, len(line), LONGEST_LINE - 1)]
        return "\r\n ".join([line[:LONGEST_LINE], *rest]) + "\r\n"
    octets = line.encode("utf-8")
    if len(octets) <= LONGEST_LINE:
        return line + "\r\n"
    pieces: list[bytes] = []
    start, room = 0, LONGEST_LINE
    while len(octets) - start > room:
        end = _character_start(octets, start + room)
        pieces.append(octets[start:end])
        start, room = end, LONGEST_LINE - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces).decode("utf-8") + "\r\n"


def _character_start(octets: bytes, position: int) -> int:
    """The last position, at or before ``position``, where a UTF-8 character begins."""
    while octets[position] & 0xC0 == 0x80:
        position -= 1
    return position

"""Whether an answer may be parsed as XML at all: answers of calendar servers declare no document type, and bombs need one."""

from __future__ import annotations

import re

MOST_TAGS = 1_000_000
"""A tag of four octets takes a hundred once it is parsed; of a stored event a listing has some twenty tags."""

_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]*)["']""")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_plain_xml(content: bytes) -> bool:
    """Whether this is text in UTF-8 that begins as XML without a document type, in which alone entities could be defined.

    It must have no more than ``MOST_TAGS`` tags.
    """
    if b"\0" in content or content.count(b"<") > MOST_TAGS or not _is_utf_8(content):
        return False
    text = content.removeprefix(_BYTE_ORDER_MARK)
    place = 0
    while True:
        place = _after_blanks(text, place)
        if text.startswith(b"<?", place):
            end = text.find(b"?>", place)
            declared = _ENCODING.search(text, place, max(end, place)) if text.startswith(b"<?xml", place) else None
            if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
                return False
        elif text.startswith(b"<!--", place):
            end = text.find(b"-->", place + 4)
        else:
            return text.startswith(b"<", place) and not text.startswith(b"<!", place)
        if end < 0:
            return False
        place = text.index(b">", end) + 1


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _after_blanks(text: bytes, place: int) -> int:
    found = re.compile(rb"[ \t\r\n]*").match(text, place)
    return place if found is None else found.end()

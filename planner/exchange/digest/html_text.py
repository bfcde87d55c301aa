"""A mailed worklist as HTML: a page of plain tables, every text escaped, styles inline, and nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from planner.exchange.digest.digest import Digest
from planner.exchange.digest.lines import about_days, cells, counts
from planner.exchange.digest.words import DigestWords
from planner.records.lists.worklist import WorklistKind

_BODY = "font-family:sans-serif;font-size:14px;line-height:1.4;color:#1a1a1a;background-color:#ffffff"
_TABLE = "border-collapse:collapse;border-color:#b8b8b8;font-size:13px"
_QUIET = "color:#595959;font-size:13px"
_CELLS = dict.fromkeys((2, 3, 4), "<td nowrap>")
"""The subject's number, the visit and the days stay in one line on a narrow screen."""


def html_text(digest: Digest, words: DigestWords) -> str:
    """The whole page, in the order of the plain text."""
    return "\n".join(_lines(digest, words)) + "\n"


def _lines(digest: Digest, words: DigestWords) -> Iterator[str]:
    heading = escape(words.heading.format(day=digest.day))
    yield f'<!DOCTYPE html>\n<html lang="{words.language}"><head><meta charset="utf-8"><title>{heading}</title></head>'
    yield f'<body style="{_BODY}">\n<h1 style="font-size:18px">{heading}</h1>'
    if digest.is_empty:
        yield f"<p>{escape(words.nothing)}</p>"
    else:
        yield "<ul>" + "".join(f"<li>{escape(counted)}</li>" for counted in counts(digest, words).values()) + "</ul>"
    yield f'<p style="{_QUIET}">{escape(about_days(digest, words))}</p>'
    if not digest.counts_only:
        for kind in counts(digest, words):
            yield from _of_kind(digest, kind, words)
    elif not digest.is_empty:
        yield f"<p>{escape(words.rows_left_out)}</p>"
    if digest.calendar is not None:
        yield f'<p style="{_QUIET}">{escape(words.calendar_attached)}</p>'
    yield f'<p style="{_QUIET}">{escape(words.about_dates)}</p>\n</body></html>'


def _of_kind(digest: Digest, kind: WorklistKind, words: DigestWords) -> Iterator[str]:
    rows = [row for row in digest.worklist.rows if row.kind is kind]
    count = digest.worklist.counts[kind]
    yield f'<h2 style="font-size:15px;margin-bottom:0">{escape(words.kinds[kind].heading)} ({count})</h2>'
    yield f'<p style="{_QUIET};margin-top:0">{escape(words.kinds[kind].about)}</p>'
    shown = [cells(row, words) for row in rows]
    columns = [place for place in range(len(words.columns)) if any(texts[place] for texts in shown)]
    # Styles stand at the table alone: a mail of hundreds of rows stays small, since mail programs cut large ones off.
    yield f'<table border="1" cellpadding="4" cellspacing="0" style="{_TABLE}">'
    yield (
        '<tr style="background-color:#efefef">'
        + "".join(f'<th scope="col" align="left">{escape(name)}</th>' for name in (words.columns[place] for place in columns))
        + "</tr>"
    )
    for texts in shown:
        yield "<tr>" + "".join(f"{_CELLS.get(place, '<td>')}{escape(texts[place])}</td>" for place in columns) + "</tr>"
    yield "</table>"
    if count > len(rows):
        yield f"<p>{escape(words.more.format(count=count - len(rows)))}</p>"

"""Protocol files and site calendars, kept by the hash of their text, so that a subject's dates rest on what was read then."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Generic, Literal, TypeVar

from sqlalchemy import Connection, insert, select

from planner.protocol.compile import compile_plan
from planner.protocol.plan import Plan
from planner.protocol.read import read_protocol
from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.facts.chain import content_hash
from planner.records.pinned.calendar_content import calendar_from_content, calendar_text
from planner.records.pinned.plan_hash import plan_hash
from planner.records.store.schema import contents
from planner.schedule.calendar import SiteCalendar, require_open_days

__all__ = [
    "ChangedContentError",
    "ContentError",
    "ContentKind",
    "PinnedContents",
    "UnknownContentError",
    "content_text",
    "plan_hash",
    "put_calendar",
    "put_protocol",
    "require_content",
]

ContentKind = Literal["protocol", "calendar"]
CONTENT_WORDS: Mapping[str, str] = {"protocol": said("protocol"), "calendar": said("calendar")}
"""Each kind as sentences have it."""


class ContentError(RecordsError, ValueError):
    """A kept text that cannot be used; the message names its hash."""


class UnknownContentError(ContentError):
    """There is no such text."""


class ChangedContentError(ContentError):
    """The text is not the one that was kept under its hash."""


def put_protocol(connection: Connection, text: str) -> str:
    """Keep a protocol file's exact text and give its hash; where it is kept already, nothing is written.

    Raises ProtocolErrors if ``planner.protocol.read`` refuses the text, ChangedContentError if what is kept under the hash was altered.
    """
    read_protocol(text)
    return _put(connection, "protocol", text)


def put_calendar(connection: Connection, calendar: SiteCalendar) -> str:
    """Keep a calendar as explicit dates and give its hash; where it is kept already, nothing is written.

    Raises CalendarError for one without any open day, ChangedContentError if what is kept under the hash was altered.
    """
    return _put(connection, "calendar", calendar_text(require_open_days(calendar)))


def content_text(connection: Connection, content: str) -> str:
    """The text kept under this hash, checked against it. Raises UnknownContentError or ChangedContentError."""
    return _read(connection, content)[1]


def require_content(connection: Connection, content: str, kind: ContentKind) -> str:
    """The text of this hash if it is of this kind, checked. Raises UnknownContentError or ChangedContentError."""
    stored, text = _read(connection, content)
    if stored != kind:
        raise UnknownContentError(
            said(
                "The text {shown} is a {stored}, not a {kind}. Give the hash of a {kind}.",
                shown=_shown(content),
                stored=CONTENT_WORDS.get(stored, stored),
                kind=CONTENT_WORDS[kind],
            )
        )
    return text


def _put(connection: Connection, kind: ContentKind, text: str) -> str:
    hashed = content_hash(text)
    try:
        require_content(connection, hashed, kind)
    except UnknownContentError:
        connection.execute(insert(contents).values(hash=hashed, kind=kind, text=text))
    return hashed


def _read(connection: Connection, content: str) -> tuple[str, str]:
    row = connection.execute(select(contents.c.kind, contents.c.text).where(contents.c.hash == content)).one_or_none()
    if row is None:
        raise UnknownContentError(
            said(
                "The database holds no text {shown}. Check the hash; if a fact names it, restore the database from a backup.",
                shown=_shown(content),
            )
        )
    if content_hash(row.text) != content:
        raise ChangedContentError(
            said(
                "The {kind} text {shown} was changed in the database: it no longer has that hash. Restore the database from a backup.",
                kind=CONTENT_WORDS.get(row.kind, row.kind),
                shown=_shown(content),
            )
        )
    return row.kind, row.text


def _shown(content: str) -> str:
    return content if len(content) <= 64 else content[:61] + "..."


# --- what a process has read already --------------------------------------------------------------------------

Value = TypeVar("Value")


class _Recent(Generic[Value]):
    """The values last used, by hash. One thread makes a value while others wait, so that all get the same object."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, content: str, make: Callable[[], Value]) -> Value:
        with self._lock:
            if content not in self._values:
                self._values[content] = make()
                if len(self._values) > self._most:
                    self._values.popitem(last=False)
            self._values.move_to_end(content)
            return self._values[content]


MOST_PLANS, MOST_CALENDARS = 64, 256
_plans: _Recent[Plan] = _Recent(MOST_PLANS)
_calendars: _Recent[SiteCalendar] = _Recent(MOST_CALENDARS)


class PinnedContents:
    """Compiled plans and calendars of one database's texts (``planner.records.pinned.pinned.Pinned``).

    A process reads each text once: a hash says what the text is, whichever database it came from. So a text altered since then is
    found by ``content_text`` and the audit, not here.
    """

    def __init__(self, connection: Connection) -> None:
        """Texts are read through ``connection`` when they are first asked for."""
        self._connection = connection

    def plan(self, protocol_hash: str) -> Plan:
        """The plan compiled from the protocol text of this hash, the same object each time.

        Raises UnknownContentError, ChangedContentError, or ProtocolErrors where today's planner no longer accepts the text.
        """
        return _plans.get(protocol_hash, lambda: self._compiled(protocol_hash))

    def calendar(self, calendar_hash: str) -> SiteCalendar:
        """The site calendar of this hash, the same object each time.

        Raises UnknownContentError, ChangedContentError, or CalendarError where the text is no calendar.
        """
        return _calendars.get(calendar_hash, lambda: calendar_from_content(require_content(self._connection, calendar_hash, "calendar")))

    def _compiled(self, protocol_hash: str) -> Plan:
        text = require_content(self._connection, protocol_hash, "protocol")
        return compile_plan(read_protocol(text, f"<protocol {protocol_hash[:12]}>"))

"""A clinic that keeps our visits in a calendar of its own, and moves them there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from planner.exchange.feed import feed_parts
from planner.exchange.outside.findings import Finding, Findings
from planner.exchange.outside.ics_reader import read_outside
from planner.exchange.outside.matching import EarlierTimes, outside_findings, site_zones, visits_by_uid
from planner.exchange.outside.proposing import Proposed, proposals_of
from planner.exchange.uids import event_uid
from planner.records.feeds.feed import Feed
from planner.records.people.settings import read_settings
from planner.records.revisions.scope import Scope
from planner.records.revisions.visit_revisions import visit_revisions
from tests.records.desk import LATE, SUBJECT, Desk, someone

KEY = b"a key of the tests, no secret at all"
SUBSCRIBED = Feed("F1", "nurse", "clinic", "study", "ulrrc", "", days_back=700, days_ahead=900, conditional=True)
_EVENT = re.compile(r"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)


def uid(visit: str, number: str = SUBJECT.number) -> str:
    return event_uid(KEY, "ULRRC", number, visit, "visit", "trial-visit-planner")


def feed_file(desk: Desk, on: date = LATE) -> str:
    """What a subscribed calendar holds."""
    with desk.database.reading() as connection:
        (part,) = feed_parts(connection, read_settings(connection), SUBSCRIBED, someone(on).now, KEY)
    return part.body.decode()


@dataclass(frozen=True)
class Move:
    """What the clinic's program writes into an event: times as whole lines, and what it keeps count with."""

    visit: str
    times: tuple[str, ...]
    sequence: int | None = None
    """None: the program leaves SEQUENCE as it was."""
    changed: datetime | None = None
    """None: it leaves LAST-MODIFIED as it was."""
    more: tuple[str, ...] = ()
    number: str = SUBJECT.number


def moved(file: str, *moves: Move) -> bytes:
    """The file with these events as the clinic's program would write them."""
    by_uid = {uid(move.visit, move.number): move for move in moves}

    def rewritten(match: re.Match[str]) -> str:
        move = by_uid.pop(re.findall(r"UID:(\S+)", match[0])[0], None)
        return match[0] if move is None else _rewritten(match[0], move)

    content = _EVENT.sub(rewritten, file)
    assert not by_uid, "no such event in the file"
    return content.encode()


def _rewritten(event: str, move: Move) -> str:
    if move.times:
        event = re.sub(r"DTEND[^\r]*\r\n", "", event)
        event = re.sub(r"DTSTART[^\r]*\r\n", lambda _: "".join(f"{line}\r\n" for line in move.times), event)
    if move.sequence is not None:
        event = re.sub(r"SEQUENCE:\d+", f"SEQUENCE:{move.sequence}", event)
    if move.changed is not None:
        event = re.sub(r"LAST-MODIFIED:\w+", f"LAST-MODIFIED:{move.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}", event)
    return event.replace("END:VEVENT", "".join(f"{line}\r\n" for line in move.more) + "END:VEVENT")


def at(day: str, clock: str, end: str) -> tuple[str, ...]:
    """A time in China, where the site is."""
    day = day.replace("-", "")
    return f"DTSTART;TZID=Asia/Shanghai:{day}T{clock.replace(':', '')}00", f"DTEND;TZID=Asia/Shanghai:{day}T{end.replace(':', '')}00"


def all_day(day: str) -> tuple[str, ...]:
    following = date.fromordinal(date.fromisoformat(day).toordinal() + 1)
    return f"DTSTART;VALUE=DATE:{day.replace('-', '')}", f"DTEND;VALUE=DATE:{following:%Y%m%d}"


def look(desk: Desk, content: bytes, expected: Sequence[str] = (), scope: Scope | None = None) -> Findings:
    with desk.database.reading() as connection:
        visits = visits_by_uid(visit_revisions(connection, scope or Scope(conditional=True)), KEY)
        return outside_findings(read_outside(content, site_zones(visits)), visits, EarlierTimes(connection), expected)


def unlike(findings: Findings) -> dict[str, Finding]:
    """What is not the same, by visit."""
    return {finding.revision.row.visit: finding for finding in findings.all if finding.kind != "same" and finding.revision}


def propose(desk: Desk, findings: Findings, who: str = "nurse", on: date = LATE) -> Proposed:
    with desk.database.reading() as connection:
        return proposals_of(connection, someone(on, who), findings.of("moved"))

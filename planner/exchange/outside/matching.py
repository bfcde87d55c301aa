"""A calendar from outside beside our visits: by UID, whatever the titles say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from planner.exchange.ics_settings import DEFAULT_HOST
from planner.exchange.outside.earlier_times import EarlierTimes
from planner.exchange.outside.findings import Finding, Findings
from planner.exchange.outside.judging import finding_of
from planner.exchange.outside.outside_event import OutsideCalendar, OutsideEvent, UnreadableEvent
from planner.exchange.outside.times_in_words import revision_in_words, visit_in_words
from planner.exchange.revision_events import EventForm, visit_uid
from planner.protocol.said import said
from planner.protocol.said_lists import added, with_capital
from planner.records.revisions.visit_revisions import VisitRevision

__all__ = ["EarlierTimes", "Findings", "outside_findings", "site_zones", "visits_by_uid"]


def visits_by_uid(revisions: Iterable[VisitRevision], install_key: bytes, host: str = DEFAULT_HOST) -> dict[str, VisitRevision]:
    """The visits by the UID of their events, in their order."""
    form = EventForm(install_key, host=host)
    return {visit_uid(revision, form): revision for revision in revisions}


def site_zones(visits: Mapping[str, VisitRevision]) -> dict[str, str]:
    """The IANA zone of each visit's site, by UID: what ``read_outside`` takes."""
    return {uid: revision.zone for uid, revision in visits.items()}


def outside_findings(
    calendar: OutsideCalendar, visits: Mapping[str, VisitRevision], earlier: EarlierTimes, expected: Collection[str] = ()
) -> Findings:
    """What an outside calendar says of our visits (by UID); nothing is written, and no right is asked for.

    ``expected`` are the UIDs that the calendar held when it was last written: such as are no longer there are ``gone``. Of a file that
    somebody exported nothing is expected.
    """
    events: dict[str, list[OutsideEvent]] = defaultdict(list)
    for event in calendar.events:
        events[event.uid].append(event)
    broken: dict[str, list[UnreadableEvent]] = defaultdict(list)
    for one in calendar.unreadable:
        broken[one.uid if one.uid in visits else ""].append(one)
    found = list[Finding]()
    for uid, revision in visits.items():
        found += [_unreadable(one, revision) for one in broken.get(uid, ())]
        if uid in events:
            found.append(_agreed([finding_of(event, revision, earlier) for event in events[uid]], revision, uid in broken))
        elif uid in expected and uid not in broken and not revision.is_off:
            text = said(
                "{visit} is no longer in the calendar; here it stays on {here}.",
                visit=visit_in_words(revision),
                here=revision_in_words(revision),
            )
            found.append(Finding("gone", uid, revision, None, 0, None, None, None, text))
    found += [_unreadable(one, None) for one in broken.get("", ())]
    return Findings(tuple(found), calendar.not_ours + sum(len(copies) for uid, copies in events.items() if uid not in visits))


def _unreadable(broken: UnreadableEvent, revision: VisitRevision | None) -> Finding:
    text = (
        said("{why}.", why=with_capital(broken.why))
        if revision is None
        else said("{visit} is not read: {why}.", visit=visit_in_words(revision), why=broken.why)
    )
    return Finding("unreadable", broken.uid, revision, None, broken.line, None, None, None, text)


def _agreed(found: Sequence[Finding], revision: VisitRevision, is_in_part_broken: bool) -> Finding:
    """What the copies of one visit in a calendar come to: old ones count for nothing beside a newer one, and all others must agree.

    Some programs add a visit again each time a file is imported, and leave the old one where it was.
    """
    newer = [finding for finding in found if finding.kind != "older"] or list(found[:1])
    told = {(finding.kind, finding.day, finding.at, finding.minutes) for finding in newer}
    if len(told) == 1 and not (is_in_part_broken and newer[0].kind == "moved"):
        return newer[0]
    lines = added(str(finding.line) for finding in newer if finding.line)
    where = said(" (lines {lines})", lines=lines) if lines else ""
    what = said("beside one that is not read") if len(told) == 1 else said("with different times{where}", where=where)
    text = said(
        "{visit} is in the calendar more than once, {what}; delete there what does not count.",
        visit=visit_in_words(revision),
        what=what,
    )
    return replace(newer[0], kind="unreadable", text=text, minutes=None, returns=False)

"""What people type about a subject reaches no byte of a feed or of a CalDAV object, whatever a feed shows and whatever it hides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import combinations, product

import pytest

from planner.exchange.event_objects import event_objects
from planner.exchange.feed import feed_parts
from planner.records.changes import acts
from planner.records.changes.undoing import undone_fact
from planner.records.facts.fact import SubjectKey
from planner.records.feeds.feed import EVENT_KINDS, LANGUAGES, SUMMARY_PARTS, Feed, FeedKind
from planner.records.feeds.granting import make_feed
from planner.records.people.administration import append_administration, set_site_contact
from planner.records.people.settings import read_settings
from planner.records.store.database import open_database
from planner.records.store.log import read_facts
from planner.schedule.calendar_sources import calendar_named
from tests.records.desk import Desk, someone

KEY = b"planted-install-key-of-this-place"
NOW = datetime(2026, 4, 21, 4, tzinfo=UTC)
SUBJECT = SubjectKey("ulrrc", "PEK-7351")
HELD = SubjectKey("ulrrc", "PEK-7352")
OF: tuple[tuple[FeedKind, str], ...] = (
    ("subject", str(SUBJECT)),
    ("subject", str(HELD)),
    ("site", "PEK"),
    ("study", "ulrrc"),
    *(("resource", f"PEK/{resource}") for resource in ("infusion", "linac", "imaging")),
)
MASKS = [parts for count in range(4) for parts in combinations(SUMMARY_PARTS, count)]
NOTES = ("booking", "release", "done", "missed", "omitted", "hold", "parameter", "milestone", "deviation", "undone", "corrected", "remark")
PLANTED = {
    **{f"note of {what}": f"Mustermann-{what}" for what in NOTES},
    "place": "Mustermannstrasse",
    "booked resource": "Mustermannraum",
    "account of the writer": "mustermann.writer",
    "account of the reader": "mustermann.reader",
    "purpose": "mustermannphone",
    "contact": "Mustermann-Ambulanz",
}
"""Where something was typed, and what."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A site at which somebody typed something into everything."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('planted') / 'planner.sqlite'}")
    desk = Desk.opened(database, calendar=calendar_named("CN"))
    desk.reset_pattern("PEK", r"PEK-\d{4}")
    writer = PLANTED["account of the writer"]
    for subject in (SUBJECT, HELD):
        desk.enrol(subject.number)
    roles = [(writer, role, "PEK") for role in ("nurse", "coordinator", "investigator")]
    desk.grant(*roles, (PLANTED["account of the reader"], "coordinator", "PEK"))
    _type_everywhere(desk, writer)
    with database.writing() as connection:
        contact = set_site_contact(read_settings(connection), "PEK", f"{PLANTED['contact']}, 010 555")
        append_administration(connection, someone(who="administrator"), [contact])
        reader = PLANTED["account of the reader"]
        make_feed(connection, someone(who=reader), Feed("", reader, PLANTED["purpose"], "site", "PEK", ""))
    yield desk
    database.close()


def _type_everywhere(desk: Desk, writer: str) -> None:
    def note(what: str) -> str:
        return f"said {PLANTED[f'note of {what}']}"

    place, room = PLANTED["place"], PLANTED["booked resource"]
    said = [
        acts.milestone_set("PRIOR_RT_END", date(2025, 12, 1), note=note("milestone")),
        acts.parameter_set("regimen", "CAPOX", reason="other", note=note("parameter")),
        acts.visit_done("C1D1", date(2026, 3, 2), reason="other", note=note("done")),
        acts.activities_omitted("SIM", ["SIMULATION"], reason="other", note=note("omitted")),
        acts.visit_missed("F5", reason="other", note=note("missed")),
        acts.visit_booked("C2D1", date(2026, 3, 27), "09:30", 60, room, place, reason="other", note=note("booking")),
        acts.booking_released("C2D1", reason="other", note=note("release")),
        acts.visit_booked("C3D1", date(2026, 4, 27), "09:30", 60, room, place, reason="other", note=note("booking")),
        acts.visit_done("C2D1", date(2026, 4, 7)),
        acts.deviation_classed("missed:F5", "important", note=note("deviation")),
        acts.noted(note("remark")),
    ]
    for facts in said:
        desk.record(facts, SUBJECT, who=writer)
    done = next(fact for fact in desk.facts(SUBJECT) if fact.said.note == note("done"))
    desk.record(
        acts.corrected(desk.facts(SUBJECT), done.number, day=date(2026, 3, 3), reason="other", note=note("corrected")), SUBJECT, who=writer
    )
    remark = next(fact for fact in desk.facts(SUBJECT) if fact.said.note == note("remark"))
    desk.record(undone_fact(desk.facts(SUBJECT), remark.number, reason="other", note=note("undone")), SUBJECT, who=writer)
    desk.record(acts.hold_started(date(2026, 4, 1), reason="other", note=note("hold")), HELD, who=writer)


def feeds() -> Iterator[Feed]:
    """Feeds of everything, visits and windows, both languages: of the site with every mask, of the others with two masks in turn."""
    reader = PLANTED["account of the reader"]
    for number, ((kind, of), event, language) in enumerate(product(OF, EVENT_KINDS, LANGUAGES)):
        masks = MASKS if kind == "site" else (MASKS[number % len(MASKS)], MASKS[-1 - number % len(MASKS)])
        for mask in masks:
            yield Feed("F1", reader, PLANTED["purpose"], kind, of, "", event, mask, language, conditional=True)


@pytest.fixture(scope="module")
def written(desk: Desk) -> list[tuple[Feed, list[bytes]]]:
    """Each feed with all its files and objects."""
    return [(feed, bytes_of(desk, feed)) for feed in feeds()]


def bytes_of(desk: Desk, feed: Feed) -> list[bytes]:
    """All files and objects of a feed, long lines joined."""
    with desk.database.reading() as connection:
        settings = read_settings(connection)
        parts = feed_parts(connection, settings, feed, NOW, KEY)
        objects = event_objects(connection, settings, feed, NOW, KEY)
    assert parts and objects is not None
    return [body.replace(b"\r\n ", b"") for body in (*(part.body for part in parts), *(each.body for each in objects))]


def test_the_strings_were_planted(desk: Desk) -> None:
    with desk.database.reading() as connection:
        log = repr(read_facts(connection))
    assert [what for what, text in PLANTED.items() if text not in log] == []


def test_nothing_that_was_typed_reaches_a_byte(written: list[tuple[Feed, list[bytes]]]) -> None:
    contents = [(feed, content) for feed, all_contents in written for content in all_contents]
    assert [feed for feed, content in contents if b"mustermann" in content.lower() or KEY in content] == []
    assert len(contents) > 2_000
    assert {feed.summary for feed, _ in contents} == set(MASKS)
    assert all(
        any(b"BEGIN:VEVENT" in content for content in all_contents) for feed, all_contents in written if not feed.of.endswith("imaging")
    )


def test_what_a_title_is_not_to_show_stands_nowhere_in_the_file(written: list[tuple[Feed, list[bytes]]]) -> None:
    """A subject's number without its subject, a study's code without its study: neither in titles nor names nor texts."""
    hidden = {"study": b"ulrrc", "subject": b"735"}
    for feed, contents in written:
        for content in map(_without_uids, contents):
            assert [part for part, text in hidden.items() if part not in feed.summary and text in content.lower()] == [], feed


def _without_uids(content: bytes) -> bytes:
    """Hexadecimal digits of a UID may look like anything."""
    return b"".join(line for line in content.splitlines(keepends=True) if not line.startswith((b"UID:", b"RELATED-TO:")))


def test_the_same_feed_unmasked_shows_what_is_hidden_above(desk: Desk) -> None:
    (content, *_) = bytes_of(desk, Feed("F1", PLANTED["account of the reader"], "phone", "site", "PEK", ""))
    assert b"ULRRC PEK-7351 C3D1" in content
    assert b"ULRRC PEK-7352 " in content


def test_who_may_not_read_the_site_gets_nothing_of_it(desk: Desk) -> None:
    with desk.database.reading() as connection:
        settings = read_settings(connection)
        for feed in (Feed("F1", "stranger", "phone", kind, of, "") for kind, of in OF):
            assert feed_parts(connection, settings, feed, NOW, KEY) == ()
            assert event_objects(connection, settings, feed, NOW, KEY) is None

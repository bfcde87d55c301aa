"""What can be taken along of a subject: files that are what the feeds and the command line give."""

import csv
import io
import re
from datetime import date
from functools import partial

import pytest

from planner.exchange.feed import feed_parts
from planner.records.changes.acts import visit_booked
from planner.records.feeds.feed import Feed
from planner.records.lists.kept_schedules import KeptSchedules
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import read_settings
from planner.records.store.live_database import LiveDatabase
from planner.records.store.log import UnknownSubjectError
from planner.records.traces.prints import last_print
from planner.ui.desk import Desk
from planner.ui.subject_files import calendar_of, printed, table_of
from tests.ui.dialogs.dialog_screens import NURSE, grant, subject_of, write

KEY = b"a secret of the tests, long enough to be one"
SUBJECT = subject_of("ulrrc/BEI-004")


@pytest.fixture
def desk(demo_screens: str) -> Desk:
    return Desk(LiveDatabase(demo_screens), KeptSchedules(), NURSE)


def uids(text: str) -> dict[str, str]:
    """UID to SEQUENCE of each event."""
    whole = text.replace("\r\n ", "")
    return dict(re.findall(r"BEGIN:VEVENT.*?UID:(\S+).*?SEQUENCE:(\d+)", whole, re.S))


def test_the_calendar_file_has_the_events_of_the_feeds(desk: Desk, demo_screens: str) -> None:
    write(demo_screens, str(SUBJECT), *visit_booked("C3D1", date(2026, 12, 8), "09:00"))
    made = uids(calendar_of(desk, SUBJECT, "en", KEY).decode("utf-8"))
    feed = Feed("", NURSE.who, "", "subject", str(SUBJECT), "")
    with desk.reading() as connection:
        (part,) = feed_parts(connection, read_settings(connection), feed, NURSE.now, KEY)
    fed = uids(part.body.decode("utf-8"))
    assert fed
    assert fed.items() <= made.items()
    assert any(sequence != "0" for sequence in made.values())


def test_the_calendar_file_speaks_the_language_asked_for(desk: Desk) -> None:
    assert "预约".encode() in calendar_of(desk, SUBJECT, "zh-CN", KEY).replace(b"\r\n ", b"")


def test_the_table_is_csv_for_a_spreadsheet_program(desk: Desk) -> None:
    text = table_of(desk, SUBJECT).decode("utf-8")
    assert text.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {"C3D1": "2026-12-07"}.items() <= {line["visit"]: line["effective"] for line in lines}.items()
    assert not {line["status"] for line in lines} & {"cancelled", "conditional"}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_print_is_a_pdf_and_noted(language: str, desk: Desk) -> None:
    assert printed(desk, SUBJECT, language).startswith(b"%PDF-")  # type: ignore[arg-type]
    with desk.reading() as connection:
        noted = last_print(connection, SUBJECT)
    assert noted is not None
    assert (noted.revision, noted.language, noted.who) == (14, language, "nurse1")


@pytest.mark.parametrize("file", ["calendar", "table", "print"])
def test_nothing_is_made_of_a_subject_that_may_not_be_read_any_more(file: str, desk: Desk, demo_screens: str) -> None:
    grant(demo_screens, "somebody", "reader")
    makes = {
        "calendar": partial(calendar_of, desk, SUBJECT, "en", KEY),
        "table": partial(table_of, desk, SUBJECT),
        "print": partial(printed, desk, SUBJECT, "en"),
    }
    with pytest.raises(NotAllowedError, match="may not read"):
        makes[file]()


def test_nothing_is_made_of_a_subject_that_there_is_not(desk: Desk) -> None:
    with pytest.raises(UnknownSubjectError):
        calendar_of(desk, subject_of("ulrrc/BEI-999"), "en", KEY)

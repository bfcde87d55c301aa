"""Whatever text reaches a calendar file, three readers get it back as it was: what to bring and prepare, the link and the title.

libical gets a feed's name back too. icalendar and ical.js know no property NAME and hand out what is written; since names are made of
codes, nothing in them is ever escaped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
from hypothesis import given

from planner.exchange.feed import feed_parts
from planner.exchange.ics import calendar_bytes
from planner.exchange.ics_text import escaped, plain_text
from planner.records.feeds.feed import LANGUAGES, Feed
from planner.records.people.settings import read_settings
from planner.records.store.database import open_database
from tests.clients.ical_js import read_many_by_ical_js
from tests.clients.libical import checked_by_libical, faults_in, read_by_libical
from tests.exchange.calendar_reading import ReadEvent, calendar_settings, read_by_icalendar, visit_row
from tests.exchange.test_ics_text import TEXTS
from tests.records.amendments import TEXTS as TEXTS_OF_STUDIES
from tests.records.desk import Desk

KEY = b"k" * 32


@dataclass(frozen=True)
class Texts:
    """A text for each place in a calendar file that one can reach."""

    bring: str
    prepare: str
    link: str
    title: str
    name: str

    @classmethod
    def same(cls, text: str) -> Texts:
        return cls(text, text, text, text, text)

    @property
    def content(self) -> bytes:
        settings = calendar_settings(bring={"A": self.bring}, prepare={"A": self.prepare}, link=self.link, feed_name=self.name)
        return calendar_bytes([visit_row(subject=self.title, activities=("A",))], settings)

    @property
    def event(self) -> ReadEvent:
        """What readers must get; the UID is not looked at."""
        dates = "Nominal date: 2026-04-01\nEarliest: 2026-03-29\nLatest: 2026-04-04\nCertainty: projected (may still move)"
        preparation = plain_text(f"Bring: {self.bring}\nPrepare: {self.prepare}")
        description = f"{dates}\n{preparation}\n{plain_text(self.link)}"
        title = plain_text(f"ULRRC {self.title} C3D1")
        return ReadEvent("", title, "TENTATIVE", date(2026, 4, 1), date(2026, 4, 2), description)


PLANTED = [
    Texts.same("a\\Nb\\nc\\\\Nd\\"),
    Texts.same("一" * 200),
    Texts.same("\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:other"),
    Texts.same("\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR"),
    Texts.same("👩‍⚕️" * 40),
    Texts.same(",;\\:\"' \\; \\, ^n ^' ^^"),
    Texts.same("\\" * 300),
    Texts.same("x" * 74 + "药"),
    Texts.same("\ufeff\u200dstart"),
    Texts.same("%s %n {title} $1 &amp; <b>"),
    *(Texts.same("x" * length + "🎉" + "é" * 40) for length in range(50, 76)),
]


def test_every_text_comes_back_from_three_readers() -> None:
    """Many files at once, since starting a reader takes longer than reading. The dots: libical drops blanks at the end of a value."""
    texts = list(PLANTED)

    @given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
    def collect(bring: str, prepare: str, link: str, title: str, name: str) -> None:
        texts.append(Texts(bring or "-", prepare or "-", f"{link}.", title, f"Site {name}."))

    collect()
    assert len(texts) >= 130
    files = {str(number): one.content for number, one in enumerate(texts)}
    by_libical, by_ical_js = checked_by_libical(files), read_many_by_ical_js(files)
    assert faults_in(by_libical) == {}
    for number, one in enumerate(texts):
        name = str(number)
        calendar = icalendar.Calendar.from_ical(files[name])
        meant, called = one.event, plain_text(one.name)
        assert by_ical_js[name].fault == ""
        assert without_uid(by_ical_js[name].events) == [meant]
        assert without_uid(by_libical[name].events) == [meant]
        (event,) = calendar.events
        assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (meant.summary, meant.description)
        assert by_libical[name].name == called
        assert {str(calendar["NAME"]), str(calendar["X-WR-CALNAME"]), by_ical_js[name].name} == {escaped(called)}


def test_a_protocols_texts_come_back_from_a_feed(tmp_path: Path) -> None:
    """From the protocol file through the database and the feed to the readers, in both languages of the file."""
    said = 'a\\Nb\\nc;d,e:"f" \\\\ 药物清单 🎉 👩‍⚕️ ' + "一" * 90 + " \\"
    known = ("A list of all medicines you take, herbal ones too.", "正在使用的所有药物清单（包括中草药）。")
    text = TEXTS_OF_STUDIES["ulrrc"]
    for number, old in enumerate(known):
        assert text.count(f"bring: {old}\n") == 1
        text = text.replace(f"bring: {old}\n", f"bring: {json.dumps(said + str(number), ensure_ascii=False)}\n")
    database = open_database(f"sqlite:///{tmp_path / 'planner.sqlite'}")
    subject = Desk.opened(database).enrol(text=text)
    with database.reading() as connection:
        settings, now = read_settings(connection), datetime(2026, 3, 1, 12, tzinfo=UTC)
        files = {
            language: feed_parts(
                connection, settings, Feed("F1", "nurse", "phone", "subject", str(subject), "", language=language), now, KEY
            )[0].body
            for language in LANGUAGES
        }
    database.close()
    by_libical, by_ical_js = read_by_libical(files), read_many_by_ical_js(files)
    for number, (language, label) in enumerate(zip(LANGUAGES, ("Bring: ", "携带："), strict=True)):
        line = f"{label}{said}{number}"
        for events in (list(read_by_icalendar(files[language]).values()), by_libical[language].events, by_ical_js[language].events):
            assert sum(line in event.description.split("\n") for event in events) > 5


def without_uid(events: tuple[ReadEvent, ...]) -> list[ReadEvent]:
    return [replace(event, uid="") for event in events]

"""The mail, parsed again: what it says is what the worklist says, in both languages, and nothing that somebody typed is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from html import unescape
from html.parser import HTMLParser

import pytest
from icalendar import Calendar

from planner.exchange.digest import digest as digest_module
from planner.exchange.digest.addresses import Recipient
from planner.exchange.digest.digest import Digest, digest_day, digest_of
from planner.exchange.digest.lines import title
from planner.exchange.digest.mailing import Rows, written_mail
from planner.exchange.digest.message import Letterhead, digest_message, message_id
from planner.exchange.digest.words import CHINESE, ENGLISH, DigestLanguage, DigestWords, digest_words
from planner.records.lists.worklist import Worklist, WorklistKind, WorklistRow
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import read_settings
from planner.records.store.database import Database, open_database
from planner.schedule.calendar_sources import country_calendar
from tests.exchange.digest.station import ELSEWHERE, FORM, KEY, NOW, PLANTED, SENDER, station, worklist_of_person
from tests.records.desk import Desk


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The station; no test of this module changes it."""
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('station') / 'planner.sqlite'}")
    station(opened)
    yield opened
    opened.close()


def mail(database: Database, account: str = "anna", rows: Rows = "rows", language: DigestLanguage = "en", now: datetime = NOW) -> bytes:
    with database.reading() as connection:
        form = replace(FORM, rows=rows, language=language)
        return written_mail(connection, read_settings(connection), Recipient(account, f"{account}@hospital.example"), form, now)


def parsed(content: bytes) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    text: str = part.get_content()
    return text


class Tables(HTMLParser):
    """The rows of a page's tables, each by the names of its columns, and the page's tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[dict[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._names: list[str] = []
        self._cells: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "table":
            self._names = []
        elif tag == "tr":
            self._cells = []
        elif tag in ("th", "td"):
            (self._names if tag == "th" else self._cells).append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        if tag == "tr" and self._cells:
            self.rows.append(dict(zip(self._names, self._cells, strict=True)))

    def handle_data(self, data: str) -> None:
        if self._inside == "th":
            self._names[-1] += data
        elif self._inside == "td":
            self._cells[-1] += data


def expected_days(row: WorklistRow, language: DigestLanguage) -> str:
    """The numbers of the last column, whatever the words."""
    return str(abs(row.days)) if row.days else ""


def decoded_parts(content: bytes) -> Iterator[bytes]:
    """All bytes of a mail: as they go over the line, and of each part as a program shows it; folded lines joined."""
    message: Message = BytesParser(policy=default).parsebytes(content)
    yield content
    for part in message.walk():
        yield str(part.items()).encode()
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            yield payload.replace(b"\r\n ", b"")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
class TestBothLanguages:
    def test_counts_are_those_of_the_worklist(self, database: Database, language: DigestLanguage) -> None:
        found, words = worklist_of_person(database, "anna"), digest_words(language)
        counted = [words.kinds[kind].counted.format(count=count) for kind, count in found.counts.items() if count]
        assert len(counted) >= 3
        message = parsed(mail(database, language=language))
        assert message["Subject"] == words.title.format(day="2026-04-21", counts=words.separator.join(counted))
        lines = text_of(message, "plain").splitlines()
        assert lines[0] == words.heading.format(day="2026-04-21")
        assert lines[2 : 2 + len(counted)] == [f"- {text}" for text in counted]
        page = text_of(message, "html")
        assert re.findall(r"<li>(.*?)</li>", page) == counted

    def test_rows_are_those_of_the_worklist(self, database: Database, language: DigestLanguage) -> None:
        found, words = worklist_of_person(database, "anna"), digest_words(language)
        message = parsed(mail(database, language=language))
        shown = [[cells.get(name, "") for name in words.columns] for cells in Tables(text_of(message, "html")).rows]
        lines = [line for line in text_of(message, "plain").splitlines() if line.startswith("  ")]
        assert len(shown) == len(lines) == len(found.rows) > 5
        for row, cells, line in zip(found.rows, shown, lines, strict=True):
            assert cells[:4] == line.split()[:4] == [row.study, row.site, row.subject, row.visit]
            assert cells[5] == words.visit_kinds[row.visit_kind]
            assert cells[6] == str(row.planned)
            dates = re.findall(r"\d{4}-\d\d-\d\d", line)
            window = [str(row.earliest), str(row.latest)] if row.earliest else []
            assert re.findall(r"\d{4}-\d\d-\d\d", cells[7]) == window
            assert dates == [str(row.planned), *window, *([str(row.booked)] if row.booked else [])]
            assert cells[8] == (f"{row.booked} {row.booked_at:%H:%M}" if row.booked_at else str(row.booked or ""))
            assert "".join(re.findall(r"\d", cells[4])) == expected_days(row, language)
            assert line.endswith(cells[4])

    def test_nothing_that_somebody_typed_is_in_any_byte(self, database: Database, language: DigestLanguage) -> None:
        with database.reading() as connection:
            everything = "".join(
                str(row) for table in ("facts", "subjects") for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
            )
        for planted in (*PLANTED, ELSEWHERE.number):
            assert planted in everything
            for rows in ("rows", "counts", "rows_and_calendar"):
                for part in decoded_parts(mail(database, rows=rows, language=language)):
                    assert planted.lower().encode() not in part.lower(), (planted, rows)

    def test_counts_alone_name_no_subject_and_no_visit(self, database: Database, language: DigestLanguage) -> None:
        content = mail(database, rows="counts", language=language)
        words = digest_words(language)
        assert words.rows_left_out in text_of(parsed(content), "plain")
        for row in worklist_of_person(database, "anna").rows:
            assert not any(text.encode() in part for part in decoded_parts(content) for text in (row.subject, row.visit))
        assert parsed(content)["Subject"] == parsed(mail(database, language=language))["Subject"]

    def test_nothing_to_see_to(self, database: Database, language: DigestLanguage) -> None:
        message = parsed(
            mail(database, now=datetime(2026, 2, 25, 4, tzinfo=UTC) - timedelta(days=300), language=language, rows="rows_and_calendar")
        )
        words = digest_words(language)
        assert message["Subject"] == words.title_empty.format(day="2025-05-01")
        assert words.nothing in text_of(message, "plain")
        assert words.nothing in text_of(message, "html")
        assert not list(message.iter_attachments())

    def test_both_forms_say_that_it_decides_nothing(self, database: Database, language: DigestLanguage) -> None:
        message = parsed(mail(database, language=language))
        for kind in ("plain", "html"):
            assert digest_words(language).about_dates in unescape(text_of(message, kind))

    def test_the_page_fetches_nothing_and_is_in_its_language(self, database: Database, language: DigestLanguage) -> None:
        page = text_of(parsed(mail(database, language=language)), "html")
        tags = Tables(page).tags
        assert {tag for tag, _ in tags} <= {"html", "head", "meta", "title", "body", "h1", "h2", "p", "ul", "li", "table", "tr", "th", "td"}
        assert not {name for _, attributes in tags for name in attributes} & {"src", "href", "background", "class", "id"}
        assert not re.search(r"url\(|@import|https?:", page)
        assert ("html", {"lang": language}) in tags


class TestCalendarFile:
    def test_it_holds_exactly_the_listed_visits_that_have_a_date(self, database: Database) -> None:
        found = worklist_of_person(database, "anna")
        listed = {(row.study.upper(), row.subject, row.visit) for row in found.rows if row.status != "on_hold"}
        held = {row.subject for row in found.rows if row.kind is WorklistKind.STOPPED_CLOCK}
        assert len(listed) > 3
        assert held == {"PEK-002"}
        (attached,) = parsed(mail(database, rows="rows_and_calendar")).iter_attachments()
        assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "visits.ics")
        assert attached.get_content_charset() == "utf-8"
        assert attached.get_param("method") is None
        content = attached.get_payload(decode=True)
        assert isinstance(content, bytes)
        calendar = Calendar.from_ical(content)
        assert "METHOD" not in calendar and "X-WR-CALNAME" not in calendar and "NAME" not in calendar
        events = calendar.walk("VEVENT")
        assert len(events) == len(listed)
        assert {tuple(str(event["SUMMARY"]).split()) for event in events} == listed
        assert len({str(event["UID"]) for event in events}) == len(events)
        days = {(row.subject, row.visit): row.effective for row in found.rows}
        for event in events:
            _, subject, visit = str(event["SUMMARY"]).split()
            start = event["DTSTART"].dt
            assert (start.date() if isinstance(start, datetime) else start) == days[subject, visit]

    def test_mails_without_it_do_not_speak_of_it(self, database: Database) -> None:
        assert ENGLISH.calendar_attached not in text_of(parsed(mail(database)), "plain")
        assert ENGLISH.calendar_attached in text_of(parsed(mail(database, rows="rows_and_calendar")), "plain")


class TestEnvelope:
    def test_headers(self, database: Database) -> None:
        message = parsed(mail(database))
        assert (message["From"], message["To"]) == (SENDER, "anna@hospital.example")
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Date"].datetime == NOW
        assert message["Message-ID"] == message_id(KEY, "anna", date(2026, 4, 21), SENDER)
        assert message["MIME-Version"] == "1.0"

    def test_the_same_state_gives_the_same_bytes(self, database: Database) -> None:
        assert mail(database, rows="rows_and_calendar") == mail(database, rows="rows_and_calendar")

    def test_lines_are_short_ascii_and_end_in_crlf(self, database: Database) -> None:
        for language in ("en", "zh-CN"):
            content = mail(database, rows="rows_and_calendar", language=language)
            assert content.isascii()
            assert content.endswith(b"\r\n")
            lines = content.split(b"\r\n")
            assert not any(b"\n" in line or b"\r" in line for line in lines)
            assert max(map(len, lines)) <= 100

    def test_the_message_id_hangs_on_person_day_key_and_host_alone(self) -> None:
        first = message_id(KEY, "anna", date(2026, 4, 21), SENDER)
        assert re.fullmatch(r"<[0-9a-f]{32}@hospital\.example>", first)
        others = [
            message_id(KEY, "bob", date(2026, 4, 21), SENDER),
            message_id(KEY, "anna", date(2026, 4, 22), SENDER),
            message_id(b"x" * 32, "anna", date(2026, 4, 21), SENDER),
            message_id(KEY, "anna", date(2026, 4, 21), "planner@other.example"),
            message_id(KEY, "anna", date(2026, 4, 21), SENDER, NOW),
        ]
        assert len({first, *others}) == 6

    def test_long_addresses_come_back_whole(self, database: Database) -> None:
        host = ".".join(["a" * 60] * 3) + ".example"
        to, sender = f"{'n' * 60}@{host[:180]}e", f"planner@{host}"
        number = message_id(KEY, "anna", NOW.date(), sender)
        content = digest_message(empty("anna"), Letterhead(sender, Recipient("anna", to), number, NOW))
        message = parsed(content)
        assert (message["To"], message["From"], message["Message-ID"]) == (to, sender, number)


class TestDay:
    @pytest.mark.parametrize(
        ("now", "day"), [(datetime(2026, 4, 20, 15, 59, tzinfo=UTC), "2026-04-20"), (datetime(2026, 4, 20, 16, tzinfo=UTC), "2026-04-21")]
    )
    def test_it_is_the_date_at_the_persons_site(self, database: Database, now: datetime, day: str) -> None:
        with database.reading() as connection:
            assert str(digest_day(connection, read_settings(connection), "anna", now)) == day
            assert str(digest_of(connection, read_settings(connection), "anna", now).day) == day

    def test_who_may_read_nothing_has_none(self, database: Database) -> None:
        with database.reading() as connection, pytest.raises(NotAllowedError):
            digest_day(connection, read_settings(connection), "cara", NOW)


@pytest.fixture(scope="module")
def far_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """PEK in China and NYC, of which the administrator reads both."""
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('far') / 'planner.sqlite'}")
    desk = station(opened)
    desk.add_site("NYC", country_calendar("US"))
    desk.grant_more(("nurse", "coordinator", "NYC"))
    desk.enrol("NYC-001", site="NYC")
    yield opened
    opened.close()


class TestSitesFarApart:
    AFTERNOON = datetime(2026, 4, 21, 17, tzinfo=UTC)
    """One in the afternoon in New York, one at night in China."""

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", "It is not the same day at all sites now: 2026-04-22 at PEK, SHA; 2026-04-21 at NYC."),
            ("zh-CN", "目前各中心当地的日期不同：PEK，SHA 为 2026-04-22；NYC 为 2026-04-21。"),
        ],
    )
    def test_the_mail_says_which_day_its_rows_are_of(self, far_apart: Database, language: DigestLanguage, said: str) -> None:
        for rows in ("rows", "counts"):
            message = parsed(mail(far_apart, "administrator", rows, language, self.AFTERNOON))
            assert "2026-04-21" in message["Subject"]
            for kind in ("plain", "html"):
                assert said in unescape(text_of(message, kind))
        found = worklist_of_person(far_apart, "administrator", self.AFTERNOON)
        assert {(row.site, str(row.as_of)) for row in found.rows} == {("PEK", "2026-04-22"), ("SHA", "2026-04-22"), ("NYC", "2026-04-21")}

    def test_nothing_is_said_where_it_is_the_same_day(self, far_apart: Database) -> None:
        morning = datetime(2026, 4, 21, 11, tzinfo=UTC)
        for account, now in (("administrator", morning), ("anna", self.AFTERNOON)):
            assert "the same day" not in text_of(parsed(mail(far_apart, account, now=now)), "plain")

    def test_an_afternoon_s_mail_is_of_another_day_than_the_next_morning_s(self, far_apart: Database) -> None:
        with far_apart.reading() as connection:
            settings = read_settings(connection)
            days = [
                str(digest_day(connection, settings, "administrator", now))
                for now in (self.AFTERNOON, self.AFTERNOON + timedelta(hours=18))
            ]
        assert days == ["2026-04-21", "2026-04-22"]


def test_where_nobody_made_a_site_the_day_is_that_of_utc(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with database.reading() as connection:
        assert digest_day(connection, read_settings(connection), "me", datetime(2026, 4, 20, 23, tzinfo=UTC)) == date(2026, 4, 20)
    database.close()


def empty(account: str) -> Digest:
    return Digest(account, NOW.date(), Worklist((), {}))


def row(**changed: object) -> WorklistRow:
    """A row that no study makes, to see what happens to its texts."""
    given: dict[str, object] = dict.fromkeys(WorklistRow._fields)
    given |= {"kind": WorklistKind.OVERDUE, "study": "ulrrc", "site": "PEK", "subject": "PEK-001", "visit": "C1D1", "visit_kind": "clinic"}
    return WorklistRow(**(given | {"days": -1} | changed))  # type: ignore[arg-type]


def message_of(*rows: WorklistRow, count: int | None = None) -> EmailMessage:
    counts = {WorklistKind.OVERDUE: len(rows) if count is None else count}
    digest = Digest("anna", NOW.date(), Worklist(rows, counts))
    return parsed(digest_message(digest, Letterhead(SENDER, Recipient("anna", "anna@hospital.example"), "<x@y>", NOW)))


class TestAnyText:
    def test_marks_of_html_are_escaped(self) -> None:
        hostile = "<img src=x onerror=alert(1)>&\"'"
        message = message_of(row(visit=hostile, subject=hostile, study=hostile, site=hostile, visit_kind=hostile))
        tables = Tables(text_of(message, "html"))
        (cells,) = tables.rows
        assert [cells[name] for name in ("Study", "Site", "Subject", "Visit", "Kind")] == [hostile] * 5
        assert "img" not in {tag for tag, _ in tables.tags}

    def test_names_of_visits_stay_out(self) -> None:
        message = message_of(row(name="musterwort"))
        assert "musterwort" not in text_of(message, "plain") + text_of(message, "html")

    def test_a_visit_without_dates(self) -> None:
        (line,) = [line for line in text_of(message_of(row()), "plain").splitlines() if line.startswith("  ")]
        assert line == "  ulrrc  PEK  PEK-001  C1D1  clinic, no date, 1 day late"

    def test_more_than_fit_are_counted(self) -> None:
        message = message_of(row(), row(visit="C2D1"), count=5)
        for kind in ("plain", "html"):
            assert "and 3 more: see the worklist" in text_of(message, kind)

    def test_lines_that_begin_with_a_period_come_back(self) -> None:
        assert ".x" in text_of(message_of(row(study=".x")), "plain")


def test_both_languages_have_words_for_every_kind() -> None:
    for words in (ENGLISH, CHINESE):
        assert set(words.kinds) == set(WorklistKind)
        assert len(words.columns) == 9
        assert set(words.visit_kinds) == {"clinic", "treatment", "imaging", "phone", "decision"}
        for kind in words.kinds.values():
            assert "{count}" in kind.counted
            assert all("{" not in text.replace("{days}", "") for text in (kind.past, kind.today, kind.ahead))


def test_a_window_that_is_open_is_not_said_to_have_run_out() -> None:
    """``到期`` alone would mean that a last day has come."""
    due, closing = (CHINESE.kinds[kind] for kind in (WorklistKind.DUE, WorklistKind.CLOSING))
    assert (due.counted.format(count=3), due.heading) == ("3 项在窗口期内", "窗口期内")
    assert (closing.counted.format(count=3), closing.heading) == ("3 项即将到期", "即将到期")


def test_at_most_so_many_rows_of_a_kind(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(sqlite_url)
    desk = Desk.opened(database)
    for number in range(1, 8):
        desk.enrol(f"PEK-{number:03}")
    assert digest_module.MOST_ROWS == 200
    monkeypatch.setattr(digest_module, "MOST_ROWS", 5)
    now = datetime(2026, 3, 17, 4, tzinfo=UTC)
    found = worklist_of_person(database, "anna", now)
    kind, count = max(found.counts.items(), key=lambda item: item[1])
    with database.reading() as connection:
        digest = digest_of(connection, read_settings(connection), "anna", now)
    assert dict(digest.worklist.counts) == dict(found.counts)
    shown = [one for one in digest.worklist.rows if one.kind is kind]
    assert count > 5
    assert len(shown) == 5
    assert shown == [one for one in found.rows if one.kind is kind][:5]
    text = text_of(parsed(digest_message(digest, Letterhead(SENDER, Recipient("a", "a@b"), "<x@y>", now))), "plain")
    assert f"and {count - 5} more: see the worklist" in text
    database.close()


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("many", [1, 37, 1234])
def test_a_subject_of_any_length_comes_back_whole(words: DigestWords, many: int) -> None:
    for number in range(len(WorklistKind) + 1):
        counts = {kind: many * (place + 1) for place, kind in enumerate(WorklistKind) if place < number}
        digest = Digest("anna", NOW.date(), Worklist((), counts), counts_only=True)
        content = digest_message(digest, Letterhead(SENDER, Recipient("a", "a@b"), "<x@y>", NOW, words.language))
        assert parsed(content)["Subject"] == title(digest, words)
        assert content.startswith(b"Subject: ")
        assert max(map(len, content.split(b"\r\n"))) <= 100

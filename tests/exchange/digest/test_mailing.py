"""A round of mails: one for each person and day, whatever fails, whoever else runs the same; a second run finishes the first."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection

import pytest

from planner.exchange.digest import smtp_connection
from planner.exchange.digest.addresses import Recipient
from planner.exchange.digest.mailing import Outcome, Post, mail_round
from planner.exchange.digest.sending import tls_context
from planner.exchange.digest.smtp_settings import SmtpSettings
from planner.records.store.database import Database, open_database
from planner.records.traces.digests import CLAIM_HOLDS, DigestKey, Standing, claim, mark_sent, release, standing
from planner.schedule.calendar_sources import country_calendar
from tests.exchange.digest.mail_servers import POLITE, Certificate, MailServer, bad_server, following, free_port
from tests.exchange.digest.station import FORM, NOW, post, station
from tests.records.desk import Desk
from tests.records.processes import loaded, start

ANNA, BOB = Recipient("anna", "anna@hospital.example"), Recipient("bob", "bob@hospital.example")
CARA, CHIEF = Recipient("cara", "cara@hospital.example"), Recipient("administrator", "chief@hospital.example")
DAY = date(2026, 4, 21)


@pytest.fixture
def at_work(database: Database) -> Database:
    """The station, on both databases."""
    station(database)
    return database


@pytest.fixture
def sqlite_at_work(sqlite_url: str) -> Iterator[Database]:
    """The same, on SQLite alone: for what hangs on the mail server and not on the database."""
    database = open_database(sqlite_url)
    station(database)
    yield database
    database.close()


def endings(outcomes: Iterator[Outcome]) -> list[tuple[str, str]]:
    return [(outcome.account, outcome.ending) for outcome in outcomes]


def mailed(database: Database, *to: Recipient, by: Post) -> list[tuple[str, str]]:
    return endings(mail_round(database, to, FORM, by))


def rows_of(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM digests")]


class TestOnceADay:
    def test_each_gets_one_and_a_second_run_sends_nothing(self, at_work: Database, mail_server: MailServer) -> None:
        by = post(mail_server.settings())
        assert mailed(at_work, ANNA, BOB, by=by) == [("anna", "sent"), ("bob", "sent")]
        assert mailed(at_work, ANNA, BOB, by=by) == [("anna", "sent_before"), ("bob", "sent_before")]
        assert mail_server.recipients() == [ANNA.address, BOB.address]
        contents = {mail.recipients[0]: mail.content for mail in mail_server.received}
        assert b"PEK-001" in contents[ANNA.address] and b"SHA-777" not in contents[ANNA.address]
        assert b"SHA-777" in contents[BOB.address] and b"PEK-0" not in contents[BOB.address]

    def test_the_next_day_at_the_site_brings_the_next(self, sqlite_at_work: Database, mail_server: MailServer) -> None:
        assert mailed(sqlite_at_work, ANNA, by=post(mail_server.settings())) == [("anna", "sent")]
        evening = NOW.replace(hour=15, minute=59)
        assert mailed(sqlite_at_work, ANNA, by=post(mail_server.settings(), evening)) == [("anna", "sent_before")]
        midnight = evening + timedelta(minutes=1)
        assert mailed(sqlite_at_work, ANNA, by=post(mail_server.settings(), midnight)) == [("anna", "sent")]
        assert [str(mail.message["Subject"]).split(":")[0] for mail in mail_server.received] == [
            "Visits to see to on 2026-04-21",
            "Visits to see to on 2026-04-22",
        ]

    def test_who_reads_sites_far_apart_gets_one_each_morning_at_either(self, sqlite_at_work: Database, mail_server: MailServer) -> None:
        """In New York in the afternoon and the next morning, then in Beijing, where that day's mail has come already, and the next."""
        Desk(sqlite_at_work).add_site("NYC", country_calendar("US"))
        runs = (
            (datetime(2026, 4, 20, 17, tzinfo=UTC), "sent", "2026-04-20"),
            (datetime(2026, 4, 20, 23, tzinfo=UTC), "sent", "2026-04-21"),
            (datetime(2026, 4, 21, 11, tzinfo=UTC), "sent_before", "2026-04-21"),
            (datetime(2026, 4, 21, 23, tzinfo=UTC), "sent", "2026-04-22"),
            (datetime(2026, 4, 23, 11, tzinfo=UTC), "sent", "2026-04-23"),
        )
        for now, ending, day in runs:
            (outcome,) = mail_round(sqlite_at_work, [CHIEF], FORM, post(mail_server.settings(), now))
            assert (outcome.ending, day in outcome.sentence) == (ending, True), outcome

    def test_again_on_purpose_with_a_message_id_of_its_own(self, at_work: Database, mail_server: MailServer) -> None:
        by = post(mail_server.settings())
        for moment, again in ((by, False), (replace(by, again=True), True), (replace(by, again=True), True)):
            assert mailed(at_work, ANNA, by=moment) == [("anna", "sent")], again
        assert mailed(at_work, ANNA, by=by) == [("anna", "sent_before")]
        first, second, third = (mail.message["Message-ID"] for mail in mail_server.received)
        assert first != second
        assert second == third  # at one and the same moment, by this clock

    def test_again_that_fails_leaves_the_first_one_sent(self, at_work: Database, mail_server: MailServer) -> None:
        by = post(mail_server.settings())
        assert mailed(at_work, ANNA, by=by) == [("anna", "sent")]
        mail_server.answers[ANNA.address] = "550 no"
        assert mailed(at_work, ANNA, by=replace(by, again=True)) == [("anna", "not_sent")]
        assert mailed(at_work, ANNA, by=by) == [("anna", "sent_before")]

    def test_nothing_to_see_to(self, sqlite_at_work: Database, mail_server: MailServer) -> None:
        early = NOW - timedelta(days=300)
        by = post(mail_server.settings(), early, skip_empty=True)
        assert mailed(sqlite_at_work, ANNA, by=by) == [("anna", "nothing_to_see_to")]
        assert rows_of(sqlite_at_work) == []
        assert mailed(sqlite_at_work, ANNA, by=post(mail_server.settings(), early)) == [("anna", "sent")]
        assert str(mail_server.received[0].message["Subject"]).endswith(": none")

    def test_who_may_read_nothing_is_told_of_and_the_others_go_on(self, sqlite_at_work: Database, mail_server: MailServer) -> None:
        outcomes = list(mail_round(sqlite_at_work, [CARA, ANNA], FORM, post(mail_server.settings())))
        assert [(outcome.account, outcome.ending) for outcome in outcomes] == [("cara", "not_sent"), ("anna", "sent")]
        assert outcomes[0].sentence.startswith("cara: cara may not read at any site")
        assert mail_server.recipients() == [ANNA.address]

    def test_no_address_is_kept(self, at_work: Database, mail_server: MailServer) -> None:
        mailed(at_work, Recipient("anna", "private@elsewhere.example"), by=post(mail_server.settings()))
        ((account, *_, message_id, _, _),) = rows_of(at_work)
        assert account == "anna"
        assert "private" not in str(rows_of(at_work))
        assert message_id == mail_server.received[0].message["Message-ID"]


class TestWhenItFails:
    def test_one_refused_and_the_others_go_on(self, at_work: Database, mail_server: MailServer) -> None:
        by = post(mail_server.settings())
        mail_server.answers |= {ANNA.address: "550 5.1.1 unknown", CHIEF.address: "451 4.7.1 greylisted"}
        assert mailed(at_work, ANNA, BOB, CHIEF, by=by) == [("anna", "not_sent"), ("bob", "sent"), ("administrator", "not_sent")]
        mail_server.answers.clear()
        assert mailed(at_work, ANNA, BOB, CHIEF, by=by) == [("anna", "sent"), ("bob", "sent_before"), ("administrator", "sent")]
        assert mail_server.recipients() == sorted([ANNA.address, BOB.address, CHIEF.address])

    def test_a_server_that_is_down_is_asked_once(self, sqlite_at_work: Database, certificate: Certificate) -> None:
        by = post(SmtpSettings("127.0.0.1", free_port(), "none"))
        outcomes = list(mail_round(sqlite_at_work, [ANNA, BOB], FORM, by))
        assert [outcome.ending for outcome in outcomes] == ["not_sent", "not_sent"]
        assert "Connection refused" in outcomes[0].sentence
        assert outcomes[1].sentence == "bob: not tried, since the mail server cannot be used."
        assert rows_of(sqlite_at_work) == []
        with MailServer.running(certificate, "none") as server:
            assert mailed(sqlite_at_work, ANNA, BOB, by=post(server.settings())) == [("anna", "sent"), ("bob", "sent")]

    @pytest.mark.parametrize("answered", range(5))
    def test_dropped_lines_are_finished_by_the_next_run(self, sqlite_at_work: Database, answered: int, certificate: Certificate) -> None:
        with bad_server(following(*POLITE[:answered], (POLITE[answered][0], b""))) as settings:
            assert mailed(sqlite_at_work, ANNA, by=post(settings)) == [("anna", "not_sent")]
        assert rows_of(sqlite_at_work) == []
        with MailServer.running(certificate, "none") as server:
            assert mailed(sqlite_at_work, ANNA, by=post(server.settings())) == [("anna", "sent")]
            assert len(server.received) == 1

    def test_a_lost_answer_is_told_of_and_the_next_mail_has_the_same_message_id(
        self, sqlite_at_work: Database, certificate: Certificate
    ) -> None:
        taken: list[bytes] = []

        def takes_and_hangs_up(line: socket.socket) -> None:
            following(*POLITE[:3])(line)
            with line.makefile("rb") as told:
                assert told.readline().upper().startswith(b"DATA")
                line.sendall(b"354 go\r\n")
                while (said := told.readline()) != b".\r\n":
                    taken.append(said)

        with bad_server(takes_and_hangs_up) as settings:
            (outcome,) = mail_round(sqlite_at_work, [ANNA], FORM, post(settings))
        assert outcome.ending == "not_sent"
        assert "it may have been sent or not" in outcome.sentence
        with MailServer.running(certificate, "none") as server:
            assert mailed(sqlite_at_work, ANNA, by=post(server.settings(), NOW + timedelta(minutes=1))) == [("anna", "sent")]
            assert f"Message-ID: {server.received[0].message['Message-ID']}\r\n".encode() in taken

    def test_a_slow_server_holds_up_one_mail_and_not_a_whole_round(self, sqlite_at_work: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(smtp_connection, "COMMAND_SECONDS", 0.3)

        def quiet(line: socket.socket) -> None:
            line.settimeout(10)
            while line.recv(1000):
                pass

        everybody = [Recipient(f"administrator{number}", "x@y.example") for number in range(50)]
        with bad_server(quiet) as settings:
            began = time.monotonic()
            assert set(mailed(sqlite_at_work, CHIEF, *everybody, by=post(settings))) == {
                (one.account, "not_sent") for one in (CHIEF, *everybody)
            }
            assert time.monotonic() - began < 5


class TestClaims:
    KEY = DigestKey("anna", DAY)

    def test_a_fresh_claim_is_respected_and_an_old_one_taken_over(self, at_work: Database, mail_server: MailServer) -> None:
        with at_work.writing() as connection:
            claim(connection, self.KEY, "<x@y>", NOW - CLAIM_HOLDS + timedelta(seconds=1))
        (outcome,) = mail_round(at_work, [ANNA], FORM, post(mail_server.settings()))
        assert outcome.sentence == "anna: another run has been at it since 03:50 UTC. If that one was stopped, run again after 04:00 UTC."
        assert not mail_server.received
        assert mailed(at_work, ANNA, by=post(mail_server.settings(), NOW + timedelta(seconds=1))) == [("anna", "sent")]

    def test_a_claim_that_was_taken_over_is_not_released_by_the_slow_one(self, database: Database) -> None:
        with database.writing() as connection:
            slow = claim(connection, self.KEY, "<a@y>", NOW)
            later = NOW + CLAIM_HOLDS
            assert standing(connection, self.KEY, later) == Standing()
            quick = claim(connection, self.KEY, "<b@y>", later)
            release(connection, self.KEY, slow)
            assert standing(connection, self.KEY, later) == Standing(None, quick)
            mark_sent(connection, self.KEY, quick, later)
            assert standing(connection, self.KEY, later) == Standing(later, None)

    def test_a_released_claim_leaves_nothing_or_what_was_sent(self, database: Database) -> None:
        with database.writing() as connection:
            release(connection, self.KEY, claim(connection, self.KEY, "<a@y>", NOW))
            assert standing(connection, self.KEY, NOW) == Standing()
            mark_sent(connection, self.KEY, claim(connection, self.KEY, "<a@y>", NOW), NOW)
            sent = standing(connection, self.KEY, NOW)
            again = claim(connection, self.KEY, "<b@y>", NOW)
            assert again > NOW
            assert standing(connection, self.KEY, NOW) == Standing(NOW, again)
            release(connection, self.KEY, again)
            assert standing(connection, self.KEY, NOW) == sent == Standing(NOW, None)

    def test_persons_and_days_do_not_mix(self, database: Database) -> None:
        with database.writing() as connection:
            claim(connection, self.KEY, "<a@y>", NOW)
            assert standing(connection, DigestKey("bob", DAY), NOW) == Standing()
            assert standing(connection, DigestKey("anna", DAY + timedelta(days=1)), NOW) == Standing()


# --- real processes ---------------------------------------------------------------------------------------------


def run_round(url: str, settings: SmtpSettings, accounts: list[str], together: object, told: object) -> None:
    """A whole round in a process of its own."""
    database = open_database(url)
    by = Post(settings, tls_context(settings), clock=lambda: NOW)
    together.wait()  # type: ignore[attr-defined]  # a barrier
    to = [Recipient(account, f"{account}@hospital.example") for account in accounts]
    told.send(endings(mail_round(database, to, FORM, by)))  # type: ignore[attr-defined]  # a pipe
    database.close()


def _answer(pipe: Connection) -> list[tuple[str, str]]:
    """What a process tells, which must not be waited for without end."""
    assert pipe.poll(120), "the process says nothing"
    told: list[tuple[str, str]] = pipe.recv()
    return told


def test_processes_at_once_send_each_mail_once(database_url: str, mail_server: MailServer) -> None:
    database = open_database(database_url)
    desk = Desk.opened(database)
    desk.enrol()
    accounts = [f"nurse{number}" for number in range(6)]
    together = loaded().Barrier(4, timeout=60)
    pipes = [loaded().Pipe(duplex=False) for _ in range(4)]
    runs = [
        start(run_round, database_url, mail_server.settings(), accounts if number % 2 else accounts[::-1], together, told)
        for number, (_, told) in enumerate(pipes)
    ]
    answers = [_answer(pipe) for pipe, _ in pipes]
    for run in runs:
        run.join(60)
    assert mail_server.recipients() == [f"{account}@hospital.example" for account in accounts]
    said = [ending for answer in answers for _, ending in answer]
    assert said.count("sent") == len(accounts)
    assert set(said) <= {"sent", "sent_before", "not_sent"}
    # It was a race: no process sent all.
    assert sum("sent" in [ending for _, ending in answer] for answer in answers) > 1
    assert mailed(database, *[Recipient(account, "x@y.example") for account in accounts], by=post(mail_server.settings())) == [
        (account, "sent_before") for account in accounts
    ]
    database.close()


def test_a_killed_process_leaves_a_claim_that_the_next_run_takes_over_in_time(
    at_work: Database, database_url: str, mail_server: MailServer
) -> None:
    has_begun = threading.Event()

    def quiet(line: socket.socket) -> None:
        has_begun.set()
        line.settimeout(60)
        while line.recv(1000):
            pass

    with bad_server(quiet) as settings:
        told, answers = loaded().Pipe(duplex=False)
        at_once = loaded().Barrier(1)
        run = start(run_round, database_url, settings, ["anna"], at_once, answers)
        assert has_begun.wait(60)
        assert run.pid is not None
        os.kill(run.pid, signal.SIGKILL)
        run.join(60)
        told.close()
    assert mailed(at_work, ANNA, by=post(mail_server.settings(), NOW + timedelta(minutes=9))) == [("anna", "not_sent")]
    assert mailed(at_work, ANNA, by=post(mail_server.settings(), NOW + CLAIM_HOLDS)) == [("anna", "sent")]
    assert len(mail_server.received) == 1

"""Two sites at work on 21 April 2026, where somebody typed something to look for into everything."""

from __future__ import annotations

from datetime import UTC, date, datetime

from planner.exchange.digest.mailing import DigestForm, Post
from planner.exchange.digest.sending import tls_context
from planner.exchange.digest.smtp_settings import SmtpSettings
from planner.records.caller import Caller
from planner.records.changes import acts
from planner.records.facts.fact import SubjectKey
from planner.records.lists.worklist import Worklist, worklist
from planner.records.people.administration import append_administration, set_site_contact
from planner.records.people.settings import read_settings
from planner.records.store.database import Database
from tests.records.desk import FIRST_VECTOR, Desk, someone
from tests.schedule.studies import china

NOW = datetime(2026, 4, 21, 4, tzinfo=UTC)
KEY = b"the-install-key-of-a-station-in-tests"
SENDER = "planner@hospital.example"
FORM = DigestForm(SENDER, KEY)

LATE, HELD, ELSEWHERE = SubjectKey("ulrrc", "PEK-001"), SubjectKey("ulrrc", "PEK-002"), SubjectKey("ulrrc", "SHA-777")
PLANTED = ("Mustermann", "toxicity", "musterplace", "musterroom", "musterdesk", "musterwriter")
"""In notes and explanations, as a reason, as a place, as a resource, as a contact, as the account of who recorded."""


def station(database: Database) -> Desk:
    """PEK with a late subject, a held one and one of whom nothing is recorded, SHA with another.

    anna coordinates PEK, bob SHA, and cara nothing.
    """
    desk = Desk.opened(database)
    for number in (LATE.number, HELD.number, "PEK-003"):
        desk.enrol(number)
    desk.add_site("SHA", china())
    desk.enrol(ELSEWHERE.number, site="SHA")
    desk.record_done(FIRST_VECTOR, on=date(2026, 3, 28))
    desk.grant(("anna", "coordinator", "PEK"), ("bob", "coordinator", "SHA"), ("musterwriter", "investigator", "*"))
    for facts in (
        acts.visit_missed("SCR", reason="other", note="said Mustermann-missed"),
        acts.deviation_classed("missed:SCR", "important", note="since Mustermann-explanation"),
        acts.noted("Mustermann-note"),
    ):
        desk.record(facts, LATE, who="musterwriter")
    note = "Mustermann-booking"
    booked = acts.visit_booked("C2D1", date(2026, 4, 30), "09:30", 60, "musterroom", "musterplace", reason="other", note=note)
    desk.record(booked, HELD, who="musterwriter")
    desk.record(acts.hold_started(date(2026, 3, 1), reason="toxicity", note="Mustermann-hold"), HELD, who="musterwriter")
    with database.writing() as connection:
        contact = set_site_contact(read_settings(connection), "PEK", "musterdesk, 010 555")
        append_administration(connection, someone(who="administrator"), [contact])
    return desk


def worklist_of_person(database: Database, account: str, now: datetime = NOW) -> Worklist:
    """What the worklist says by itself."""
    with database.reading() as connection:
        return worklist(connection, Caller(account, now))


def post(settings: SmtpSettings, now: datetime = NOW, *, again: bool = False, skip_empty: bool = False) -> Post:
    """Handing mails to this server, at one moment."""
    return Post(settings, tls_context(settings), again, skip_empty, lambda: now)

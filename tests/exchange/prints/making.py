"""Short ways to make the prints of a desk."""

from __future__ import annotations

from datetime import date

from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.render import RenderedPrint, render_patient
from planner.exchange.prints.subject_print import SubjectPrint, subject_print
from planner.records.people.administration import append_administration, set_site_contact
from planner.records.people.settings import read_settings
from planner.records.traces.prints import note_print
from tests.records.desk import LATE, SUBJECT, Desk, someone

LANGUAGES: tuple[PrintLanguage, ...] = ("en", "zh-CN")


def found(desk: Desk, language: PrintLanguage = "en", on: date = LATE, since: int | None = None, most_months: int = 18) -> SubjectPrint:
    with desk.database.reading() as connection:
        return subject_print(connection, someone(on), str(SUBJECT), language, since=since, most_months=most_months)


def rendered(desk: Desk, language: PrintLanguage = "en", on: date = LATE, since: int | None = None) -> RenderedPrint:
    made = found(desk, language, on, since)
    return render_patient(made.data, made.moment)


def note_printed(desk: Desk, on: date) -> int:
    """The calendar is printed on this day; the revision that it shows."""
    made = found(desk, on=on)
    with desk.database.writing() as connection:
        note_print(connection, made.subject, made.revision, "en", someone(on))
    return made.revision


def set_contact(desk: Desk, contact: str, site: str = "PEK") -> None:
    with desk.database.writing() as connection:
        append_administration(connection, someone(who="administrator"), [set_site_contact(read_settings(connection), site, contact)])

"""A subject's calendar from the records: what it shows, and the earlier print that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.months import MOST_MONTHS
from planner.exchange.prints.patient import Compared, PatientPrint, facts_moment, patient_print
from planner.records.caller import Caller
from planner.records.changes.view import SubjectView, subject_view, view_of
from planner.records.facts.fact import SubjectKey
from planner.records.fold.subject_facts import NotEnrolledError
from planner.records.history.changes import NoSuchRevisionError
from planner.records.people.readable import open_subject
from planner.records.people.settings import read_settings
from planner.records.pinned.contents import PinnedContents
from planner.records.traces.prints import Print, last_print


@dataclass(frozen=True, slots=True)
class SubjectPrint:
    """A calendar to be rendered, and what to note once it is written."""

    subject: SubjectKey
    revision: int
    data: PatientPrint
    moment: datetime
    """When the last fact was recorded that it rests on, in UTC."""
    is_of_today: bool
    """Whether it shows the calendar as of the date at the site, as one that is handed out does."""
    left: str
    """Why and when the subject left the study, in words; "" while it is in it."""


def subject_print(
    connection: Connection,
    caller: Caller,
    subject: str,
    language: PrintLanguage,
    *,
    as_of: date | None = None,
    since: int | None = None,
    most_months: int = MOST_MONTHS,
) -> SubjectPrint:
    """The calendar of a subject (``STUDY/NUMBER``, or the number alone), as of a day (today at the site).

    Changes are marked against revision ``since``, or else against the last print of an earlier revision (where there is none, against
    the last one of an earlier day). Raises UnknownSubjectError,
    NotAllowedError, NotEnrolledError, NoSuchRevisionError and NoOpenDayError.
    """
    key = open_subject(connection, caller, subject).key
    view = subject_view(connection, caller, key, as_of)
    contact = read_settings(connection).contacts.get(view.state.site, "")
    compared = _compared(connection, caller, view, since)
    return SubjectPrint(
        subject=key,
        revision=view.revision,
        data=patient_print(view, language, contact, compared, most_months),
        moment=facts_moment(view),
        is_of_today=view.as_of == view.today,
        left=_left(view),
    )


def _left(view: SubjectView) -> str:
    end = view.state.facts.end
    return "" if end is None else f"{end.reason.replace('_', ' ')} on {end.day}"


def _compared(connection: Connection, caller: Caller, view: SubjectView, since: int | None) -> Compared | None:
    if since is not None:
        if not 1 <= since <= view.revision:
            raise NoSuchRevisionError(f"{view.state.key} has the revisions 1 to {view.revision}, not {since}. `history` shows them.")
        written = next(fact.recorded_at for fact in view.facts if fact.number == since)
        return _as_known(connection, view, since, Caller(caller.who, written), was_printed=False)
    printed = _earlier_print(connection, view)
    if printed is None:
        return None
    return _as_known(connection, view, printed.revision, Caller(caller.who, printed.printed_at), was_printed=True)


def _earlier_print(connection: Connection, view: SubjectView) -> Print | None:
    """Time alone may change what is said, so where no earlier revision was printed, this one on an earlier day is compared with."""
    key = view.state.key
    today = datetime.combine(view.today, time(), ZoneInfo(view.state.calendar.zone)).astimezone(UTC)
    return last_print(connection, key, before=view.revision) or last_print(connection, key, until=today)


def _as_known(connection: Connection, view: SubjectView, revision: int, reader: Caller, *, was_printed: bool) -> Compared:
    """A revision as its reader saw it: on the day at the site where the subject then was."""
    facts = [fact for fact in view.facts if fact.number <= revision]
    try:
        known = view_of(facts, PinnedContents(connection), reader)
    except NotEnrolledError:
        return Compared(None, revision, reader.today(view.state.calendar.zone), was_printed)
    return Compared(known, revision, known.as_of, was_printed)

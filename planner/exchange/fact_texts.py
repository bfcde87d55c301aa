"""From texts, as they stand in a cohort file's cells or behind the command line's options, to facts about a subject.

Each text belongs to a column of a cohort file: ``start``, ``set.regimen``, ``actual.C3D1``; an option names one too
(``--actual C3D1=2026-04-17`` is the text ``2026-04-17`` of ``actual.C3D1``). So both are read here, and alike. Whether a
visit or a choice of that name exists is not asked here: planner.schedule.fact_faults answers that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeVar, cast, get_args

from planner.protocol.said import said
from planner.schedule.facts import Booking, DecisionMade, End, EndReason, Hold, HoldMode, Stop, SubjectFacts, UnscheduledDose

PLAIN_COLUMNS = ("subject", "start", "calendar", "hold", "stop", "end", "unscheduled")
"""Columns whose name is the whole fact."""
NAMED_COLUMNS = {
    "set": "a parameter",
    "milestone": "a milestone",
    "decide": "a decision",
    "actual": "a visit",
    "missed": "a visit",
    "omit": "a visit",
    "booked": "a visit",
    "routine_care": "a visit",
}
"""Columns of the form ``kind.name``, and what the name is of."""
LONGEST_SUBJECT_ID = 64
LONGEST_CODE = 24
"""Of what stands in titles of calendar events; stricter on purpose than ``LONGEST_SUBJECT_ID``: a name should not pass there."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})", re.ASCII)
_SERIAL_NUMBER = re.compile(r"[1-9]\d{4}(\.\d+)?", re.ASCII)
_HOLD = re.compile(r"(?:(?P<stream>[^:]*):)?(?P<first>[^:.]+)\.\.(?P<resume>[^:.]*)(?::(?P<mode>[^:]*))?")
Value = TypeVar("Value")

_FORMULA_STARTS = "=+-@＝＋－＠"


class FactTextError(ValueError):
    """A text that is no such fact; the message says what would be right."""


class FactFormError(FactTextError):
    """A text without the form of such a fact, or one beside another that it contradicts: the call is wrong, not only a value in it."""


def is_code(text: str) -> bool:
    """Whether a subject number or study code may stand in the title of a calendar event: no name, nothing that could be one."""
    return len(text) <= LONGEST_CODE and _CODE.fullmatch(text) is not None


def follows_from(fact: str, unread: set[str]) -> bool:
    """Whether a fault of ``fact`` may only be there because the texts of other columns could not be read."""
    kind = fact.partition(".")[0]
    kinds = {column.partition(".")[0] for column in unread}
    return fact in unread or (kind == "decide" and "decide" in kinds) or (kind == "actual" and "milestone" in kinds)


def iso_date(text: str) -> date:
    """The date written as YYYY-MM-DD; no other form is taken, because ``3/2/2026`` is two dates. Raises FactTextError."""
    match = _ISO.fullmatch(text)
    if match is None:
        raise FactTextError(
            said("{shown} is not a date; {what_would_be_right}", shown=_shown(text), what_would_be_right=_what_would_be_right(text))
        )
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise FactTextError(said("{text} is not a day of the calendar; check the month and the day (YYYY-MM-DD)", text=text)) from None


def subject_id(text: str) -> str:
    """``text`` itself if it can be a subject's id; raises FactTextError.

    Ids that a spreadsheet program would run as a formula are refused, since every export carries the id.
    """
    if not text:
        raise FactTextError(said("the subject id is empty; give each subject an id, such as S01"))
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs") for character in text):
        raise FactTextError(said("the subject id holds a control or invisible character; use letters, digits, - and _"))
    if text[0] in _FORMULA_STARTS:
        raise FactTextError(
            said(
                "the subject id {shown} begins with {text}, which spreadsheets take for a formula; begin it with a letter or a digit",
                shown=_shown(text),
                text=text[0],
            )
        )
    if len(text) > LONGEST_SUBJECT_ID:
        raise FactTextError(
            said("the subject id is longer than {longest_subject_id} characters; give a shorter one", longest_subject_id=LONGEST_SUBJECT_ID)
        )
    return text


def booking(text: str) -> Booking:
    """``2026-04-17`` or ``2026-04-17T09:30``. Raises FactTextError."""
    day, mark, clock = text.partition("T")
    if not mark:
        return Booking(iso_date(text))
    match = _TIME.fullmatch(clock)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise FactTextError(
            said("{shown} is not a time of day; write the booking as YYYY-MM-DDTHH:MM, such as 2026-04-17T09:30", shown=_shown(clock))
        )
    return Booking(iso_date(day), time(int(match[1]), int(match[2])))


def decision_made(text: str) -> DecisionMade:
    """``surgery`` or ``surgery@2026-05-20``. Raises FactTextError."""
    choice, mark, day = text.partition("@")
    if not choice:
        raise FactTextError(said("the choice is missing; write CHOICE or CHOICE@YYYY-MM-DD"))
    return DecisionMade(choice.strip(), iso_date(day.strip()) if mark else None)


def hold(text: str) -> Hold:
    """``[STREAM:]FROM..[RESUME][:shift|skip]``. Raises FactTextError."""
    form = said("write [STREAM:]FROM..[RESUME][:shift|skip], such as 2026-04-01..2026-04-15 or pd1:2026-04-01..")
    match = _HOLD.fullmatch(text)
    if match is None:
        raise FactFormError(said("{shown} is not a hold; {form}", shown=_shown(text), form=form))
    mode = "shift" if match["mode"] is None else match["mode"].strip()
    if mode not in get_args(HoldMode):
        raise FactTextError(
            said("{shown} is no way to hold; it is shift (visits move to the resume day) or skip (they are missed)", shown=_shown(mode))
        )
    stream = match["stream"]
    if stream is not None and not stream.strip():
        raise FactTextError(said("the stream before the colon is missing; {form}", form=form))
    resume = match["resume"].strip()
    return Hold(
        iso_date(match["first"].strip()), iso_date(resume) if resume else None, stream.strip() if stream else None, cast(HoldMode, mode)
    )


def stop(text: str) -> Stop:
    """``[STREAM:]DATE``. Raises FactTextError."""
    stream, mark, day = text.rpartition(":")
    if mark and not stream.strip():
        raise FactTextError(said("the stream before the colon is missing; write [STREAM:]YYYY-MM-DD, such as pd1:2026-04-01"))
    return Stop(iso_date(day.strip()), stream.strip() or None)


def end(text: str) -> End:
    """``REASON=DATE``. Raises FactTextError."""
    reasons = get_args(EndReason)
    reason, mark, day = text.partition("=")
    reason = reason.strip()
    how = said("write REASON=YYYY-MM-DD with one of {reasons}", reasons=tuple(reasons))
    if not mark:
        raise FactFormError(said("{shown} is not an end; {how}", shown=_shown(text), how=how))
    if reason not in reasons:
        raise FactTextError(said("{shown} is no reason for an end; {how}", shown=_shown(reason), how=how))
    return End(cast(EndReason, reason), iso_date(day.strip()))


def unscheduled_dose(text: str) -> UnscheduledDose:
    """``STREAM=DATE``. Raises FactTextError."""
    stream, mark, day = text.partition("=")
    if not mark or not stream.strip():
        raise FactFormError(said("{shown} is not an unscheduled dose; write STREAM=YYYY-MM-DD, such as pd1=2026-04-01", shown=_shown(text)))
    return UnscheduledDose(iso_date(day.strip()), stream.strip())


def missed_reason(text: str) -> str:
    """The reason why a visit was missed, "" for a plain ``1``. Raises FactTextError for what may mean that it was not."""
    if text.lower() in ("0", "no", "n", "false"):
        raise FactTextError(said("{shown} is neither 1 nor a reason; leave it out if the visit was not missed", shown=_shown(text)))
    return "" if text == "1" else text


@dataclass
class FactTexts:
    """The facts of one subject, put together text by text; ``facts`` gives them all.

    ``newest_counts`` says of which visits several actual dates may be given, the newest one being the fact (``redo`` visits).
    """

    newest_counts: Callable[[str], bool]
    subject: str = ""
    start: date | None = None
    calendar: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    milestones: dict[str, date] = field(default_factory=dict)
    decisions: dict[str, DecisionMade] = field(default_factory=dict)
    actual: dict[str, date] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)
    omitted: set[tuple[str, str]] = field(default_factory=set)
    booked: dict[str, Booking] = field(default_factory=dict)
    routine_care: set[str] = field(default_factory=set)
    holds: list[Hold] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    end: End | None = None
    unscheduled: list[UnscheduledDose] = field(default_factory=list)

    def add(self, column: str, text: str) -> None:
        """Take in the text of one column; raises FactTextError, and KeyError for a column that no cohort file has."""
        kind, _, name = column.partition(".")
        if name and kind in NAMED_COLUMNS:
            self._add_named(kind, name, text)
        elif column in PLAIN_COLUMNS:
            self._add_plain(column, text)
        else:
            raise KeyError(column)

    def facts(self, start: date | None = None) -> SubjectFacts:
        """All facts taken in; ``start`` stands in where none was given. Raises FactTextError without any."""
        first_day = self.start or start
        if first_day is None:
            raise FactTextError(said("the start date is missing; give the day of cycle 1 day 1 as YYYY-MM-DD"))
        return SubjectFacts(
            subject=self.subject,
            start=first_day,
            parameters=self.parameters,
            milestones=self.milestones,
            decisions=self.decisions,
            actual=self.actual,
            missed=self.missed,
            omitted=frozenset(self.omitted),
            booked=self.booked,
            routine_care=frozenset(self.routine_care),
            holds=tuple(self.holds),
            stops=tuple(self.stops),
            end=self.end,
            unscheduled=tuple(self.unscheduled),
            calendar=self.calendar,
        )

    def _add_plain(self, column: str, text: str) -> None:
        if column == "subject":
            self.subject = subject_id(text)
        elif column == "start":
            self.start = iso_date(text)
        elif column == "calendar":
            self.calendar = text
        elif column == "hold":
            self.holds.extend(hold(part) for part in _parts(text))
        elif column == "stop":
            self.stops.extend(stop(part) for part in _parts(text))
        elif column == "unscheduled":
            self.unscheduled.extend(unscheduled_dose(part) for part in _parts(text))
        else:
            self._add_end(text)

    def _add_end(self, text: str) -> None:
        for part in _parts(text):
            found = end(part)
            if self.end is not None and self.end != found:
                raise FactFormError(
                    said("a subject leaves the study once; {reason} on {day} is given already", reason=self.end.reason, day=self.end.day)
                )
            self.end = found

    def _add_named(self, kind: str, name: str, text: str) -> None:
        if kind == "set":
            _put(self.parameters, name, text, said("has a value already"))
        elif kind == "milestone":
            _put(self.milestones, name, iso_date(text), said("has a date already"))
        elif kind == "decide":
            _put(self.decisions, name, decision_made(text), said("is decided already"))
        elif kind == "actual":
            self._add_actual(name, iso_date(text))
        elif kind == "missed":
            _put(self.missed, name, missed_reason(text), said("is missed already"))
        elif kind == "booked":
            _put(self.booked, name, booking(text), said("is booked already"))
        elif kind == "omit":
            self.omitted.update((name, part) for part in _parts(text))
        else:
            if text != "1":
                raise FactTextError(said("{shown} cannot stand here; write 1, or leave the cell empty", shown=_shown(text)))
            self.routine_care.add(name)

    def _add_actual(self, visit: str, day: date) -> None:
        known = self.actual.get(visit)
        if known is not None and known != day and not self.newest_counts(visit):
            raise FactFormError(
                said("{visit} has the actual date {known} already, and takes place once; give one date", visit=visit, known=known)
            )
        self.actual[visit] = day if known is None else max(known, day)


def _put(facts: dict[str, Value], name: str, value: Value, already: str) -> None:
    if name in facts and facts[name] != value:
        raise FactFormError(said("{name} {already}; give it once", name=name, already=already))
    facts[name] = value


def _parts(text: str) -> Iterator[str]:
    """The facts of a cell that may hold several."""
    parts: Iterable[str] = (part.strip() for part in text.split(";"))
    yield from (part for part in parts if part)


def _what_would_be_right(text: str) -> str:
    if _SERIAL_NUMBER.fullmatch(text):
        return said("it looks like the number that a spreadsheet keeps for a date; format the column as YYYY-MM-DD, then save again")
    if re.fullmatch(r"\d{1,4}\D\d{1,2}\D\d{1,4}.*", text, flags=re.ASCII):
        return said("day and month cannot be told apart for certain; write it as YYYY-MM-DD, such as 2026-03-02")
    return said("write it as YYYY-MM-DD, such as 2026-03-02")


def _shown(text: str) -> str:
    """A text as messages show it: on one line, cut where it is long."""
    one_line = " ".join("".join(character if character.isprintable() else "?" for character in text).split())
    return f'"{one_line[:37]}..."' if len(one_line) > 40 else f'"{one_line}"'

"""What stands on a patient's calendar: worked out from one subject's view, the site's contact, and an earlier print to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from planner.exchange.prints.day_names import DayNames, PrintLanguage
from planner.exchange.prints.marks import change_text, gone_text
from planner.exchange.prints.months import MOST_MONTHS, MonthPage, month_pages
from planner.exchange.prints.next_visit import NextDay, next_day
from planner.exchange.prints.preparations import Preparation, preparations_of
from planner.exchange.prints.protocol_texts import ProtocolTexts, one_line
from planner.exchange.prints.shown import ShownVisit, shown_visits
from planner.exchange.prints.visit_lines import VisitLine, VisitWriter
from planner.exchange.prints.words import CHANGED, SIGNS, PrintWords, State, print_words
from planner.records.changes.view import SubjectView

_LEGEND: tuple[State, ...] = (
    "booked",
    "depends",
    "planned",
    "moving",
    "reminder",
    "reminder_due",
    "reminder_open",
    "reminder_moving",
    "passed",
    "held_booked",
    "held_until",
    "on_hold",
    "done",
    "missed",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """An earlier revision, as it was looked at then: what the patient's paper said."""

    view: SubjectView | None
    """As of ``day``; None where no enrolment was in force."""
    revision: int
    day: date
    """When that revision was printed, or else written, at the site."""
    was_printed: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of the legend."""

    sign: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PatientPrint:
    """A patient's calendar, ready to be set; texts are "" where there is nothing to say."""

    language: PrintLanguage
    document_title: str
    study: str
    subject: str
    site: str
    revision: int
    rests_on: str
    footer: str
    contact: str
    compared: str
    gone: tuple[str, ...]
    ask_first: str
    next_visit: NextDay | None
    to_come: tuple[VisitLine, ...]
    so_far: tuple[VisitLine, ...]
    open_decisions: str
    preparations: tuple[Preparation, ...]
    months: tuple[MonthPage, ...]
    months_cut: str
    legend: tuple[Sign, ...]
    changed_sign: str
    weekdays: tuple[str, ...]
    words: Mapping[str, str]


def patient_print(
    view: SubjectView, language: PrintLanguage, contact: str, compared: Compared | None = None, most_months: int = MOST_MONTHS
) -> PatientPrint:
    """The calendar of one subject as of the view's day. ``contact`` is whom to call, "" for a line to write on."""
    return _Builder(view, language, compared).built(contact, most_months)


def facts_moment(view: SubjectView) -> datetime:
    """The moment of the last fact that a view rests on, in UTC: the date of its print."""
    return view.facts[-1].recorded_at


class _Builder:
    def __init__(self, view: SubjectView, language: PrintLanguage, compared: Compared | None) -> None:
        self.view = view
        self.language: PrintLanguage = language
        self.words: PrintWords = print_words(language)
        self.days = DayNames(language)
        self.texts = ProtocolTexts(view.schedule.plan.protocol, language)
        self.compared = compared
        self.visits = shown_visits(view, self.texts)
        self.to_come = [shown for shown in self.visits if not shown.is_behind]
        self.so_far = [shown for shown in self.visits if shown.is_behind]
        self.before = self._before()
        self.marks = {} if compared is None else self._marks()
        self.preparations = preparations_of(self.to_come, self.texts, self.words, self.days)
        numbers = {id_: entry.number for id_, entry in self.preparations.items()}
        self.writer = VisitWriter(self.words, self.days, self.marks, numbers)

    def built(self, contact: str, most_months: int) -> PatientPrint:
        words, state = self.words, self.view.state
        study = state.key.study.upper()
        months = month_pages(self.visits, self.view.as_of, most_months, self.writer, words, self.days)
        gone = self._gone()
        return PatientPrint(
            language=self.language,
            document_title=words.said("patient_document", study=study, subject=state.key.number),
            study=study,
            subject=state.key.number,
            site=state.site,
            revision=self.view.revision,
            rests_on=words.said(
                "rests_on",
                facts_day=self._facts_day(),
                revision=self.view.revision,
                day=self.days.day(self.view.as_of),
            ),
            footer=" · ".join(
                (
                    f"{study} {state.key.number}",
                    f"{words.said('revision')} {self.view.revision}",
                    words.said("as_of", day=self.days.day(self.view.as_of)),
                )
            ),
            contact=one_line(contact),
            compared=self._compared_text(bool(self.marks or gone)),
            gone=gone,
            ask_first=f"{SIGNS['passed']} {words.said('ask_first')}" if any(shown.state == "passed" for shown in self.to_come) else "",
            next_visit=next_day(self.to_come, self.view.as_of, self.writer, self.days, self.preparations),
            to_come=tuple(self.writer.line(shown) for shown in self.to_come),
            so_far=tuple(self.writer.line(shown) for shown in self.so_far),
            open_decisions=self._open_decisions(),
            preparations=tuple(self.preparations.values()),
            months=months.pages,
            months_cut=months.cut,
            legend=self._legend(),
            changed_sign=CHANGED,
            weekdays=self.days.weekdays(),
            words=words.texts,
        )

    def _facts_day(self) -> str:
        local = facts_moment(self.view).astimezone(ZoneInfo(self.view.state.calendar.zone))
        return self.days.day(local.date())

    def _before(self) -> dict[str, ShownVisit]:
        """What the earlier print said of each visit on it, in the language of this one."""
        if self.compared is None or self.compared.view is None:
            return {}
        earlier = self.compared.view
        texts = ProtocolTexts(earlier.schedule.plan.protocol, self.language)
        return {shown.visit: shown for shown in shown_visits(earlier, texts)}

    def _marks(self) -> dict[str, str]:
        told = {shown.visit: change_text(self.before.get(shown.visit), shown, self.words, self.days) for shown in self.visits}
        return {visit: text for visit, text in told.items() if text is not None}

    def _gone(self) -> tuple[str, ...]:
        now = {shown.visit for shown in self.visits}
        return tuple(gone_text(shown, self.words, self.days) for visit, shown in self.before.items() if visit not in now)

    def _compared_text(self, is_changed: bool) -> str:
        if self.compared is None:
            return self.words.said("changes_beginning")
        name = "changes_since_print" if self.compared.was_printed else "changes_since_revision"
        since = self.words.said(name, day=self.days.day(self.compared.day), revision=self.compared.revision)
        what = self.words.said("changes_marked" if self.marks else "no_changes") if self.marks or not is_changed else ""
        return f"{since}{'' if self.days.is_chinese else ' '}{what}".strip()

    def _open_decisions(self) -> str:
        """Which decisions open further visits: named without dates or branches, since neither is known (docs/prints.md)."""
        if not any(row.status == "conditional" for row in self.view.rows):
            return ""
        taken = self.view.state.facts.decisions
        labels = tuple(self.texts.decision(name) for name in self.texts.protocol.decisions if name not in taken)
        return self.words.said("open_decisions", decisions=self.days.listed(labels)) if labels else ""

    def _legend(self) -> tuple[Sign, ...]:
        used = {shown.state for shown in self.visits}
        signs = [Sign(SIGNS[state], self.words.said(f"state_{state}")) for state in _LEGEND if state in used]
        if self.marks:
            signs.append(Sign(CHANGED, self.words.said("changed")))
        return tuple(signs)

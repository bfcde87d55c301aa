"""From options to facts about one subject, and from faults in facts back to the options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from planner.commands.failures import CallWrong, Failure, InputWrong
from planner.exchange.fact_texts import FactFormError, FactTextError, FactTexts, follows_from
from planner.protocol.plan import Plan
from planner.schedule.facts import SubjectFacts

DEFAULT_SUBJECT = "S1"

_STANDS_IN = date(2026, 1, 1)
"""A start where none can be read, so that the other facts can be checked; the call is refused whatever they hold."""

_OPTION_OF_KIND = {"routine_care": "--routine-care"}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Facts, as far as the options' texts can be read; ``unread`` holds the columns of a cohort file that stand for the others."""

    facts: SubjectFacts
    wrong: tuple[str, ...]
    unread: frozenset[str]
    is_call_wrong: bool
    """Whether a text has not even the form of its option, or is missing."""

    def faults(self, plan: Plan, as_of: date, start_option: str) -> list[str]:
        """What the protocol refuses of the facts, each at the option it came from; nothing that only follows from unread texts."""
        from planner.schedule.fact_faults import faults_of

        unread = set(self.unread)
        return [
            f"{_option_of(fault.fact, start_option)}: {fault.message}"
            for fault in faults_of(plan, self.facts, as_of)
            if not follows_from(fault.fact, unread)
        ]

    def failure(self, messages: Iterable[str]) -> Failure:
        """The failure that tells of everything."""
        return (CallWrong if self.is_call_wrong else InputWrong)([*self.wrong, *messages])


@dataclass(frozen=True, slots=True)
class FactOptions:
    """The options that tell what is known of a subject, as they were given."""

    start: str | None = None
    subject: str | None = None
    milestones: Sequence[str] | None = None
    parameters: Sequence[str] | None = None
    decisions: Sequence[str] | None = None
    actuals: Sequence[str] | None = None
    missed: Sequence[str] | None = None
    omitted: Sequence[str] | None = None
    booked: Sequence[str] | None = None
    holds: Sequence[str] | None = None
    stops: Sequence[str] | None = None
    end: str | None = None
    unscheduled: Sequence[str] | None = None
    routine_care: Sequence[str] | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the options that were given."""
        return tuple(dict.fromkeys(option for option, _, _ in self._all()))

    def read(self, plan: Plan, default_start: date | None = None) -> ReadOptions:
        """The facts, read but not yet checked against the protocol, and what is wrong with the texts that cannot be read."""
        texts = FactTexts(lambda visit: takes_newest(plan, visit), subject=DEFAULT_SUBJECT)
        wrong, unread, is_call_wrong = [], set(), False
        for option, text, written in self._all():
            try:
                column, value = _column(option, text, written)
                unread.add(column)
                if not value:
                    raise FactTextError(f'"{text}" is incomplete; write {written}')
                texts.add(column, value)
                unread.discard(column)
            except FactTextError as error:
                is_call_wrong |= isinstance(error, FactFormError)
                wrong.append(f"{option}: {error}")
        if self.start is None and default_start is None:
            wrong.append("--start is missing; give the start date, such as --start 2026-03-02")
            is_call_wrong = True
        return ReadOptions(texts.facts(default_start or _STANDS_IN), tuple(wrong), frozenset(unread), is_call_wrong)

    def _all(self) -> Iterator[tuple[str, str, str]]:
        """Option, text, and how it is written, in the order of the help."""
        for option, text, written in (
            ("--start", self.start, "DATE"),
            ("--subject", self.subject, "ID"),
            ("--end", self.end, "REASON=DATE"),
        ):
            if text is not None:
                yield option, text.strip(), written
        several: Iterable[tuple[str, Sequence[str] | None, str]] = (
            ("--milestone", self.milestones, "ID=DATE"),
            ("--set", self.parameters, "PARAM=VALUE"),
            ("--decide", self.decisions, "DECISION=CHOICE[@DATE]"),
            ("--actual", self.actuals, "VISIT=DATE"),
            ("--missed", self.missed, "VISIT[=REASON]"),
            ("--omit", self.omitted, "VISIT:ACTIVITY"),
            ("--booked", self.booked, "VISIT=DATE[THH:MM]"),
            ("--hold", self.holds, "[STREAM:]FROM..[RESUME][:shift|skip]"),
            ("--stop", self.stops, "[STREAM:]DATE"),
            ("--unscheduled", self.unscheduled, "STREAM=DATE"),
            ("--routine-care", self.routine_care, "VISIT"),
        )
        for option, texts, written in several:
            for text in texts or ():
                yield option, text.strip(), written


def takes_newest(plan: Plan, visit: str) -> bool:
    """Whether a visit may have several actual dates, the newest of which counts (``redo``)."""
    return any(plan.slots[index].redo for index in plan.slots_by_id.get(visit, ()))


def _column(option: str, text: str, written: str) -> tuple[str, str]:
    """The column of a cohort file that says the same, and its cell; raises FactFormError."""
    kind = option.removeprefix("--").replace("-", "_")
    if option in ("--start", "--subject", "--end", "--hold", "--stop", "--unscheduled"):
        if not text:
            raise FactFormError(f"nothing is given; write {written}")
        return kind, text
    if option == "--routine-care":
        name, mark, value = text, "=", "1"
    elif option == "--missed":
        name, mark, value = text.partition("=")
        mark, value = "=", value if mark else "1"
    else:
        name, mark, value = text.partition(":" if option == "--omit" else "=")
    name, value = name.strip(), value.strip()
    if not (name and mark):
        raise FactFormError(f'"{text}" is incomplete; write {written}')
    return f"{kind}.{name}", value


def _option_of(fact: str, start_option: str) -> str:
    """``--actual C3D1`` for the fact ``actual.C3D1``."""
    kind, _, name = fact.partition(".")
    if kind == "start":
        return start_option
    option = _OPTION_OF_KIND.get(kind, f"--{kind}")
    return f"{option} {name}" if name else option

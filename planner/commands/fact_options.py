"""From options to facts about one subject, and from faults in facts back to the options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from planner.commands.failures import CallWrong, InputWrong
from planner.exchange.fact_texts import FactTextError, FactTexts
from planner.protocol.plan import Plan
from planner.schedule.facts import SubjectFacts

DEFAULT_SUBJECT = "S1"

_OPTION_OF_KIND = {"routine_care": "--routine-care"}


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

    def facts(self, plan: Plan, default_start: date | None = None) -> SubjectFacts:
        """The facts, read but not yet checked against the protocol; raises CallWrong with every text that cannot be read."""
        texts = FactTexts(lambda visit: takes_newest(plan, visit), subject=DEFAULT_SUBJECT)
        wrong = []
        for option, text, written in self._all():
            try:
                column, value = _column(option, text, written)
                texts.add(column, value)
            except FactTextError as error:
                wrong.append(f"{option}: {error}")
        if self.start is None and default_start is None:
            wrong.append("--start is missing; give the day of cycle 1 day 1, such as --start 2026-03-02")
        if wrong:
            raise CallWrong(wrong)
        return texts.facts(default_start)

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


def refuse_faults(plan: Plan, facts: SubjectFacts, as_of: date) -> None:
    """Check facts against the protocol; raises InputWrong with each fault at the option it came from."""
    from planner.schedule.fact_faults import faults_of

    faults = faults_of(plan, facts, as_of)
    if faults:
        raise InputWrong(f"{_option_of(fault.fact)}: {fault.message}" for fault in faults)


def _column(option: str, text: str, written: str) -> tuple[str, str]:
    """The column of a cohort file that says the same, and its cell; raises FactTextError."""
    kind = option.removeprefix("--").replace("-", "_")
    if option in ("--start", "--subject", "--end", "--hold", "--stop", "--unscheduled"):
        if not text:
            raise FactTextError(f"nothing is given; write {written}")
        return kind, text
    if option == "--routine-care":
        name, mark, value = text, "=", "1"
    elif option == "--missed":
        name, mark, value = text.partition("=")
        value = value if mark else "1"
        mark = "="
    else:
        name, mark, value = text.partition(":" if option == "--omit" else "=")
    name, value = name.strip(), value.strip()
    if not (name and mark and value):
        raise FactTextError(f'"{text}" is incomplete; write {written}')
    return f"{kind}.{name}", value


def _option_of(fact: str) -> str:
    """``--actual C3D1`` for the fact ``actual.C3D1``."""
    kind, _, name = fact.partition(".")
    option = _OPTION_OF_KIND.get(kind, f"--{kind}")
    return f"{option} {name}" if name else option

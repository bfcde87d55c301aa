"""Why a date is what it is: the chain of rules that gave it, step by step, read off the same walk that made it."""

from __future__ import annotations

from collections.abc import Iterator

from planner.protocol.said import said
from planner.protocol.said_lists import added, alternatives
from planner.schedule.codes import CERTAINTY_NAMES, STATUS_NAMES, CertaintyCode, StatusCode
from planner.schedule.days import day_date
from planner.schedule.explain_dates import DateSteps, Step, days_in_words
from planner.schedule.reason_words import FLAG_REASONS, flag_value
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import slot_of

__all__ = ["Step", "explanation"]


def explanation(schedule: Schedule, subject: int, visit: str) -> tuple[Step, ...]:
    """The steps that gave a visit's date, for a subject by index; raises KeyError if the subject can have no such visit."""
    codes = schedule.cohort.parameters[:, subject].tolist()
    slot = slot_of(schedule.plan, visit, codes)
    if slot is None or schedule.status[slot.index, subject] == StatusCode.NO_ROW:
        raise KeyError(visit)
    return tuple(_Explainer(schedule, subject, slot).steps())


class _Explainer(DateSteps):
    """The whole explanation: the dates, then what has happened, the status, and where the rules come from."""

    def steps(self) -> Iterator[Step]:
        """All steps."""
        yield from self.date_steps()
        yield from self._facts()
        yield from self._state()
        yield from self._source()

    def _facts(self) -> Iterator[Step]:
        visit = self.slot.index
        if self.row.status == "done" and self.walk.block.actual(visit) is not None and self.slot.milestone is None:
            yield Step("R14", self._done())
        elif self.row.status == "missed":
            yield Step("R9", said("It was missed; what is counted from it goes on from its planned date."))
        elif self.row.certainty == "booked":
            day = self.weekday(self.day("effective"))
            yield Step("R5", said("It is booked on {day}; a booking does not move by itself.", day=day))

    def _done(self) -> str:
        day, off = self.weekday(self.day("effective")), self.row.days_off
        if not off:
            return said("It was done on {day}, on its nominal date.", day=day)
        text = (
            "It was done on {day}, {days} after its nominal date." if off > 0 else "It was done on {day}, {days} before its nominal date."
        )
        return said(text, day=day, days=days_in_words(off))

    def _state(self) -> Iterator[Step]:
        yield from self._open_decisions()
        for flag in self.row.flags:
            code, _, value = flag.partition(":")
            rule, text = FLAG_REASONS[code]
            if code == "omitted":
                rule, text = self._why_omitted(value)
            elif code == "expired":
                value = self.weekday(int(self._actual_day()))
            elif not value:
                text = text.replace(": {value}.", ".").replace(" First fraction day that avoids it.", "")
            yield Step(rule, said(text, value=flag_value(code, value)))
        status = StatusCode(STATUS_NAMES.index(self.row.status))
        yield Step("R14", said(_STATUS_WORDS[status], day=day_date(self.schedule.as_of_day(self.subject))))
        yield Step("R15", said(_CERTAINTY_WORDS[CertaintyCode(CERTAINTY_NAMES.index(self.row.certainty))]))

    def _open_decisions(self) -> Iterator[Step]:
        """Which decisions a conditional visit waits for (R11)."""
        if self.row.status != "conditional":
            return
        waits = [
            said("{decision} = {choice}", decision=requirement.name, choice=alternatives(requirement.allowed))
            for requirement in self.shape.when
            if requirement.about == "decision" and self._is_open(requirement.name)
        ]
        if waits:
            yield Step("R11", said("It takes place only if it is decided: {decisions}.", decisions=added(waits)))
        else:
            yield Step("R11", said("It is counted from a visit that hangs on a decision."))

    def _is_open(self, decision: str) -> bool:
        return int(self.schedule.cohort.decisions[self.plan.decisions.index(decision), self.subject]) < 0

    def _why_omitted(self, activity: str) -> tuple[str, str]:
        """Whether a fact leaves an activity out, or a hold or stop of its dose."""
        recorded = self.schedule.cohort.omitted
        bit = 1 << self.plan.activities.index(activity)
        if recorded is not None and int(recorded[self.slot.index, self.subject]) & bit:
            return "R9", "At this visit {value} is not given: it is recorded so."
        return "R12", "At this visit {value} is not given: its treatment is on hold or stopped on that day."

    def _actual_day(self) -> int:
        actual = self.walk.block.actual(self.slot.index)
        return 0 if actual is None else int(actual[0])

    def _source(self) -> Iterator[Step]:
        source, rationale = self.shape.source, self.shape.rationale
        parts: str | tuple[str, ...] = tuple(said(f"{part} {of}") for part, of in source.items())
        if len(set(source.values())) == 1:
            parts = said(next(iter(source.values())))
        if rationale:
            yield Step("source", said("Where it comes from: {parts}. {rationale}", parts=parts, rationale=rationale))
        else:
            yield Step("source", said("Where it comes from: {parts}.", parts=parts))


_STATUS_WORDS = {
    StatusCode.DONE: "On {day} its status is done.",
    StatusCode.MISSED: "On {day} its status is missed.",
    StatusCode.CANCELLED: "On {day} its status is cancelled.",
    StatusCode.CONDITIONAL: "On {day} its status is conditional.",
    StatusCode.ON_HOLD: "On {day} its status is on_hold.",
    StatusCode.OVERDUE: "On {day} its status is overdue.",
    StatusCode.DUE: "On {day} its status is due.",
    StatusCode.UPCOMING: "On {day} its status is upcoming.",
}
_CERTAINTY_WORDS = {
    CertaintyCode.FIXED: "The date is fixed: it happened, or all it is counted from has.",
    CertaintyCode.BOOKED: "The date is booked.",
    CertaintyCode.STALE: "The date is stale: something it is counted from is overdue or on hold, so it can only be later.",
    CertaintyCode.PROJECTED: "The date is projected: something it is counted from has not happened yet.",
}

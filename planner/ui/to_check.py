"""What a person should look at before the schedule is used: checks that are not passed, and visits with a flag."""

from __future__ import annotations

from dataclasses import dataclass

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import AgeCheck, Check, IntervalCheck, MilestoneReference, OrderCheck, Reference
from planner.schedule.checks import Finding
from planner.ui.language import in_language, language, t
from planner.ui.preview import Preview
from planner.ui.words import days_counted, flag_sentences, listed, result_word, short_date, visits_counted

_NOT_WORTH_A_WORD = ("provisional_calendar", "at_most_reached")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at: ``about`` is a visit or a check's label."""

    about: str
    text: str


def points_to_check(preview: Preview) -> list[Point]:
    """Breaches and warnings first, then checks that lack an answer, then visits with a flag; provisional years are said once."""
    texts = ProtocolTexts(preview.plan.protocol, language())
    points = [Point(texts.check(found.check), _breach(found)) for found in preview.findings if found.result in ("breach", "warning")]
    points += _unanswered(preview, texts)
    for row in preview.rows:
        sentences = zip(row.flags, flag_sentences(row), strict=True)
        said = [text for flag, text in sentences if flag.partition(":")[0] not in _NOT_WORTH_A_WORD]
        if row.status == "overdue":
            said.append(t("It is overdue: its window closed on {day} and nothing is recorded.", day=short_date(row.latest)))
        if said:
            points.append(Point(f"{row.visit} {texts.visit(row)}", " ".join(said)))
    return points + _provisional(preview)


def _unanswered(preview: Preview, texts: ProtocolTexts) -> list[Point]:
    """Checks that wait for something that a person has to give, not for a date to come."""
    open_checks = {found.check for found in preview.findings if found.result == "not_evaluated"}
    missing = {check.id: _not_given(preview, check, texts) for check in preview.plan.protocol.checks if check.id in open_checks}
    return [
        Point(texts.check(check), t("cannot be checked yet: {input} is not given.", input=label))
        for check, label in missing.items()
        if label
    ]


def _not_given(preview: Preview, check: Check, texts: ProtocolTexts) -> str:
    """What a check counts from and nobody has given, by its label; "" where nothing is missing but time."""
    match check:
        case AgeCheck(parameter=parameter) if parameter not in preview.facts.parameters:
            return texts.parameter(parameter)
        case IntervalCheck(start=start) | OrderCheck(before=start) if (milestone := _from_outside(preview, start)) is not None:
            return texts.milestone(milestone)
    return ""


def _from_outside(preview: Preview, reference: Reference) -> str | None:
    """The milestone, if it is given from outside and is not given; one that a visit dates is said of that visit."""
    if not isinstance(reference, MilestoneReference) or reference.milestone in preview.facts.milestones:
        return None
    dated_by_visits = {shape.is_milestone for visit in preview.plan.protocol.visits for shape in (visit.first, visit.then)}
    return None if reference.milestone in dated_by_visits else reference.milestone


def _provisional(preview: Preview) -> list[Point]:
    provisional = [row for row in preview.rows if "provisional_calendar" in row.flags]
    if not provisional:
        return []
    years = listed(str(year) for year in sorted({row.effective.year for row in provisional if row.effective is not None}))
    text = t(
        "{visits} in {years}: the official calendar is not known yet, so these dates may change.",
        visits=visits_counted(len(provisional)),
        years=years,
    )
    return [Point(t("Provisional calendar"), text)]


def _breach(found: Finding) -> str:
    pairs = ((found.first, found.first_day), (found.second, found.second_day))
    days = listed(f"{name} {short_date(day)}".strip() for name, day in pairs)
    words = {"result": result_word(found.result), "days": days, "limit": in_language(found.limit)}
    if found.over_by is None:
        return t("{result}: {days}; limit {limit}.", **words)
    return t("{result}: {days}; limit {limit}, over by {over}.", over=days_counted(found.over_by), **words)

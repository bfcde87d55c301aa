"""How visits, dates and results are said on the screens."""

from __future__ import annotations

import re
from datetime import date

from planner.protocol.model import Protocol, Requirement, VisitShape
from planner.schedule.reason_words import FLAG_REASONS
from planner.schedule.rows import VisitRow

KIND_WORDS = {
    "clinic": "clinic visit",
    "treatment": "treatment",
    "imaging": "imaging",
    "phone": "phone call",
    "decision": "decision",
    "reminder": "reminder",
}
KIND_SIGNS = {"clinic": "●", "treatment": "◆", "imaging": "◎", "phone": "☎", "decision": "▲", "reminder": "★"}
"""A shape for each kind, so that colour is never alone."""

RESULT_WORDS = {
    "passed": "✓ passed",
    "breach": "✗ breach",
    "warning": "! warning",
    "cannot_tell": "? cannot tell",
    "not_evaluated": "– not evaluated",
}

AT_THE_LEFT = "in the panel at the left (on a narrow screen, open the panel with the » at the top)"
"""Where the inputs are."""

_MARKS = re.compile(r"[\\`*_\[\]<>$~|#]")
_STATUS_WORDS = {"on_hold": "on hold", "upcoming": "planned", "conditional": "depends on a decision"}


def long_date(day: date) -> str:
    """``Friday 17 April 2026``."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def short_date(day: date | None) -> str:
    """``Fri 17 Apr 2026``; a dash where there is no date."""
    return "–" if day is None else f"{day:%a} {day.day} {day:%b} {day.year}"


def day_and_month(day: date) -> str:
    """``17 Apr``."""
    return f"{day.day} {day:%b}"


def span(first: date, last: date) -> str:
    """``14 to 20 April``, ``28 March to 3 April``, with years only where they differ."""
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year} to {last.day} {last:%B} {last.year}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {last.day} {last:%B}"
    return f"{first.day} to {last.day} {last:%B}"


def unformatted(text: str) -> str:
    """Text for where Markdown is read: nothing in it is taken for a link, a picture or a mark. What a person typed must pass here."""
    return _MARKS.sub(r"\\\g<0>", text)


def sentence(text: str) -> str:
    """``text`` with a full stop, unless it ends in one or in another sign that ends a sentence."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def month_name(year: int, month: int) -> str:
    """``April 2026``."""
    return f"{date(year, month, 1):%B %Y}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 visit``, ``2 visits``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def status_words(row: VisitRow) -> str:
    """A visit's status in a few words: ``planned``, ``booked``, ``due, 3 days left``."""
    if row.certainty == "stale" and row.status in ("due", "upcoming"):
        return "waits for an earlier visit"
    if row.status == "due" and row.days_left is not None:
        return "due, last day" if row.days_left == 0 else f"due, {counted(row.days_left, 'day')} left"
    if row.status == "upcoming" and row.certainty == "booked":
        return "booked"
    return _STATUS_WORDS.get(row.status, row.status)


def window_words(row: VisitRow) -> str:
    """``window 14 to 20 April``; empty where the visit has none but its own day."""
    if row.earliest is None or row.latest is None or row.earliest == row.latest:
        return ""
    return f"window {span(row.earliest, row.latest)}"


def spoken(row: VisitRow) -> str:
    """A visit in one phrase: ``Cycle 3 day 1, Friday 17 April, planned, window 14 to 20 April``."""
    day = row.effective
    parts = [row.name, "no date" if day is None else f"{day:%A} {day.day} {day:%B}", status_words(row), window_words(row)]
    return ", ".join(part for part in parts if part)


def flag_sentences(row: VisitRow) -> list[str]:
    """Each flag of a visit in a sentence."""
    sentences = []
    for flag in row.flags:
        code, _, value = flag.partition(":")
        sentences.append(FLAG_REASONS[code][1].format(value=value))
    return sentences


def parts_to_confirm(shape: VisitShape) -> list[str]:
    """The parts of a visit's rules that the study's public record does not state: ``offset (assumed)``."""
    return [f"{part} ({source})" for part, source in shape.source.items() if source != "stated"]


def condition_words(protocol: Protocol, shape: VisitShape) -> str:
    """On which open choice a visit with these rules depends: ``only if Surgery``."""
    requirements = [requirement for requirement in shape.when if requirement.about == "decision"]
    return f"only if {' and '.join(_choice_words(protocol, requirement) for requirement in requirements)}" if requirements else ""


def _choice_words(protocol: Protocol, requirement: Requirement) -> str:
    labels = {choice.name: choice.label for choice in protocol.decisions[requirement.name].choices}
    return " or ".join(labels[name] for name in requirement.allowed)

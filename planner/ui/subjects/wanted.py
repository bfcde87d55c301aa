"""Which of the subjects a person wants to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.records.lists.subject_list import IN_STUDY, SubjectLine

WITH_OVERDUE = "overdue"
"""Stands beside the states: in whatever state, with an overdue visit."""
LEFT = ("withdrawn", "died", "lost", "screen_failure")
SUBJECT_COLUMNS = ("subject", "state", "start", "next_visit", "next_date", "next_status", "overdue", "version", "revision", "study", "site")
"""Of the list as a file, as in ``subject list`` of the command line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "" where anything is."""

    number: str = ""
    """Part of a subject's number."""
    site: str = ""
    study: str = ""
    state: str = ""
    """``in_study``, one of ``LEFT``, or ``WITH_OVERDUE``."""


def wanted_lines(lines: Sequence[SubjectLine], wanted: Wanted) -> Sequence[SubjectLine]:
    """The lines asked for, in the order given."""
    number = wanted.number.strip().casefold()
    if wanted == Wanted():
        return lines
    return [
        line
        for line in lines
        if (not wanted.site or line.site == wanted.site)
        and (not wanted.study or line.study == wanted.study)
        and (not wanted.state or _is_in(line, wanted.state))
        and (not number or number in f"{line.study}/{line.subject}".casefold())
    ]


def _is_in(line: SubjectLine, state: str) -> bool:
    return line.overdue > 0 if state == WITH_OVERDUE else line.state == state


def states_there(lines: Sequence[SubjectLine]) -> list[str]:
    """The states that anybody is in, the usual ones first."""
    there = {line.state for line in lines}
    return [WITH_OVERDUE, *(state for state in (IN_STUDY, *LEFT) if state in there)]

"""What another version of the protocol would do to everybody who goes over to it: worked out in parts, kept as a line for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.changes.amendment import propose_amendment
from planner.records.changes.impact import SubjectImpact, most_affected_first, subject_impact
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.facts.fact import SubjectKey
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.pinned.plan_hash import plan_hash
from planner.ui.reasons import Why

AT_ONCE = 200
"""Subjects worked out together: their visits are held in memory only as long."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is to go over to the new version."""

    keys: tuple[SubjectKey, ...]
    there_already: int = 0
    """How many of those asked for have no need: their version compiles to the same plan."""
    elsewhere: int = 0
    """How many of the study are at sites where the person may not amend."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What would be saved, and a line for each subject, most affected first."""

    lines: tuple[SubjectImpact, ...]
    proposals: tuple[Proposal, ...]
    """What ``save_all`` writes; without the visits, which ``before_after`` asks for one subject at a time."""


def chosen_subjects(found: Sequence[SiteSchedule], plan: Plan, sites: frozenset[str] | None, site: str, numbers: Sequence[str]) -> Chosen:
    """The subjects of the plan's study at ``sites`` (None: all), at one ``site`` of them or any (""), of these ``numbers`` or all.

    Raises RefusedError for numbers that nobody there has.
    """
    wanted = set(numbers)
    keys: list[SubjectKey] = []
    known: set[str] = set()
    there_already = elsewhere = 0
    for schedule in found:
        if schedule.study != plan.protocol.id:
            continue
        same = plan_hash(schedule.schedule.plan) == plan_hash(plan)
        for column, key in enumerate(schedule.keys):
            where = schedule.site_of(column)
            if sites is not None and where not in sites:
                elsewhere += 1
            elif (not site or where == site) and (not wanted or key.number in wanted):
                known.add(key.number)
                there_already += same
                if not same:
                    keys.append(key)
    _refuse_unknown([number for number in numbers if number not in known])
    return Chosen(tuple(keys), there_already, elsewhere)


def _refuse_unknown(unknown: Sequence[str]) -> None:
    if unknown:
        raise RefusedError((said("There is no subject {subjects} that could be amended here. Check the number.", subjects=tuple(unknown)),))


def impact_of(
    connection: Connection,
    caller: Caller,
    text: str,
    file_name: str,
    keys: Sequence[SubjectKey],
    why: Why,
    progress: Callable[[int], None],
) -> Impact:
    """What would be written about these subjects, all as of one state of the log; ``progress`` gets how many are done.

    Raises RefusedError with the reasons of all subjects, and as ``propose_amendment`` does.
    """
    lines: list[SubjectImpact] = []
    proposals: list[Proposal] = []
    refused: list[str] = []
    for first in range(0, len(keys), AT_ONCE):
        part = keys[first : first + AT_ONCE]
        try:
            for proposal in propose_amendment(connection, caller, text, file_name, part, reason=why.reason, note=why.note):
                lines.append(subject_impact(proposal))
                proposals.append(replace(proposal, before=(), after=(), moves=(), warnings=(), unfit=()))
        except RefusedError as error:
            refused += error.messages
        progress(min(first + AT_ONCE, len(keys)))
    if refused:
        raise RefusedError(tuple(dict.fromkeys(refused)))
    return Impact(tuple(sorted(lines, key=most_affected_first)), tuple(proposals))

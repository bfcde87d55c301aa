"""What an import would do to the visits of subjects who are enrolled already: worked out as an amendment is, kept as counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from planner.protocol.model import Protocol
from planner.records.caller import Caller
from planner.records.changes.impact import SubjectImpact, most_affected_first, subject_impact
from planner.records.changes.many_changes import compared_each, proposal_of
from planner.records.changes.proposal import Proposal
from planner.records.facts.fact import Act, SubjectKey
from planner.records.fold.fact_table import read_fact_table
from planner.records.imports.plan import ImportPlan
from planner.records.people.readable import readable_subjects
from planner.records.people.roles import Action
from planner.records.pinned.contents import PinnedContents

SUBJECTS_AT_ONCE = 200
"""Their visits are held in memory only as long."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One subject before and after the import, and the protocol whose checks and visits are named."""

    proposal: Proposal
    protocol: Protocol


def import_effects(
    connection: Connection, caller: Caller, plan: ImportPlan, progress: Callable[[int, int], None] | None = None
) -> tuple[SubjectImpact, ...]:
    """A line for each subject who is enrolled and of whom a visit would change, most affected first.

    Nobody where a row is refused, for then nothing can be written. ``progress`` gets how many subjects are done, of how many.
    """
    found = []
    for done, each in enumerate(foreseen(connection, caller, plan), start=1):
        found.append(subject_impact(each.proposal))
        if progress is not None and done % SUBJECTS_AT_ONCE == 0:
            progress(done, len(plan.acts))
    return tuple(sorted((line for line in found if line.changed or line.warnings), key=most_affected_first))


def foreseen(connection: Connection, caller: Caller, plan: ImportPlan, only: Sequence[SubjectKey] | None = None) -> Iterator[Foreseen]:
    """Each subject with all its visits on both sides; new subjects, who have no side before, are left out.

    ``only`` these, in their order, if any are given; nobody whom the caller may not read. Raises RefusedError where a calendar has no days
    for a visit.
    """
    ids, pinned = readable_subjects(connection, caller), PinnedContents(connection)
    acts = {each.act.subject: each.act for each in plan.acts if each.act.subject in ids}
    wanted = [acts[key] for key in (acts if only is None else only) if key in acts]
    for first in range(0, len(wanted), SUBJECTS_AT_ONCE):
        yield from _part(connection, caller, ids, wanted[first : first + SUBJECTS_AT_ONCE], pinned)


def _part(
    connection: Connection, caller: Caller, ids: Mapping[SubjectKey, int], acts: Sequence[Act], pinned: PinnedContents
) -> Iterator[Foreseen]:
    table = read_fact_table(connection, [ids[act.subject] for act in acts])
    row_of = {subject: row for row, subject in enumerate(table.subjects)}
    facts_of = {row_of[act.subject]: tuple(act.facts) for act in acts if act.subject in row_of}
    facts = {table.subjects[row]: said for row, said in facts_of.items()}
    for comparison in compared_each(table, facts_of, pinned, caller):
        proposal = proposal_of(comparison, facts[comparison.subject], [Action.IMPORT])
        yield Foreseen(proposal, comparison.after.schedule.plan.protocol)

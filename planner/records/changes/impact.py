"""What a proposal would do to its subject, in counts: so that many subjects can be told side by side, the worst first."""

from __future__ import annotations

from dataclasses import dataclass

from planner.records.changes.proposal import Proposal
from planner.records.facts.fact import SubjectKey


@dataclass(frozen=True, slots=True)
class SubjectImpact:
    """What would become of one subject."""

    subject: SubjectKey
    site: str
    moved: int
    """Visits whose day changes."""
    changed: int
    """Visits that change in anything, those included."""
    furthest: int
    """By how many days the visit moves that moves furthest; earlier ones negative."""
    bookings: int
    """Bookings that no longer fit."""
    unfit: int
    """Facts that the subject's plan would not know."""
    worse: int
    """Other things that get worse: checks, windows, doses."""

    @property
    def warnings(self) -> int:
        """How many things there are to look at before it is saved."""
        return self.bookings + self.unfit + self.worse


def subject_impact(proposal: Proposal) -> SubjectImpact:
    """The counts of one proposal."""
    shown = [move for move in proposal.moves if move.is_on_calendar]
    days = [move.days for move in shown if move.days]
    bookings = sum(warning.kind == "booking" for warning in proposal.warnings)
    unfit = sum(warning.kind == "unfit" for warning in proposal.warnings)
    return SubjectImpact(
        subject=proposal.subject,
        site=min(site for _, site in proposal.needs),
        moved=len(days),
        changed=len(shown),
        furthest=max(days, key=abs, default=0),
        bookings=bookings,
        unfit=unfit,
        worse=len(proposal.warnings) - bookings - unfit,
    )


def most_affected_first(line: SubjectImpact) -> tuple[object, ...]:
    """The key by which lines are sorted."""
    return (-line.unfit, -line.bookings, -line.worse, -line.moved, -line.changed, line.subject)

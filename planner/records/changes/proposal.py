"""A change that has been worked out and not yet written, so that a person can see what it would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from planner.records.changes.moves import Move
from planner.records.errors import RecordsError
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.fold.folded import UnfitFact
from planner.records.people.named_sites import NamedSites
from planner.records.people.roles import Action
from planner.schedule.checks import Finding
from planner.schedule.rows import VisitRow

WarningKind = Literal["check", "window", "booking", "visit", "unfit", "rescreening"]


class RefusedError(RecordsError, ValueError):
    """A change that is not accepted; ``messages`` are all the reasons, each a sentence. Nothing was written."""

    def __init__(self, messages: tuple[str, ...]) -> None:
        """Keep all ``messages``."""
        super().__init__("\n".join(messages))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class ChangeWarning:
    """Something that a change would make worse: accepted, but to be seen before it is saved."""

    kind: WarningKind
    about: str
    """The check or the visit, by id; the fact that does not fit; the number screened before."""
    text: str
    """A sentence."""
    before: Finding | None = None
    """Of a check: what it says now, None where it says nothing of this pair, or a date is missing."""
    after: Finding | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be written about one subject, and what that would do; ``planner.records.changes.change.save`` writes it."""

    subject: SubjectKey
    last_seen: int
    """The number of the subject's last fact when this was worked out (0: none). Written only while it is still the last."""
    facts: tuple[NewFact, ...]
    as_of: date
    """The day, today at the site, that statuses are as of."""
    before: tuple[VisitRow, ...]
    """All visits in order, as they are; none before an enrolment."""
    after: tuple[VisitRow, ...]
    """All visits in order, as they would be; none where an enrolment is taken back."""
    moves: tuple[Move, ...]
    warnings: tuple[ChangeWarning, ...]
    unfit: tuple[UnfitFact, ...]
    """The facts that the subject's plan would not know: shown, no part of the dates."""
    needs: frozenset[tuple[Action, str]]
    """The rights (action, site) that saving takes, asked for once more then."""
    protocol_text: str = ""
    """A protocol file to be kept with it; "" for none."""
    sites: NamedSites = field(default_factory=NamedSites)
    """The sites that the facts name, as they were: written only while they have the same calendar and pattern."""

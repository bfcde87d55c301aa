"""Whose visits are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from planner.records.facts.fact import SubjectKey


@dataclass(frozen=True, slots=True)
class Scope:
    """Restrictions that all hold; None is none. No right is asked for: who asks has put into ``sites`` what may be read."""

    sites: frozenset[str] | None = None
    """Visits of a subject while it is at one of these; those it had there are off once it is elsewhere."""
    studies: frozenset[str] | None = None
    subjects: frozenset[SubjectKey] | None = None
    resource: str | None = None
    """Only visits that need this resource by their protocol, or are booked at it."""
    conditional: bool = False
    """Visits that hang on an open decision too."""

    def holds(self, subject: SubjectKey) -> bool:
        """Whether the subject is one of those asked for, wherever it is."""
        return (self.studies is None or subject.study in self.studies) and (self.subjects is None or subject in self.subjects)

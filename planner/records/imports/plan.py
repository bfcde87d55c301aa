"""What an import would do, row by row, and doing it: all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.fact import Act, Author, Fact
from planner.records.imports.rights import ImportRights
from planner.records.imports.rows import CellFault
from planner.records.people.named_sites import NamedSites, require_unchanged
from planner.records.people.readable import append_readably
from planner.records.people.rights import Role
from planner.records.people.settings import read_settings
from planner.records.pinned.contents import put_protocol


class RowState(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    RECORDED = "already recorded"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the file, and what becomes of it."""

    line: int
    subject: str
    """``STUDY/NUMBER``; "" where the row does not say it."""
    what: str
    """What would be written, or is recorded already: ``C3D1 done on 2026-04-17``."""
    state: RowState
    faults: tuple[CellFault, ...] = ()
    """Why it is refused."""


@dataclass(frozen=True, slots=True)
class SiteAct:
    """What would be written about one subject, and the site whose right that takes."""

    site: str
    act: Act


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The report of a file, and what it would write; nothing is written by making it."""

    rows: tuple[PlannedRow, ...]
    """By line."""
    acts: tuple[SiteAct, ...]
    """Empty where any row is refused."""
    protocol_text: str = ""
    """A protocol file that new subjects are pinned to, to be kept with them; "" for none."""
    sites: NamedSites = field(default_factory=NamedSites)
    """The sites at which subjects are enrolled, as they were: written only while they have the same calendar and pattern."""

    @property
    def counts(self) -> Mapping[RowState, int]:
        """How many rows are new, already recorded and refused."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in RowState}

    @property
    def faults(self) -> tuple[CellFault, ...]:
        """Why rows are refused, by place."""
        return tuple(sorted(fault for row in self.rows for fault in row.faults))


class ImportRefusedError(RecordsError, ValueError):
    """An import with refused rows: nothing was written. ``plan`` says which and why."""

    def __init__(self, plan: ImportPlan) -> None:
        """Keep the plan."""
        self.plan = plan
        first = plan.faults[0]
        rows = plan.counts[RowState.REFUSED]
        super().__init__(
            said(
                "{rows} of {count} rows cannot be imported, so nothing was written; line {line}, column {column}: {message}",
                rows=rows,
                count=len(plan.rows),
                line=first.line,
                column=first.column,
                message=first.message,
            )
        )


def carry_out(connection: Connection, caller: Caller, plan: ImportPlan) -> list[Fact]:
    """Write what ``plan`` would write; ``connection`` is that of a ``writing()``, which any exception must leave.

    Raises ImportRefusedError where a row is refused, ConflictError where somebody wrote about one of the subjects, or changed the calendar
    or pattern of a site that subjects are enrolled at, since the plan was made, and NotAllowedError where the caller may not do this at one
    of the sites (any more).
    """
    if plan.counts[RowState.REFUSED]:
        raise ImportRefusedError(plan)
    settings = read_settings(connection)
    rights = ImportRights(settings, caller)
    by_role: dict[Role, list[Act]] = {}
    for site_act in plan.acts:
        by_role.setdefault(rights.role(site_act.act.facts, site_act.site), []).append(site_act.act)
    require_unchanged(connection, settings, plan.sites)
    if plan.protocol_text:
        put_protocol(connection, plan.protocol_text)
    return [fact for role, acts in by_role.items() for fact in append_readably(connection, caller, acts, Author(caller.who, str(role)))]

"""How every command that reads somebody's calendar goes on: show what is found, propose, ask, save."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import CallWrong, InputWrong
from planner.commands.output import tell
from planner.commands.records.changing import How, saved, show_proposal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planner.exchange.outside.findings import Finding, Findings
    from planner.exchange.outside.proposing import RefusedSubject
    from planner.records.caller import Caller
    from planner.records.changes.proposal import Proposal
    from planner.records.store.database import Database

Yes = Annotated[
    bool,
    typer.Option(
        "--yes", help="Book what is proposed without asking; what goes back to an earlier date, or to a day that has passed, is left out."
    ),
]

_COUNTED: Mapping[str, str] = {
    "same": "as here",
    "moved": "moved",
    "cancelled": "cancelled there",
    "gone": "gone there",
    "settled": "settled here",
    "older": "old copies",
    "unreadable": "not read",
}


_MOST_TOLD = 50
"""Lines of one kind; of visits that are moved each is told."""


class Consent(Enum):
    """Who says that the bookings are to be written."""

    ASK = "the person at the terminal"
    GIVEN = "--yes"
    NONE = "--dry-run: nobody"


def consent_of(*, yes: bool, dry_run: bool) -> Consent:
    """What the options come to. Raises CallWrong where they contradict each other."""
    if yes and dry_run:
        raise CallWrong(["--yes books and --dry-run writes nothing; give only one of them"])
    return Consent.GIVEN if yes else Consent.NONE if dry_run else Consent.ASK


def carry_over(database: Database, who: Caller, source: str, look: Callable[[Connection], Findings], how: How, consent: Consent) -> None:
    """Show what ``look`` finds in a calendar (``source`` names it) and what would be booked, then book it if that is wanted.

    Raises InputWrong, once all else is done, where a subject was refused or an event of ours could not be read.
    """
    from planner.exchange.outside.proposing import proposals_of, save_each

    with database.reading() as connection:
        findings = look(connection)
        _tell_findings(source, findings)
        moved = _to_propose(connection, who, findings.of("moved"), consent)
        proposed = proposals_of(connection, who, moved, **how.why)
    for proposal in proposed.proposals:
        show_proposal(proposal)
    refused = list(proposed.refused)
    if proposed.proposals and _is_wanted(proposed.proposals, consent):
        for done in save_each(database, who, proposed.proposals):
            if isinstance(done, tuple):
                tell(saved(done))
            else:
                refused.append(done)
    elif consent is Consent.NONE:
        tell("Nothing was written (--dry-run).")
    _fail_for(source, refused, findings.of("unreadable"))


def _tell_findings(source: str, findings: Findings) -> None:
    parts = [f"{count} {_COUNTED[kind]}" for kind, count in findings.counts.items()]
    strangers = f"{findings.not_ours} not ours" if findings.not_ours else ""
    tell(f"{source}: {', '.join(filter(None, [*parts, strangers])) or 'no events'}.")
    if findings.not_ours and not findings.all:
        tell(
            "No event is of a visit that this account may read. If the calendar holds visits, they were written with another install key: "
            "see docs/calendar-files.md."
        )
    told: Counter[str] = Counter()
    for finding in findings.all:
        if finding.kind in ("same", "unreadable"):
            continue
        told[finding.kind] += 1
        if finding.kind == "moved" or told[finding.kind] <= _MOST_TOLD:
            tell(f"{_where(finding)}{finding.text}")
    for kind, count in told.items():
        if kind != "moved" and count > _MOST_TOLD:
            tell(f"and {count - _MOST_TOLD} more {_COUNTED[kind]}")


def _where(finding: Finding) -> str:
    return f"line {finding.line}: " if finding.line else ""


def _to_propose(connection: Connection, who: Caller, moved: Sequence[Finding], consent: Consent) -> list[Finding]:
    """Those to propose: with --yes nobody looks, and what goes back may be an old copy, what has passed a mistake."""
    from planner.exchange.outside.cautions import passed_in_words
    from planner.exchange.outside.proposing import passed_days

    if consent is not Consent.GIVEN:
        return list(moved)
    unanswered = "--yes does not answer for it"
    why_not = {finding.uid: f"{unanswered}: confirm it at a terminal, or book it by hand" for finding in moved if finding.returns}
    for finding in passed_days(connection, who, moved):
        mend = "record the visit as done if it took place, or confirm it at a terminal"
        why_not[finding.uid] = f"{passed_in_words(finding, who)}, and {unanswered}: {mend}"
    for finding in moved:
        if finding.uid in why_not:
            tell(f"{_where(finding)}{_named(finding)} is left out, since {why_not[finding.uid]}.")
    return [finding for finding in moved if finding.uid not in why_not]


def _named(finding: Finding) -> str:
    from planner.exchange.outside.times_in_words import visit_in_words

    assert finding.revision is not None, "what was moved is a visit"
    return visit_in_words(finding.revision)


def _is_wanted(proposals: Sequence[Proposal], consent: Consent) -> bool:
    if consent is not Consent.ASK:
        return consent is Consent.GIVEN
    count = sum(len(proposal.facts) for proposal in proposals)
    what = "this visit" if count == 1 else f"these {count} visits"
    if not sys.stdin.isatty():
        tell(f"Nothing was written: there is no terminal to ask at. To book {what}, give --yes.")
        return False
    sys.stdout.flush()
    if typer.confirm(f"Book {what}?", default=False, err=True):
        return True
    tell("Nothing was written.")
    return False


def _fail_for(source: str, refused: Sequence[RefusedSubject], unreadable: Sequence[Finding]) -> None:
    messages = [f"{source}:{f'{finding.line}:' if finding.line else ''} {finding.text}" for finding in unreadable]
    for one in refused:
        messages += [f"{one.subject} {', '.join(one.visits)}: {message}" for message in one.messages]
    if messages:
        closing = (
            f"Not booked: {_number(len(refused), 'subject')}. Not read: {_number(len(unreadable), 'event')}. All else is as said above."
        )
        raise InputWrong(messages, closing=closing)


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"

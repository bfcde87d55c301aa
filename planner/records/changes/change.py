"""Changing a subject's record with foresight: propose (see what it would do, or why it is refused), then save."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy import Connection

from planner.protocol.plan import Plan
from planner.protocol.said import said as worded
from planner.records.caller import Caller
from planner.records.changes import log_refusals, plan_refusals
from planner.records.changes.held_doses import given_in_holds, held_dose_warnings
from planner.records.changes.lost_visits import lost_warnings
from planner.records.changes.moves import moves_between
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.changes.standing import root_kind, standing_of
from planner.records.changes.view import SubjectView, view_of
from planner.records.changes.worsening import HeldUntil, WhyClosed, unfit_warnings, warnings_between
from planner.records.facts.chain import content_hash
from planner.records.facts.fact import Act, Author, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.sentences import sentence
from planner.records.fold.fact_table import fact_table
from planner.records.fold.subject_facts import NotEnrolledError, subject_state
from planner.records.people.named_sites import named_sites, require_unchanged
from planner.records.people.readable import append_readably, read_subject
from planner.records.people.rights import Action, Role, action_of, allowed_role
from planner.records.people.settings import Settings, read_settings
from planner.records.pinned.contents import PinnedContents, UnknownContentError, content_text, put_protocol
from planner.records.pinned.pinned import Pinned
from planner.records.store.append import ConflictError
from planner.schedule.calendar import CalendarError
from planner.schedule.closed_with import visit_closed_with
from planner.schedule.expand import NoOpenDayError
from planner.schedule.held_days import held_until
from planner.schedule.visit_ids import visit_id

__all__ = ["Proposal", "RefusedError", "propose", "save", "save_all"]

Needs = frozenset[tuple[Action, str]]


def propose(
    connection: Connection, caller: Caller, subject: SubjectKey, facts: Sequence[NewFact], last_seen: int | None = None
) -> Proposal:
    """What these facts would do to the subject's visits, checks and bookings; nothing is written.

    ``last_seen`` is the number of the last fact the caller looked at (None: whatever is there now). Raises UnknownSubjectError (also
    where the caller may not read it), ConflictError, NotAllowedError, and RefusedError with every reason why the facts are not accepted.
    """
    log = read_subject(connection, caller, subject).facts
    seen = len(log) if last_seen is None else last_seen
    if seen < len(log):
        raise ConflictError(subject, log[seen:])
    if seen > len(log):
        text = "{subject} has {count} facts, so number {number} cannot have been seen. Look at it again."
        raise RefusedError((worded(text, subject=str(subject), count=len(log), number=seen),))
    return worked_out(subject, log, facts, caller, read_settings(connection), PinnedContents(connection))


def worked_out(
    subject: SubjectKey, log: Sequence[Fact], facts: Sequence[NewFact], caller: Caller, settings: Settings, pinned: Pinned
) -> Proposal:
    """The proposal of ``facts`` after the subject's ``log`` (empty for an enrolment). Raises NotAllowedError and RefusedError."""
    if not facts:
        raise RefusedError((worded("There is nothing to write."),))
    new = _numbered(subject, log, facts, caller)
    before = _view_or_none(log, pinned, caller)
    here = before.state.site if before is not None else _last_site([*log, *new])
    needs = _needs(log, new, {here, *(said.item for said in facts if said.kind in (Kind.ENROLLED, Kind.SITE_TRANSFERRED))})
    require_rights(settings, caller, needs)
    today = caller.today(pinned.calendar(_last_calendar([*log, *new])).zone) if before is None else before.today
    _refuse_by_log(log, new, before, today)
    after = _after([*log, *new], pinned, caller, before, today)
    if after is not None and after.state.site != here:
        needs |= _needs(log, new, {after.state.site})
        require_rights(settings, caller, needs)
    _refuse_impossible(before, new, after)
    proposal = _proposal(subject, log, tuple(facts), before, after, needs, today)
    return replace(proposal, sites=named_sites(settings, facts))


def save(connection: Connection, caller: Caller, proposal: Proposal) -> list[Fact]:
    """Write a proposal; ``connection`` is that of a ``writing()``.

    Raises NotAllowedError, and ConflictError where somebody else wrote about the subject, or changed the calendar or pattern of a site that
    the facts name, since it was worked out.
    """
    return save_all(connection, caller, [proposal])


def save_all(connection: Connection, caller: Caller, proposals: Iterable[Proposal]) -> list[Fact]:
    """Write many proposals, all or none; ``connection`` is that of a ``writing()``. Raises as ``save`` does."""
    settings = read_settings(connection)
    by_role: dict[Role, list[Proposal]] = {}
    for proposal in proposals:
        by_role.setdefault(require_rights(settings, caller, proposal.needs), []).append(proposal)
        require_unchanged(connection, settings, proposal.sites)
    _keep_texts(connection, [proposal for group in by_role.values() for proposal in group])
    written: list[Fact] = []
    for role, group in by_role.items():
        acts = [Act(proposal.subject, proposal.last_seen, proposal.facts) for proposal in group]
        written += append_readably(connection, caller, acts, Author(caller.who, str(role)))
    return written


def require_rights(settings: Settings, caller: Caller, needs: Needs) -> Role:
    """The role that allows all of this: the greatest of those that each part takes. Raises NotAllowedError."""
    roles = [allowed_role(settings, caller.who, action, site) for action, site in sorted(needs)]
    return max(roles, key=list(Role).index)


def _keep_texts(connection: Connection, proposals: Sequence[Proposal]) -> None:
    for text in dict.fromkeys(proposal.protocol_text for proposal in proposals if proposal.protocol_text):
        # Reading a file again takes longer than all the rest of an enrolment.
        if not _is_kept(connection, content_hash(text)):
            put_protocol(connection, text)


def _is_kept(connection: Connection, content: str) -> bool:
    try:
        return bool(content_text(connection, content))
    except UnknownContentError:
        return False


def _numbered(subject: SubjectKey, log: Sequence[Fact], facts: Sequence[NewFact], caller: Caller) -> list[Fact]:
    """The new facts as they would stand in the log, without the proof."""
    number = log[-1].number if log else 0
    position = log[-1].position if log else 0
    return [
        Fact(position + place, subject, number + place, number + 1, said, caller.who, "", caller.now, "", "", "")
        for place, said in enumerate(facts, start=1)
    ]


def _view_or_none(facts: Sequence[Fact], pinned: Pinned, caller: Caller) -> SubjectView | None:
    """The view of these facts; None while no enrolment is in force."""
    try:
        return view_of(facts, pinned, caller) if facts else None
    except NotEnrolledError:
        return None


def _after(facts: Sequence[Fact], pinned: Pinned, caller: Caller, before: SubjectView | None, today: date) -> SubjectView | None:
    """What would follow; None where the enrolment is taken back. Raises RefusedError where the calendar has no days for it."""
    try:
        return _view_or_none(facts, pinned, caller)
    except (NoOpenDayError, CalendarError) as error:
        # An impossible date is named before the days that the calendar lacks for it.
        state = subject_state(fact_table(facts), pinned)
        faults = tuple(plan_refusals.fault_refusals(None if before is None else before.state, state, today))
        raise RefusedError(faults or (sentence(str(error)),)) from error


def _last_site(facts: Sequence[Fact]) -> str:
    return next(fact.said.item for fact in reversed(facts) if fact.kind is Kind.ENROLLED)


def _last_calendar(facts: Sequence[Fact]) -> str:
    return next(str(fact.said.details["calendar"]) for fact in reversed(facts) if fact.kind is Kind.ENROLLED)


def _needs(log: Sequence[Fact], new: Sequence[Fact], sites: set[str]) -> Needs:
    said = {fact.number: fact.said for fact in (*log, *new)}
    actions: set[Action] = set()
    for fact in new:
        if fact.kind is not Kind.UNDONE:
            actions.add(action_of(fact.kind))
        if fact.said.replaces is not None:
            actions.add(Action.CORRECT)
            if fact.said.replaces in said:
                actions.add(action_of(root_kind(said, fact.said.replaces)))
    return frozenset((action, site) for action in actions for site in sites)


def _refuse_by_log(log: Sequence[Fact], new: Sequence[Fact], before: SubjectView | None, today: date) -> None:
    known, refused, misplaced = list(log), list[str](), list[str]()
    for fact in new:
        refused += log_refusals.text_refusals(fact.said, today)
        refused += log_refusals.form_refusals(fact.said, today)
        misplaced += log_refusals.replacement_refusals(known, fact)
        refused += log_refusals.booking_refusals(known, fact)
        refused += log_refusals.hold_refusals(known, fact)
        refused += log_refusals.transfer_refusals(known, fact, today)
        known.append(fact)
    if not misplaced:
        # Where a fact replaces what it cannot, two in force would follow from that alone.
        refused += _doubles(log, new, before)
    if refused or misplaced:
        raise RefusedError(tuple(dict.fromkeys(refused + misplaced)))


def _doubles(log: Sequence[Fact], new: Sequence[Fact], before: SubjectView | None) -> Iterator[str]:
    repeatable = frozenset() if before is None else _repeatable(before.state.plan, before)
    known, after = standing_of(log), standing_of([*log, *new])
    yield from log_refusals.double_refusals(known, after, repeatable)
    yield from log_refusals.version_refusals([*log, *new], known, after)
    yield from log_refusals.enrolment_refusals(known, after)


def _repeatable(plan: Plan, view: SubjectView) -> frozenset[str]:
    """The visits that may be done again."""
    codes = view.schedule.cohort.parameters[:, 0].tolist()
    return frozenset(visit_id(plan, slot, codes) for slot in plan.slots if slot.redo)


def _refuse_impossible(before: SubjectView | None, new: Sequence[Fact], after: SubjectView | None) -> None:
    refused = [
        *plan_refusals.start_refusals(before, new),
        *plan_refusals.transfer_refusals(before, new),
        *plan_refusals.parameter_reason_refusals(before, new),
    ]
    if after is not None:
        refused += plan_refusals.unfit_refusals(new, after)
        refused += plan_refusals.identity_refusals(before, after)
        refused += plan_refusals.fault_refusals(None if before is None else before.state, after.state, after.today)
    if refused:
        raise RefusedError(tuple(dict.fromkeys(refused)))


def _proposal(
    subject: SubjectKey,
    log: Sequence[Fact],
    facts: tuple[NewFact, ...],
    before: SubjectView | None,
    after: SubjectView | None,
    needs: Needs,
    today: date,
) -> Proposal:
    rows_before, rows_after = (() if view is None else view.rows for view in (before, after))
    found_before, found_after = (() if view is None else view.findings for view in (before, after))
    unfit_before, unfit_after = (() if view is None else view.unfit for view in (before, after))
    held_before, held_after = (() if view is None else given_in_holds(view.schedule)[0] for view in (before, after))
    return Proposal(
        subject=subject,
        last_seen=len(log),
        facts=facts,
        as_of=today,
        before=rows_before,
        after=rows_after,
        moves=moves_between(rows_before, rows_after),
        warnings=(
            *held_dose_warnings(held_before, held_after),
            *lost_warnings(rows_before, rows_after, _kinds(log, facts)),
            *warnings_between(rows_before, rows_after, found_before, found_after, _why_closed(after), _held_until(after)),
            *unfit_warnings(unfit_before, unfit_after),
        ),
        unfit=unfit_after,
        needs=needs,
    )


def _kinds(log: Sequence[Fact], facts: Sequence[NewFact]) -> set[Kind]:
    """The kinds of the facts, or of what they take back."""
    known = {fact.number: fact.said for fact in log}
    return {root_kind(known, fact.replaces) if fact.kind is Kind.UNDONE and fact.replaces in known else fact.kind for fact in facts}


def _why_closed(after: SubjectView | None) -> WhyClosed:
    if after is None:
        return lambda _visit, _day: None
    return partial(visit_closed_with, after.schedule, 0)


def _held_until(after: SubjectView | None) -> HeldUntil:
    if after is None:
        return lambda _visit: None
    return partial(held_until, after.schedule, 0)

"""Moving subjects to another version of their protocol, with every visit before and after; done visits stay as they are."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.protocol.said_lists import enumerated
from planner.records.caller import Caller
from planner.records.changes.change import require_rights
from planner.records.changes.many_changes import Comparison, compared, proposal_of
from planner.records.changes.plan_refusals import other_visits
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.privacy import PrivacyError, require_no_identity
from planner.records.facts.reasons import ReasonError, require_reason
from planner.records.facts.sentences import sentence
from planner.records.fold.fact_columns import FactTable
from planner.records.fold.fact_table import read_fact_table
from planner.records.people.readable import sites_of
from planner.records.people.rights import Action, allowed_sites
from planner.records.people.settings import Settings, read_settings
from planner.records.pinned.plan_hash import plan_hash
from planner.records.pinned.unsaved import with_protocol
from planner.records.store.log import subject_keys

_MOST_NAMED = 8


def propose_amendment(
    connection: Connection,
    caller: Caller,
    protocol_text: str,
    file_name: str,
    subjects: Sequence[SubjectKey],
    parameters: Mapping[str, str] | None = None,
    reason: str = "protocol_amendment",
    note: str = "",
) -> tuple[Proposal, ...]:
    """What the protocol of this text would make of each of these subjects; ``change.save_all`` writes them together.

    Subjects whose compiled plan is the same already are left out. ``parameters`` are set for all of them with it, where the new version
    asks for some. Facts that no longer fit are in each proposal's ``unfit`` and warnings. Raises ProtocolErrors, NotAllowedError, and
    RefusedError: a file of another study, a subject that is unknown or that the caller may not read, a recorded visit that would become
    another (R10), or nothing to amend.
    """
    protocol_hash, plan, pinned = with_protocol(connection, protocol_text, file_name)
    ids = subject_keys(connection)
    table = read_fact_table(connection, [ids[subject] for subject in dict.fromkeys(subjects) if subject in ids])
    settings = read_settings(connection)
    site_of = _readable_sites(settings, caller, table)
    _refuse_subjects(plan, subjects, site_of)
    _refuse_texts(reason, note)
    facts = (
        NewFact(Kind.PROTOCOL_AMENDED, value=protocol_hash, details={"plan": plan_hash(plan)}, reason=reason, note=note),
        *(NewFact(Kind.PARAMETER_SET, item=name, value=value, reason=reason) for name, value in (parameters or {}).items()),
    )
    actions = [Action.AMEND, *([Action.SET_PARAMETER] if parameters else [])]
    require_rights(settings, caller, frozenset((action, site) for site in site_of.values() for action in actions))
    comparisons = compared(table, range(len(table.subjects)), facts, pinned, caller)
    _refuse_missing(table.subjects, comparisons)
    _refuse_unknown_parameters(comparisons, facts)
    _refuse_other_visits(comparisons)
    amended = [each for each in comparisons if parameters or not _has_plan(each, plan)]
    if not amended:
        raise RefusedError((said("Nothing needs amending: the file compiles to the plan that these subjects follow already."),))
    return tuple(replace(proposal_of(each, facts, actions), protocol_text=protocol_text) for each in amended)


def _has_plan(comparison: Comparison, plan: Plan) -> bool:
    return plan_hash(comparison.before.schedule.plan) == plan_hash(plan)


def _readable_sites(settings: Settings, caller: Caller, table: FactTable) -> dict[SubjectKey, str]:
    """The subjects of a table whom the caller may read, and where each is. Raises NotAllowedError where the caller may read nothing."""
    sites = allowed_sites(settings, caller.who, Action.READ)
    return {key: site for key, site in zip(table.subjects, sites_of(table), strict=True) if sites is None or site in sites}


def _refuse_subjects(plan: Plan, subjects: Sequence[SubjectKey], known: Container[SubjectKey]) -> None:
    if not subjects:
        raise RefusedError((said("No subject is chosen. Name those whose protocol is amended."),))
    others = [subject for subject in subjects if subject.study != plan.protocol.id]
    if others:
        text = "The file is a protocol of {study}, and {subjects} is of another study. Give its own file."
        raise RefusedError((said(text, study=plan.protocol.id, subjects=_named(others)),))
    unknown = [subject for subject in subjects if subject not in known]
    if unknown:
        raise RefusedError((said("There is no subject {subjects}. Check the number.", subjects=_named(unknown)),))


def _refuse_missing(subjects: Sequence[SubjectKey], comparisons: Sequence[Comparison]) -> None:
    found = {each.subject for each in comparisons}
    missing = [subject for subject in subjects if subject not in found]
    if missing:
        text = "The enrolment of {subjects} was taken back, so there is nothing to amend. Leave it out."
        raise RefusedError((said(text, subjects=_named(missing)),))


def _refuse_texts(reason: str, note: str) -> None:
    try:
        require_reason(reason, note)
        require_no_identity(note, said("the note"))
    except (ReasonError, PrivacyError) as error:
        raise RefusedError((str(error),)) from error


def _refuse_unknown_parameters(comparisons: Sequence[Comparison], facts: Sequence[NewFact]) -> None:
    """New facts that the new plan does not know."""
    refused = {
        sentence(unfit.why)
        for each in comparisons
        for unfit in each.after.unfit
        if each.revision < unfit.number <= each.revision + len(facts)
    }
    if refused:
        raise RefusedError(tuple(sorted(refused)))


def _refuse_other_visits(comparisons: Sequence[Comparison]) -> None:
    """Recorded visits that the new version would make others of (R10)."""
    refused = tuple(
        said("{subject}: {message}", subject=str(each.subject), message=message)
        for each in comparisons
        for message in other_visits(each.before.schedule, each.before.column, each.after.schedule, each.after.column)
    )
    if refused:
        raise RefusedError(refused)


def _named(subjects: Sequence[SubjectKey]) -> str:
    named, more = enumerated(map(str, subjects[:_MOST_NAMED])), len(subjects) - _MOST_NAMED
    return said("{subjects} and {count} more", subjects=named, count=more) if more > 0 else named

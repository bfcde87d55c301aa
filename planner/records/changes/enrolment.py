"""Enrolling a subject: the protocol file and the site's calendar are pinned, and the whole schedule is seen before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.changes.acts import calendar_of_site
from planner.records.changes.change import worked_out
from planner.records.changes.proposal import ChangeWarning, Proposal, RefusedError
from planner.records.changes.standing import standing_of
from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.privacy import PrivacyError, require_subject_number
from planner.records.facts.wording import in_words
from planner.records.people.readable import readable_subject
from planner.records.people.rights import Action, allowed_role, readable_settings
from planner.records.people.settings import Site
from planner.records.pinned.plan_hash import plan_hash
from planner.records.pinned.unsaved import with_protocol
from planner.records.store.log import last_number

_IN_USE = "{subject} is in use. A number is given once in a study; check it, or give the next free one."
_IN_USE_BY = "{subject} is in use: {fact}. A number is given once in a study; check it, or give the next free one."


def propose_enrolment(
    connection: Connection,
    caller: Caller,
    protocol_text: str,
    file_name: str,
    number: str,
    site: str,
    start: date,
    parameters: Mapping[str, str] | None = None,
    milestones: Mapping[str, date] | None = None,
    rescreen_of: str | None = None,
    note: str = "",
) -> Proposal:
    """The schedule that a new subject would have; ``planner.records.changes.change.save`` writes it, and keeps the protocol file.

    The study is the protocol's id. ``rescreen_of`` is the number under which the same person was screened before. ``file_name`` stands
    in what is wrong with the file. Raises ProtocolErrors, UnknownSiteError, NotAllowedError, and RefusedError: a number that is taken or
    does not match the site's pattern, and whatever the protocol refuses.
    """
    settings = readable_settings(connection, caller)
    allowed_role(settings, caller.who, Action.ENROL, settings.site(site).code)
    calendar_hash = calendar_of_site(settings, site)
    protocol_hash, plan, pinned = with_protocol(connection, protocol_text, file_name)
    subject = SubjectKey(plan.protocol.id, number)
    log, hidden = _log_of(connection, caller, subject)
    earlier = () if rescreen_of is None else _log_of(connection, caller, SubjectKey(subject.study, rescreen_of))[0]
    refused = [*_number_refusals(settings.site(site), subject, log, hidden), *_rescreening_refusals(subject, rescreen_of, earlier)]
    if refused:
        raise RefusedError(tuple(refused))
    details: dict[str, str | int] = {"plan": plan_hash(plan), "calendar": calendar_hash}
    if rescreen_of is not None:
        details["rescreen_of"] = rescreen_of
    facts = [
        NewFact(Kind.ENROLLED, item=site, day=start, value=protocol_hash, details=details, note=note),
        *(NewFact(Kind.PARAMETER_SET, item=name, value=value) for name, value in (parameters or {}).items()),
        *(NewFact(Kind.MILESTONE_SET, item=name, day=day) for name, day in (milestones or {}).items()),
    ]
    proposal = worked_out(subject, log, facts, caller, settings, pinned)
    warnings = (*_rescreening_warnings(rescreen_of, earlier), *proposal.warnings)
    return replace(proposal, protocol_text=protocol_text, warnings=warnings)


def _log_of(connection: Connection, caller: Caller, subject: SubjectKey) -> tuple[Sequence[Fact], bool]:
    """What the caller may read of a subject's log (nothing where there is none), and whether there is one that the caller may not read."""
    opened = readable_subject(connection, caller, subject)
    return (opened.facts, False) if opened is not None else ((), bool(last_number(connection, subject)))


def _number_refusals(site: Site, subject: SubjectKey, log: Sequence[Fact], hidden: bool) -> Iterator[str]:
    try:
        require_subject_number(subject.number, site.subject_pattern)
    except PrivacyError as error:
        yield str(error)
        return
    if hidden:
        yield said(_IN_USE, subject=str(subject))
    enrolled = next((fact for fact in standing_of(log).values() if fact.kind is Kind.ENROLLED), None)
    if enrolled is not None:
        yield said(_IN_USE_BY, subject=str(subject), fact=in_words(enrolled.said))


def _rescreening_refusals(subject: SubjectKey, rescreen_of: str | None, earlier: Sequence[Fact]) -> Iterator[str]:
    if rescreen_of is None:
        return
    if rescreen_of == subject.number:
        text = "{subject} cannot be screened again under the same number. Give a new number, and name the earlier one beside it."
        yield said(text, subject=str(subject))
    elif not any(fact.kind is Kind.ENROLLED for fact in standing_of(earlier).values()):
        text = "There is no subject {subject} that could have been screened before. Check the earlier number."
        yield said(text, subject=str(SubjectKey(subject.study, rescreen_of)))


def _rescreening_warnings(rescreen_of: str | None, earlier: Sequence[Fact]) -> Iterator[ChangeWarning]:
    if rescreen_of is None:
        return
    left = next((fact.said for fact in standing_of(earlier).values() if fact.kind is Kind.LEFT_STUDY), None)
    if left is None:
        text = said("{subject} is still in the study. Record the screen failure there, if that is what happened.", subject=rescreen_of)
    elif left.value != "screen_failure":
        text = said("{subject} is no screen failure but {fact}. Check the number.", subject=rescreen_of, fact=in_words(left))
    else:
        return
    yield ChangeWarning("rescreening", rescreen_of, text)

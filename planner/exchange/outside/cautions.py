"""What a person is told of a moved visit before it is booked, and what is refused of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from planner.exchange.outside.findings import Finding
from planner.exchange.outside.times_in_words import time_in_words
from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.changes.proposal import ChangeWarning
from planner.records.facts.fact import Fact
from planner.records.fold.fact_table import fact_table
from planner.records.fold.subject_facts import subject_state
from planner.records.pinned.pinned import Pinned
from planner.schedule.fact_faults import faults_of


def has_passed(finding: Finding, caller: Caller) -> bool:
    """Whether a visit was moved to a day before today at its site (R17)."""
    return finding.day is not None and finding.revision is not None and finding.day < caller.today(finding.revision.zone)


def passed_in_words(finding: Finding, caller: Caller) -> str:
    """``Wed 2026-04-01 has passed (today is 2026-04-02 at PEK)``."""
    assert finding.day is not None and finding.revision is not None, "what was moved has a day"
    day = time_in_words(finding.day, None, None)
    return said(
        "{day} has passed (today is {today} at {site})", day=day, today=caller.today(finding.revision.zone), site=finding.revision.site
    )


def cautions(finding: Finding, caller: Caller) -> Iterator[ChangeWarning]:
    """What speaks against a booking without forbidding it, a sentence each."""
    assert finding.revision is not None, "what was moved is a visit"
    visit = finding.revision.row.visit
    if has_passed(finding, caller):
        text = said(
            "{visit}: {passed}. If the visit took place then, record it as done instead of booking it.",
            visit=visit,
            passed=passed_in_words(finding, caller),
        )
        yield ChangeWarning("booking", visit, text)
    if finding.revision.row.status == "conditional":
        text = said("{visit} hangs on an open decision: whether it takes place at all is not known yet.", visit=visit)
        yield ChangeWarning("visit", visit, text)


def order_refusals(log: Sequence[Fact], pinned: Pinned, found: Sequence[Finding], caller: Caller) -> dict[str, str]:
    """Of one subject's moved visits those that would come on or before a recorded lower one of their series (R18): why, by visit.

    A visit could never be recorded as done on such a day. ``log`` holds all facts of the subject. Raises NotEnrolledError.
    """
    state = subject_state(fact_table(log), pinned)
    refused = dict[str, str]()
    for finding in found:
        assert finding.day is not None and finding.revision is not None, "what was moved has a day"
        visit = finding.revision.row.visit
        as_if_done = replace(state.facts, actual={**state.facts.actual, visit: finding.day})
        # By then the day has come, so that nothing but the order is at fault.
        then = max(finding.day, caller.today(finding.revision.zone))
        messages = [fault.message for fault in faults_of(state.plan, as_if_done, then) if fault.fact == f"actual.{visit}"]
        if messages:
            refused[visit] = said("{visit} cannot be booked: {why}.", visit=visit, why=messages[0])
    return refused

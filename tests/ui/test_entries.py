"""What is entered becomes facts, or a sentence about the entry."""

from datetime import date

import pytest

from planner.exchange.fact_texts import subject_id
from planner.protocol.library import load_protocol
from planner.ui.entries import PREVIEW_SUBJECT, EntryFaults, facts_entered

PROTOCOL = load_protocol("ulrrc")


def test_entries_become_facts() -> None:
    facts = facts_entered(
        {"start": "2026-03-02", "subject": "A-7_b", "set.cycles": "5", "milestone.CONSENT": "2026-02-20", "decide.management": "surgery"},
        PROTOCOL,
    )
    assert (facts.subject, facts.start) == ("A-7_b", date(2026, 3, 2))
    assert facts.parameters == {"cycles": "5"}
    assert facts.milestones == {"CONSENT": date(2026, 2, 20)}
    assert facts.decisions["management"].choice == "surgery"


def test_entries_of_another_protocol_are_left_alone() -> None:
    facts = facts_entered({"start": "2026-03-02", "set.cycles_before": "2", "decide.response": "cCR"}, PROTOCOL)
    assert facts.subject == PREVIEW_SUBJECT
    assert not facts.parameters
    assert not facts.decisions


@pytest.mark.parametrize("subject", ["Anna Li", "李", "=1+1", "-1", "a/b", "a" * 25, "4.2"])
@pytest.mark.parametrize("entry", ["subject", "study"])
def test_a_code_is_no_name(entry: str, subject: str) -> None:
    with pytest.raises(EntryFaults) as refused:
        facts_entered({"start": "2026-03-02", entry: subject}, PROTOCOL)
    (fault,) = refused.value.faults
    assert fault.entry == entry
    assert "letters, digits, dashes and underscores only" in fault.message


@pytest.mark.parametrize("subject", ["0042", "A-7_b", "a" * 24])
def test_a_subject_number_of_the_screen_can_stand_in_a_cohort_file(subject: str) -> None:
    assert facts_entered({"start": "2026-03-02", "subject": subject}, PROTOCOL).subject == subject_id(subject)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(EntryFaults) as refused:
        facts_entered({"start": "2/3/2026", "milestone.CONSENT": "2026-02-30", "subject": "a b"}, PROTOCOL)
    assert {fault.entry for fault in refused.value.faults} == {"start", "milestone.CONSENT", "subject"}

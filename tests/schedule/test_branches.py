"""Each open choice as a subject of its own (R11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from planner.protocol.model import Choice, Decision
from planner.schedule.branches import branch_facts
from planner.schedule.cohort_facts import checked_cohort
from planner.schedule.facts import DecisionMade, SubjectFacts
from planner.schedule.rows import VisitRow
from planner.schedule.visit_rows import subject_rows
from tests.cases import Case
from tests.cases.by_hand import protocol, start, visit, when
from tests.schedule.studies import AS_OF, by_visit, compiled, enrolled, expanded, plan_of
from tests.strategies import seeded_cases


def branches(name: str, **known: object) -> dict[str, dict[str, str]]:
    """The branches' names and what each has decided."""
    found = branch_facts(plan_of(name), enrolled(**known))
    return {facts.subject: {decision: made.choice for decision, made in facts.decisions.items()} for facts in found}


def test_the_branches_of_ulrrc() -> None:
    assert branches("ulrrc") == {f"S1/management={choice}": {"management": choice} for choice in ("surgery", "maintenance", "withdraw")}


def test_the_branches_of_crlm_bring_what_they_require() -> None:
    assert branches("crlm") == {
        "S1/management=watch_and_wait": {"response": "cCR", "management": "watch_and_wait"},
        "S1/management=maintenance": {"management": "maintenance"},
        "S1/management=discontinuation": {"response": "non-CR", "management": "discontinuation"},
    }


def test_a_recorded_response_leaves_out_what_it_forbids() -> None:
    assert list(branches("crlm", decisions={"response": DecisionMade("non-CR")})) == [
        "S1/management=maintenance",
        "S1/management=discontinuation",
    ]
    complete = branches("crlm", decisions={"response": DecisionMade("pCR", date(2026, 2, 1))})
    assert list(complete) == ["S1/management=watch_and_wait", "S1/management=maintenance"]
    assert complete["S1/management=watch_and_wait"]["response"] == "pCR"


def test_a_decision_on_record_has_no_branches() -> None:
    assert branches("ulrrc", decisions={"management": DecisionMade("surgery")}) == {}


def test_every_branch_is_accepted() -> None:
    for name in ("ulrrc", "crlm"):
        checked_cohort(plan_of(name), branch_facts(plan_of(name), enrolled()), AS_OF)


def test_a_decision_that_changes_nothing_has_no_branches() -> None:
    decisions = (
        Decision("idle", "", "B", (Choice("a", ""), Choice("b", ""))),
        Decision("real", "", "B", (Choice("c", ""), Choice("d", ""))),
    )
    plan = compiled(
        protocol(start(), visit("B", "C1D1 + 7d", kind="decision"), visit("V", "B + 7d", when=when("real", "c")), decisions=decisions)
    )
    assert [facts.subject for facts in branch_facts(plan, enrolled())] == ["S1/real=c", "S1/real=d"]


def test_what_each_branch_of_ulrrc_shows() -> None:
    plan = plan_of("ulrrc")
    schedule = expanded(plan, branch_facts(plan, enrolled()))
    surgery, maintenance, withdraw = ({row.visit for row in subject_rows(schedule, index)} for index in range(3))
    assert {"SURG", "POST30", "POST90"} <= surgery
    assert not any(name.startswith("M") and name != "MDT" for name in surgery | withdraw)
    assert {"M1", "M2", "M18"} <= maintenance
    assert not {"SURG", "POST30"} & (maintenance | withdraw)
    assert {"CONTRA", "MDT", "C4D1"} <= withdraw
    assert not {"C5D1", "FU1"} & withdraw or by_visit(schedule, 2)["FU1"].effective <= by_visit(schedule, 2)["MDT"].effective


def test_what_each_branch_of_crlm_shows() -> None:
    plan = plan_of("crlm")
    schedule = expanded(plan, branch_facts(plan, enrolled()))
    watch, maintenance, stop = ({row.visit for row in subject_rows(schedule, index)} for index in range(3))
    assert {f"WW{number}" for number in range(1, 15)} <= watch
    assert not any(name.startswith("FU") or name == "M1" for name in watch)
    assert {"M1", "FU1"} <= maintenance
    assert "WW1" not in maintenance
    assert "FU1" in stop
    assert not {"M1", "WW1"} & stop


@settings(max_examples=60)
@given(seeded_cases(subjects=1))
def test_branches_together_are_the_branches_one_by_one(case: Case) -> None:
    plan = compiled(case.protocol)
    facts = case.subjects[0]
    found = branch_facts(plan, facts)
    if not found:
        return
    together = expanded(plan, found, case.as_of, case.calendar)
    for index, branch in enumerate(found):
        assert rows(together, index) == rows(expanded(plan, branch, case.as_of, case.calendar), 0)
        assert same_but_decisions(branch, facts)
    undecided = {name for name in case.protocol.decisions if name not in facts.decisions}
    assert {branch.subject.rpartition("/")[2].partition("=")[0] for branch in found} <= undecided


def rows(schedule: object, index: int) -> list[VisitRow]:
    return subject_rows(schedule, index, all_visits=True)


def same_but_decisions(branch: SubjectFacts, facts: SubjectFacts) -> bool:
    """Nothing but the name and decisions not on record may differ."""
    kept = {name: made for name, made in branch.decisions.items() if name in facts.decisions}
    return replace(branch, subject=facts.subject, decisions=kept) == facts

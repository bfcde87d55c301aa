"""Explanations and refusals keep what they were made from, down to the last part, and so can be said in Chinese."""

from datetime import date
from itertools import product
from random import Random

import pytest

from planner.records.changes import acts
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.facts.wording import in_words
from planner.records.store.database import Database
from planner.schedule.explain import explanation
from planner.schedule.fact_faults import faults_of
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from planner.ui.language import in_language, speaking
from tests.cases import random_case
from tests.protocol.small_protocols import changed, errors_of
from tests.records.desk import FIRST_VECTOR, LATE, Desk
from tests.schedule.studies import STUDIES, by_visit, compiled, enrolled, expanded, plan_of, study
from tests.ui.catalogs import untranslated

SOON = date(2026, 3, 20)


@pytest.mark.parametrize("name", STUDIES)
def test_every_step_of_an_explanation(name: str) -> None:
    for seed in range(12):
        case = random_case(Random(seed), study(name), 1)
        schedule = expanded(compiled(case.protocol), case.subjects, case.as_of, case.calendar)
        for visit in by_visit(schedule):
            for step in explanation(schedule, 0, visit):
                assert not list(untranslated(step.text)), step


def test_an_explanation_in_chinese() -> None:
    steps = explanation(expanded("ulrrc", enrolled()), 0, "ASSESS")
    with speaking("zh-CN"):
        assert [in_language(step.text) for step in steps[:2]] == [
            "自 SBRT.last 起算（即 F5，计划日期为 2026年3月20日 周五），+42d = 2026年5月1日 周五。",
            "方案日期为 2026年5月1日 周五。",
        ]


def test_every_fault_of_a_subjects_facts() -> None:
    facts = SubjectFacts(
        "P001",
        date(2026, 3, 2),
        parameters={"regimen": "FOLFOXIRI", "nothing": "x"},
        milestones={"CONSENT": date(1900, 1, 1), "LAST_DOSE": SOON, "NONE": SOON},
        decisions={"management": DecisionMade("mantenance"), "none": DecisionMade("x")},
        actual={"C2D1": date(2026, 4, 1), "C9D1": SOON, "F2": date(2026, 3, 10), "F1": date(2026, 3, 12), "ICF": date(2026, 2, 1)},
        missed={"C1D1": "ill", "F1": "ill"},
        booked={"NOPE": Booking(SOON), "C3D1": Booking(date(2070, 1, 1))},
        omitted=frozenset({("C1D1", "NONE"), ("F1", "PD1")}),
        holds=(Hold(SOON, date(2026, 3, 1)), Hold(SOON, stream="none")),
        stops=(Stop(date(2070, 1, 1)),),
        unscheduled=(UnscheduledDose(date(2026, 6, 20), "pd1"),),
        end=End("died", date(2026, 6, 1)),
    )
    faults = faults_of(plan_of("ulrrc"), facts, SOON)
    assert len(faults) > 18
    for fault in faults:
        assert not list(untranslated(fault.message)), fault


BAD_ACTS: tuple[tuple[NewFact, ...], ...] = (
    acts.visit_done("C3D1", date(2026, 4, 22)),
    acts.visit_done("C2D1", date(2026, 3, 28)),
    acts.visit_done("C9D1", LATE),
    acts.visit_missed("SCR"),
    acts.visit_missed("SCR", reason="noshow"),
    acts.booking_released("C3D1"),
    acts.noted(""),
    acts.noted("call 138 1234 5678"),
    acts.noted("x" * 600),
    acts.decision_made("management", "mantenance"),
    acts.hold_started(LATE, "none", reason="toxicity"),
    acts.hold_started(LATE, resume=date(2026, 4, 1), reason="toxicity"),
    acts.start_moved(date(2026, 3, 3), reason="toxicity"),
    acts.parameter_set("cycles", "99", reason="toxicity"),
    acts.milestone_set("CONSENT", date(2026, 2, 21)),
    acts.unscheduled_visit(date(2026, 5, 1)),
    acts.deviation_classed("missed:NONE", "important"),
    (NewFact(Kind.UNDONE, replaces=99, reason="transcription_error"),),
    (NewFact(Kind.UNDONE, replaces=1, reason="transcription_error"),),
    (NewFact(Kind.VISIT_MISSED, item="C2D1", replaces=3),),
    (NewFact(Kind.BOOKED, item="C3D1", value="9:30"),),
    (NewFact(Kind.HOLD_ENDED, day=LATE, refers=2),),
    (NewFact(Kind.SITE_SET, item="PEK"),),
    (NewFact(Kind.HOLD_STARTED, day=LATE, value="pause", details={"of": "x"}, reason="toxicity"),),
)


def test_every_refusal_of_a_bad_act(database: Database) -> None:
    desk = Desk.opened(database)
    desk.enrol()
    desk.record_done(FIRST_VECTOR)
    for facts in BAD_ACTS:
        for message in desk.refused(facts):
            assert not list(untranslated(message)), message


def test_what_an_act_makes_worse(database: Database) -> None:
    desk = Desk.opened(database)
    desk.enrol()
    desk.record_done(FIRST_VECTOR)
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 8), "09:30"))
    warned = [
        warning
        for facts in (
            acts.visit_done("C3D1", LATE, reason="toxicity"),
            acts.visit_booked("C3D1", date(2026, 5, 2)),
            acts.hold_started(date(2026, 5, 1), resume=date(2026, 5, 20), reason="toxicity"),
            acts.parameter_set("cycles", "3", reason="toxicity"),
            acts.visit_missed("C3D1", reason="toxicity"),
        )
        for warning in desk.propose(facts).warnings
    ]
    assert len({warning.kind for warning in warned}) > 2
    for warning in warned:
        assert not list(untranslated(warning.text)), warning.text


def test_every_fact_in_words() -> None:
    for kind, value, until, replaces in product(Kind, ("", "shift", "died", "important", "09:30"), (None, SOON), (None, 3)):
        fact = NewFact(kind, item="C3D1", day=SOON, until_day=until, value=value, replaces=replaces)
        assert not list(untranslated(in_words(fact))), fact


def test_a_text_for_what_the_protocol_does_not_have_is_refused_in_chinese() -> None:
    (error,) = errors_of(changed("choices: {surgery: 手术}", "choices: {surgry: 手术}"))
    assert not list(untranslated(error.message))
    with speaking("zh-CN"):
        assert "选项" in in_language(error.message)

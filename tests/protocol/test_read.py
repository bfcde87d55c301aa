"""A file that is right is read as what it says."""

from __future__ import annotations

import time

import pytest

from planner.protocol.durations import Duration
from planner.protocol.errors import ProtocolErrors
from planner.protocol.model import (
    NOMINAL_DAY_ONLY,
    AccompaniedReference,
    ActivityUse,
    AgeCheck,
    BetweenCheck,
    DoseReference,
    FirstMemberReference,
    IntervalCheck,
    LateCheck,
    Milestone,
    MilestoneReference,
    Numbering,
    Offset,
    OpenAlso,
    OrderCheck,
    Parameter,
    ParameterDuration,
    PreviousReference,
    Protocol,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    Requirement,
    SeriesReference,
    SinceCheck,
    Step,
    Term,
    VisitReference,
    Window,
)
from planner.protocol.read import read_protocol
from tests.protocol.small_protocols import SMALL, changed


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return read_protocol(SMALL)


def visit(protocol: Protocol, definition: str):
    return next(found for found in protocol.visits if found.id == definition)


def test_head_and_parameters(protocol: Protocol) -> None:
    assert (protocol.id, protocol.version, protocol.title, protocol.registry) == ("small", "1.10", "A small study", None)
    assert protocol.parameters["cycles"] == Parameter("cycles", "cycles", ("3", "4", "5", "6"), "4", is_range=True)
    maintenance = protocol.parameters["maintenance"]
    assert (maintenance.values[0], maintenance.values[-1], maintenance.default, maintenance.unit) == ("1mo", "24mo", "12mo", "mo")
    assert protocol.parameters["regimen"].attributes["CAPOX"] == {"cycle": "21d", "pump": "no", "pd1": "with_cycle"}
    assert protocol.parameters["follow_up"].values == ("short", "long")
    birth_year = protocol.parameters["birth_year"]
    assert (birth_year.default, birth_year.optional, len(birth_year.values)) == (None, True, 201)


def test_milestones_and_a_named_reference(protocol: Protocol) -> None:
    last_dose = DoseReference(("chemotherapy", "pd1", "maintenance"), "last")
    assert protocol.milestones["CONSENT"] == Milestone("CONSENT", "Informed consent signed")
    assert protocol.milestones["LAST_DOSE"] == Milestone("LAST_DOSE", "LAST_DOSE", reference=last_dose)
    assert visit(protocol, "CONTRA").first.anchor == (Term(last_dose, Offset(Duration(months=6)), "LAST_DOSE"),)


def test_decisions(protocol: Protocol) -> None:
    choices = {choice.name: choice for choice in protocol.decisions["management"].choices}
    assert protocol.decisions["management"].visit == "MDT"
    assert choices["surgery"].requires == {"response": ("good",)}
    assert (choices["maintenance"].label, choices["withdraw"].ends) == ("Maintenance", "everything")


def test_a_single_visit(protocol: Protocol) -> None:
    lab = visit(protocol, "LAB")
    assert lab.first is lab.then
    assert lab.first.anchor == (Term(VisitReference("C1D1"), Offset(Duration(days=7), -1), "C1D1"),)
    assert lab.first.window == Window(Duration(days=-15), Duration(), "anchor")
    assert lab.first.not_before[0].reference == MilestoneReference("CONSENT")
    assert (lab.first.name, lab.first.epoch, lab.first.kind, lab.first.on, lab.first.roll) == (
        "LAB",
        "Screening",
        "clinic",
        "clinic",
        "nearest",
    )
    assert lab.first.redo
    assert lab.first.source == {"visit": "stated", "window": "assumed"}
    assert lab.line == SMALL[: SMALL.index("id: LAB")].count("\n") + 1


def test_the_start_and_a_visit_on_a_milestone(protocol: Protocol) -> None:
    start, consent = visit(protocol, "C1D1").first, visit(protocol, "ICF").first
    assert (start.start, start.anchor, start.window, start.roll) == (True, (), NOMINAL_DAY_ONLY, "next")
    assert start.open_also == (OpenAlso((Requirement("parameter", "regimen", "pump", ("yes",)),), 2),)
    assert (consent.is_milestone, consent.anchor, consent.source["anchor"]) == ("CONSENT", (), "stated")


def test_a_series_with_first_and_then(protocol: Protocol) -> None:
    cycles = visit(protocol, "C{n}D1")
    assert (cycles.series, cycles.repeat) == ("CHEMO", RepeatTimes("cycles", Numbering(2)))
    assert cycles.first.anchor == (Term(SeriesReference("SBRT", "last"), Offset(Duration(days=7)), "SBRT.last"),)
    assert cycles.then.anchor == (Term(PreviousReference(), Offset(ParameterDuration("regimen", "cycle")), "previous"),)
    assert cycles.then.window == Window(Duration(days=-3), Duration(days=3))
    assert cycles.then.activities[2] == ActivityUse("PD1", (Requirement("parameter", "regimen", "pd1", ("with_cycle",)),))
    assert cycles.then.minutes == 240
    assert visit(protocol, "F{n}").then.window == Window(Duration(working_days=0), Duration(working_days=1))


def test_a_companion(protocol: Protocol) -> None:
    companion = visit(protocol, "C{n}D3")
    assert (companion.like, companion.repeat, companion.first is companion.then) == (("C1D1", "CHEMO"), None, True)
    assert companion.first.anchor == (Term(AccompaniedReference(), Offset(Duration(days=2)), "C{n}D1"),)


def test_series_that_run_until(protocol: Protocol) -> None:
    pd1, maintenance = visit(protocol, "PD1-{n}"), visit(protocol, "M{n}")
    assert pd1.repeat == RepeatUntil(Term(SeriesReference("CHEMO", "last"), Offset(Duration()), "CHEMO.last"), 12, Numbering())
    assert pd1.first.anchor[0].reference == VisitReference("C2D1")
    assert pd1.then.not_before == (Term(DoseReference(("pd1",), "previous"), Offset(Duration(days=18)), "any(pd1).previous"),)
    assert (pd1.then.with_series, pd1.then.activities[1]) == ("CHEMO", ActivityUse("EXAM", (), 2))
    assert isinstance(maintenance.repeat, RepeatUntil)
    assert maintenance.repeat.until == Term(FirstMemberReference(), Offset(ParameterDuration("maintenance", None)), "first")
    assert [term.text for term in maintenance.first.anchor] == ["MDT", "any(chemotherapy, pd1).last"]
    assert maintenance.first.when == (Requirement("decision", "management", None, ("maintenance",)),)


def test_steps(protocol: Protocol) -> None:
    long_only = (Requirement("parameter", "follow_up", None, ("long",)),)
    steps = (Step(8, Duration(months=3)), Step(6, Duration(months=6), long_only))
    follow_up = visit(protocol, "FU{n}")
    assert follow_up.repeat == RepeatEvery(steps, Numbering())
    assert (follow_up.series, follow_up.first is follow_up.then, follow_up.first.epoch) == (None, True, "Follow-up")
    assert visit(protocol, "CONTRA").first.on == "any"


def test_checks(protocol: Protocol) -> None:
    order, interval, gap, doses, late, since, age = protocol.checks
    assert isinstance(order, OrderCheck)
    assert (order.before, order.then, order.label) == (MilestoneReference("CONSENT"), None, "CONSENT not after any procedure")
    assert isinstance(interval, IntervalCheck)
    assert (interval.bound, interval.duration, interval.end_text) == ("more_than", Duration(months=6), "SBRT.first")
    assert isinstance(gap, BetweenCheck)
    assert (gap.series, gap.doses, gap.bound) == ("SBRT", (), "at_most")
    assert isinstance(doses, BetweenCheck)
    assert (doses.series, doses.doses) == (None, ("pd1",))
    assert isinstance(late, LateCheck)
    assert late.duration == Duration(days=28)
    assert isinstance(since, SinceCheck)
    assert since.duration == Duration(days=84)
    assert isinstance(age, AgeCheck)
    assert (age.parameter, age.lowest, age.highest) == ("birth_year", 18, 75)


def test_a_translation(protocol: Protocol) -> None:
    chinese = protocol.languages["zh-CN"]
    assert (chinese.title, chinese.epochs["Screening"], chinese.visits["C{n}D1"]) == ("一项小型研究", "筛选期", "第{n}周期")
    assert chinese.activities["CHEMO"] == {"label": "化疗", "bring": "用药清单"}
    assert (chinese.decisions["management"], chinese.choices["management"]) == ("处理", {"surgery": "手术"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            '"latest of [MDT + 21d, any(chemotherapy, pd1).last + regimen.cycle]"',
            '{latest of: [MDT + 21d, "any(chemotherapy, pd1).last + regimen.cycle"]}',
        ),
        ("not_before: any(pd1).previous + 18d", 'not_before: ["any(pd1).previous + 18d"]'),
        ("follow_up: {choices: [short, long], default: short}", "follow_up: {choices: {short: , long: {}}, default: short}"),
        ("response: {at: MDT, choices: [good, poor]}", "response: {at: MDT, choices: {good: good, poor: {}}}"),
        ("like: [C1D1, CHEMO]", "like:\n      - C1D1\n      - CHEMO"),
        ("when: {management: surgery}", "when: {management: [surgery]}"),
        ("at: SBRT.last + 8w", "at: SBRT.last   +8w"),
        ("\n", "\r\n"),
        ("protocol: small", "\ufeffprotocol: small"),
    ],
)
def test_forms_that_say_the_same(old: str, new: str, protocol: Protocol) -> None:
    other = read_protocol(SMALL.replace(old, new))
    assert [(found.id, found.repeat, found.like, found.first, found.then) for found in other.visits] == [
        (found.id, found.repeat, found.like, found.first, found.then) for found in protocol.visits
    ]
    assert other.parameters == protocol.parameters


def test_words_that_other_readers_take_for_something_else() -> None:
    text = changed("follow_up: {choices: [short, long], default: short}", "follow_up: {choices: [on, no, 1:30, 010, long], default: on}")
    assert read_protocol(text).parameters["follow_up"].values == ("on", "no", "1:30", "010", "long")


def test_a_series_may_number_on_from_another_and_begin_with_the_start() -> None:
    text = """\
protocol: p
version: 1
title: t
parameters:
  before: {range: 1..3, default: 1}
activities: {CHEMO: {dose: chemotherapy}}
visits:
  - id: C{n}D1
    series: PRE
    repeat: {times: before}
    at: previous + 21d
    window: -3d/+3d
    first: {start: true}
    activities: [CHEMO]
    source: assumed
  - {id: "C{n}D1", series: POST, repeat: {after: PRE, times: 2}, first: {at: PRE.last + 28d}, then: {at: previous + 21d}, source: assumed}
  - {id: LATER, at: C4D1 + 7d, source: assumed}
  - {id: "C{n}D3", like: [PRE, POST], at: "C{n}D1 + 2d", source: assumed}
"""
    protocol = read_protocol(text)
    assert (protocol.visits[0].first.start, protocol.visits[0].first.window, protocol.visits[0].then.start) == (
        True,
        NOMINAL_DAY_ONLY,
        False,
    )
    assert protocol.visits[1].repeat == RepeatTimes(2, Numbering(1, "PRE"))
    with pytest.raises(ProtocolErrors, match="no-such-member: there is no `C6D1`"):
        read_protocol(text.replace("C4D1", "C6D1"))


def test_a_range_of_values_in_a_condition() -> None:
    text = changed("when: {management: surgery}", "when: {management: surgery, cycles: 4..6}")
    found = visit(read_protocol(text), "SURG").first.when[1]
    assert found == Requirement("parameter", "cycles", None, ("4", "5", "6"))


def test_reading_is_fast() -> None:
    best = min(_seconds_to_read() for _ in range(5))
    assert best < 0.1


def _seconds_to_read() -> float:
    begun = time.perf_counter()
    read_protocol(SMALL)
    return time.perf_counter() - begun

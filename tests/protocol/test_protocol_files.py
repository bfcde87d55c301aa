"""The two protocol files say what the studies' rows say, and claim no more than their sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from planner.protocol.durations import Duration
from planner.protocol.library import load_protocol
from planner.protocol.model import (
    ActivityUse,
    AgeCheck,
    BetweenCheck,
    Check,
    Condition,
    IntervalCheck,
    LateCheck,
    Offset,
    OrderCheck,
    ParameterDuration,
    Protocol,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    SinceCheck,
    Source,
    Term,
    VisitDefinition,
    VisitShape,
)
from planner.protocol.warnings import protocol_warnings

PROJECT = Path(__file__).resolve().parents[2]
STUDIES = ("ulrrc", "crlm")
PARTS = ("visit", "anchor", "offset", "window", "repeat", "activities", "when")
MARK: dict[Source, str] = {"stated": "S", "registry": "R", "assumed": "A"}


class Row(NamedTuple):
    """One row of a study: a visit, or the first (``first``) or the other (``then``) members of a series.

    ``source`` holds one mark for each of PARTS: S stated, R registry, A assumed, - where the visit has no such part.
    """

    visit: str
    member: str
    anchor: str
    window: str
    not_before: str
    repeat: str
    activities: str
    when: str
    source: str


ULRRC = [
    Row("ICF", "", "is CONSENT", "0d/0d", "", "", "CONSENT_FORM", "", "SS---S-"),
    Row(
        "SCR",
        "",
        "C1D1 - 14d",
        "within -28d..-1d",
        "CONSENT",
        "",
        "EXAM HISTORY MMR PROOF PELVIC_MRI CT BOARD IO MARK QOL COAG VIRUS",
        "",
        "SAAA-A-",
    ),
    Row("LAB", "", "C1D1 - 7d", "within -15d..0d redo", "CONSENT", "", "LABS", "", "SSAS-S-"),
    Row("PREG", "", "C1D1 - 3d", "within -7d..0d redo", "CONSENT", "", "PREGTEST", "when childbearing=yes", "AAAA-AA"),
    Row("C1D1", "", "start", "0d/0d", "", "", "EXAM SAFE CHEMO PD1", "", "SS---A-"),
    Row("SIM", "", "C1D1 + 7d", "-3d/4d", "", "", "SIMULATION", "", "AAAA-A-"),
    Row("F{n}", "first", "C1D1 + 14d", "-7d/0d", "SIM + 3d", "5 from 1", "FRACTION IGRT", "", "SSAARA-"),
    Row("F{n}", "then", "previous + 1wd", "0wd/1wd", "", "5 from 1", "FRACTION IGRT", "", "SRRARA-"),
    Row("CHEMO", "first", "SBRT.last + 7d", "0d/7d", "", "cycles from 2", "EXAM SAFE CHEMO PD1", "", "SSAASA-"),
    Row(
        "CHEMO",
        "then",
        "previous + regimen.cycle",
        "-3d/3d",
        "",
        "cycles from 2",
        "EXAM SAFE CHEMO PD1[regimen.pd1=with_cycle]",
        "",
        "SRRASA-",
    ),
    Row("C{n}D3", "", "C{n}D1 + 2d", "0d/1d", "", "like C1D1 CHEMO", "PUMP_OFF", "when regimen.pump=yes", "AAAA-AA"),
    Row(
        "PD1-{n}",
        "first",
        "C2D1 + 21d",
        "-3d/3d with CHEMO",
        "any(pd1).previous + 18d",
        "until CHEMO.last from 1",
        "PD1 IO/2",
        "when regimen.pd1=own_clock",
        "RRRARAR",
    ),
    Row(
        "PD1-{n}",
        "then",
        "previous + 21d",
        "-3d/3d with CHEMO",
        "any(pd1).previous + 18d",
        "until CHEMO.last from 1",
        "PD1 IO/2",
        "when regimen.pd1=own_clock",
        "RRRARAR",
    ),
    Row("ASSESS", "", "SBRT.last + 42d", "-14d/14d", "", "", "PELVIC_MRI CT MARK QOL", "", "SSSR-A-"),
    Row("MDT", "", "SBRT.last + 56d", "-14d/14d", "ASSESS", "", "BOARD", "", "SRRR-A-"),
    Row(
        "SURG",
        "",
        "any(chemotherapy, pd1).last + 35d",
        "-7d/7d",
        "MDT",
        "",
        "PREOP SURGERY",
        "when management=surgery",
        "SAAA-AS",
    ),
    Row("POST30", "", "SURG + 30d", "-7d/7d", "", "", "COMPLICATIONS PATHOLOGY", "when management=surgery", "AAAA-AA"),
    Row("POST90", "", "SURG + 90d", "-7d/7d", "", "", "COMPLICATIONS PATHOLOGY", "when management=surgery", "AAAA-AA"),
    Row(
        "M{n}",
        "first",
        "latest of [MDT + 21d, any(chemotherapy, pd1).last + 21d]",
        "-3d/3d",
        "",
        "until first + maintenance_months from 1",
        "EXAM SAFE IO MAINT_DRUG",
        "when management=maintenance",
        "SAAAAAS",
    ),
    Row(
        "M{n}",
        "then",
        "previous + 21d",
        "-3d/3d",
        "",
        "until first + maintenance_months from 1",
        "EXAM SAFE IO MAINT_DRUG",
        "when management=maintenance",
        "SAAAAAS",
    ),
    Row("SFU30", "", "LAST_DOSE + 30d", "-7d/7d", "", "", "EXAM SAFE ADVERSE", "", "AAAA-A-"),
    Row("SFU90", "", "LAST_DOSE + 90d", "-7d/7d", "", "", "EXAM SAFE ADVERSE", "", "AAAA-A-"),
    Row(
        "FU{n}",
        "",
        "SBRT.last",
        "-14d/14d",
        "",
        "every 8 x 3mo, 6 x 6mo[follow_up_months=60] from 1",
        "EXAM SAFE MARK MRI_CT QOL",
        "",
        "SASAAA-",
    ),
    Row("CONTRA", "", "LAST_DOSE + 6mo", "0d/0d", "", "", "CONTRACEPTION", "when contraception=yes", "SSSS-SS"),
]

ENDED = "ends_when management=watch_and_wait|discontinuation"
CRLM = [
    Row("ICF", "", "is CONSENT", "0d/0d", "", "", "CONSENT_FORM", "", "RR---R-"),
    Row(
        "SCR",
        "",
        "C1D1 - 14d",
        "within -28d..-1d",
        "CONSENT",
        "",
        "EXAM MMR LIVER_MRI CT IO MARK QOL BOARD_ELIGIBILITY",
        "",
        "SAAA-A-",
    ),
    Row("LAB", "", "C1D1 - 7d", "within -15d..0d redo", "CONSENT", "", "SAFE COAG PREGTEST", "", "AAAA-A-"),
    Row("PRE", "first", "start", "0d/0d", "", "cycles_before from 1", "EXAM SAFE CHEMO PD1", "", "SS--AA-"),
    Row(
        "PRE",
        "then",
        "previous + regimen.cycle",
        "-3d/3d",
        "",
        "cycles_before from 1",
        "EXAM SAFE CHEMO PD1[regimen.pd1=with_cycle]",
        "",
        "AAAAAA-",
    ),
    Row(
        "PD1B-{n}",
        "first",
        "C1D1 + 21d",
        "-3d/3d",
        "",
        "until PRE.last from 1",
        "PD1",
        "when regimen.pd1=own_clock",
        "AAAAAAA",
    ),
    Row(
        "PD1B-{n}",
        "then",
        "previous + 21d",
        "-3d/3d",
        "",
        "until PRE.last from 1",
        "PD1",
        "when regimen.pd1=own_clock",
        "AAAAAAA",
    ),
    Row("SIM", "", "PRE.last + 4d", "-4d/3d", "", "", "SIMULATION", "", "AAAA-A-"),
    Row("F{n}", "first", "PRE.last + 14d", "0d/7d", "SIM + 7d", "5 from 1", "FRACTION IGRT", "", "SSAASA-"),
    Row("F{n}", "then", "previous + 2d", "0d/2d", "", "5 from 1", "FRACTION IGRT", "", "SAAASA-"),
    Row(
        "CHEMO",
        "first",
        "SBRT.last + 14d",
        "-7d/7d",
        "",
        "cycles_after after PRE",
        "EXAM SAFE CHEMO PD1",
        ENDED,
        "SSAAAAA",
    ),
    Row(
        "CHEMO",
        "then",
        "previous + regimen.cycle",
        "-3d/3d",
        "",
        "cycles_after after PRE",
        "EXAM SAFE CHEMO PD1[regimen.pd1=with_cycle]",
        ENDED,
        "AAAAAAA",
    ),
    Row("C{n}D3", "", "C{n}D1 + 2d", "0d/1d", "", "like PRE CHEMO", "PUMP_OFF", "when regimen.pump=yes", "AAAA-AA"),
    Row(
        "PD1-{n}",
        "first",
        "CHEMO.first + 21d",
        "-3d/3d with CHEMO",
        "any(pd1).previous + 18d",
        "until CHEMO.last from 1",
        "PD1",
        "when regimen.pd1=own_clock " + ENDED,
        "AAAAAAA",
    ),
    Row(
        "PD1-{n}",
        "then",
        "previous + 21d",
        "-3d/3d with CHEMO",
        "any(pd1).previous + 18d",
        "until CHEMO.last from 1",
        "PD1",
        "when regimen.pd1=own_clock " + ENDED,
        "AAAAAAA",
    ),
    Row(
        "ASSESS",
        "",
        "SBRT.last + 56d",
        "-14d/14d",
        "",
        "",
        "IMAGING[assessment=imaging|both] BIOPSY[assessment=biopsy|both] MARK QOL",
        "",
        "SSSS-A-",
    ),
    Row("MDT", "", "ASSESS + 7d", "-7d/7d", "", "", "BOARD", "", "SAAA-S-"),
    Row(
        "WW{n}",
        "",
        "MDT",
        "-14d/14d",
        "",
        "every 8 x 3mo, 6 x 6mo from 1",
        "EXAM MARK LIVER_MRI CT",
        "when management=watch_and_wait",
        "SAAAAAS",
    ),
    Row(
        "M{n}",
        "first",
        "latest of [MDT + regimen.cycle, any(chemotherapy, pd1).last + regimen.cycle]",
        "-3d/3d",
        "",
        "until first + maintenance_months from 1",
        "EXAM SAFE MAINT_DRUG",
        "when management=maintenance",
        "SAAAAAS",
    ),
    Row(
        "M{n}",
        "then",
        "previous + regimen.cycle",
        "-3d/3d",
        "",
        "until first + maintenance_months from 1",
        "EXAM SAFE MAINT_DRUG",
        "when management=maintenance",
        "SAAAAAS",
    ),
    Row("SFU30", "", "LAST_DOSE + 30d", "-7d/7d", "", "", "EXAM SAFE ADVERSE", "", "AAAA-A-"),
    Row("SFU90", "", "LAST_DOSE + 90d", "-7d/7d", "", "", "EXAM SAFE ADVERSE", "", "AAAA-A-"),
    Row(
        "FU{n}",
        "",
        "SBRT.last + 3mo * n",
        "-14d/14d",
        "",
        "8 from 1",
        "EXAM MARK IMAGING SURVIVAL",
        "unless management=watch_and_wait",
        "AAAAAAA",
    ),
    Row("Y{n}", "", "C1D1 + 12mo * n", "-30d/30d", "", "2 from 1", "STATUS", "", "SASASA-"),
]
ROWS = {"ulrrc": ULRRC, "crlm": CRLM}

CHECKS = {
    "ulrrc": {
        "consent-first": "CONSENT before any procedure",
        "lab-valid": "LAB to C1D1 at_most 15d",
        "lab-order": "LAB before C1D1",
        "prior-rt-gap": "PRIOR_RT_END to SBRT.first more_than 6mo",
        "age": "birth_year at CONSENT 18..75",
        "sbrt-span": "SBRT.first to SBRT.last at_most 14d",
        "sbrt-gap": "between SBRT at_most 4d",
        "pd1-gap": "between any(pd1) at_least 18d",
        "cycle-late": "late CHEMO 28d",
        "pd1-lapse": "since any(pd1) 84d",
    },
    "crlm": {
        "consent-first": "CONSENT before any procedure",
        "lab-valid": "LAB to C1D1 at_most 15d",
        "lab-order": "LAB before C1D1",
        "sbrt-span": "SBRT.first to SBRT.last at_most 14d",
        "sbrt-gap": "between SBRT at_most 4d",
        "pd1-gap": "between any(pd1) at_least 18d",
        "cycle-late-before": "late PRE 28d",
        "cycle-late": "late CHEMO 28d",
        "pd1-lapse": "since any(pd1) 84d",
    },
}


@pytest.fixture(scope="module", params=STUDIES)
def protocol(request: pytest.FixtureRequest) -> Protocol:
    return load_protocol(request.param)


# --- a visit written as a row -------------------------------------------------------------------------------


def _offset_text(offset: Offset) -> str:
    duration = offset.duration
    if isinstance(duration, ParameterDuration):
        amount = duration.parameter if duration.attribute is None else f"{duration.parameter}.{duration.attribute}"
    elif duration in (Duration(), Duration(working_days=0)):
        return ""
    else:
        amount = str(duration)
    return f" {'+' if offset.sign > 0 else '-'} {amount}" + (" * n" if offset.times_number else "")


def _term_text(term: Term) -> str:
    return term.text + _offset_text(term.offset)


def _anchor_text(shape: VisitShape) -> str:
    if shape.start:
        return "start"
    if shape.is_milestone is not None:
        return f"is {shape.is_milestone}"
    terms = [_term_text(term) for term in shape.anchor]
    return terms[0] if len(terms) == 1 else f"latest of [{', '.join(terms)}]"


def _window_text(shape: VisitShape) -> str:
    window = shape.window
    text = f"within {window.earliest}..{window.latest}" if window.counted_from == "anchor" else f"{window.earliest}/{window.latest}"
    return text + (" redo" if shape.redo else "") + (f" with {shape.with_series}" if shape.with_series else "")


def _condition_text(condition: Condition) -> str:
    return " ".join(
        (need.name if need.attribute is None else f"{need.name}.{need.attribute}") + "=" + "|".join(need.allowed) for need in condition
    )


def _conditions_text(shape: VisitShape) -> str:
    named = (("when", shape.when), ("unless", shape.unless), ("ends_when", shape.ends_when))
    return " ".join(f"{name} {_condition_text(condition)}" for name, condition in named if condition)


def _use_text(use: ActivityUse) -> str:
    text = use.activity + (f"[{_condition_text(use.condition)}]" if use.condition else "")
    return text + (f"/{use.every}" if use.every > 1 else "")


def _repeat_text(definition: VisitDefinition) -> str:
    if definition.like:
        return "like " + " ".join(definition.like)
    match definition.repeat:
        case None:
            return ""
        case RepeatTimes(times, numbering):
            text = str(times)
        case RepeatUntil(until, _, numbering):
            text = "until " + _term_text(until)
        case RepeatEvery(steps, numbering):
            text = "every " + ", ".join(
                f"{step.count} x {step.duration}" + (f"[{_condition_text(step.condition)}]" if step.condition else "") for step in steps
            )
    return text + (f" after {numbering.after}" if numbering.after else f" from {numbering.start}")


def _parts(definition: VisitDefinition, shape: VisitShape) -> set[str]:
    """Which parts the visit has, so that a source is owed for each of them."""
    parts = {"visit", "anchor"}
    if not shape.start and shape.is_milestone is None:
        parts |= {"offset", "window"}
    if definition.repeat is not None:
        parts.add("repeat")
    if shape.activities:
        parts.add("activities")
    if shape.when or shape.unless or shape.ends_when:
        parts.add("when")
    return parts


def _source_text(definition: VisitDefinition, shape: VisitShape) -> str:
    parts = _parts(definition, shape)
    return "".join(MARK[shape.source[part]] if part in parts else "-" for part in PARTS)


def _row(definition: VisitDefinition, shape: VisitShape, name: str, member: str) -> Row:
    return Row(
        name,
        member,
        _anchor_text(shape),
        _window_text(shape),
        ", ".join(_term_text(term) for term in shape.not_before),
        _repeat_text(definition),
        " ".join(_use_text(use) for use in shape.activities),
        _conditions_text(shape),
        _source_text(definition, shape),
    )


def _rows_of_file(protocol: Protocol) -> list[Row]:
    ids = [definition.id for definition in protocol.visits]
    rows = []
    for definition in protocol.visits:
        cycle = definition.id == "C{n}D1" or ids.count(definition.id) > 1
        name = definition.series if cycle and definition.series else definition.id
        if definition.first == definition.then:
            rows.append(_row(definition, definition.first, name, ""))
        else:
            rows.append(_row(definition, definition.first, name, "first"))
            rows.append(_row(definition, definition.then, name, "then"))
    return rows


def _shapes(protocol: Protocol) -> Iterator[tuple[VisitDefinition, VisitShape]]:
    for definition in protocol.visits:
        yield definition, definition.first
        yield definition, definition.then


def _check_text(check: Check) -> str:
    match check:
        case OrderCheck():
            return f"{check.before_text} before {check.then_text}"
        case IntervalCheck():
            return f"{check.start_text} to {check.end_text} {check.bound} {check.duration}"
        case BetweenCheck():
            among = check.series or f"any({', '.join(check.doses)})"
            return f"between {among} {check.bound} {check.duration}"
        case LateCheck():
            return f"late {check.series} {check.duration}"
        case SinceCheck():
            return f"since any({', '.join(check.doses)}) {check.duration}"
        case AgeCheck():
            return f"{check.parameter} at {check.at_text} {check.lowest}..{check.highest}"


# --- the rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("study", "row"),
    [(study, row) for study in STUDIES for row in ROWS[study]],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, Row) else value,
)
def test_each_row_of_the_study_is_in_its_file(study: str, row: Row) -> None:
    protocol = load_protocol(study)
    rows = {(found.visit, found.member): found for found in _rows_of_file(protocol)}
    assert rows.get((row.visit, row.member)) == row


def test_the_file_holds_no_row_beyond_the_study(protocol: Protocol) -> None:
    expected = [(row.visit, row.member) for row in ROWS[protocol.id]]
    assert [(row.visit, row.member) for row in _rows_of_file(protocol)] == expected


def test_nothing_in_the_files_will_hurt_later(protocol: Protocol) -> None:
    assert protocol_warnings(protocol) == ()


def test_parameters_have_the_values_of_the_study(protocol: Protocol) -> None:
    parameters = {name: (parameter.values[0], parameter.values[-1], parameter.default) for name, parameter in protocol.parameters.items()}
    months = ("1mo", "24mo", "12mo")
    expected = {
        "ulrrc": {
            "regimen": ("CAPOX", "FOLFOXIRI", "CAPOX"),
            "cycles": ("3", "6", "4"),
            "maintenance_months": months,
            "childbearing": ("yes", "no", "no"),
            "contraception": ("yes", "no", "yes"),
            "follow_up_months": ("24", "60", "24"),
            "birth_year": ("1900", "2100", None),
        },
        "crlm": {
            "regimen": ("mFOLFOX6", "CAPOX", "mFOLFOX6"),
            "cycles_before": ("1", "6", "1"),
            "cycles_after": ("3", "6", "4"),
            "assessment": ("imaging", "both", "imaging"),
            "maintenance_months": months,
        },
    }
    assert parameters == expected[protocol.id]


def test_a_regimen_of_14_days_has_a_pump_and_its_own_pd1_clock(protocol: Protocol) -> None:
    for name, values in protocol.parameters["regimen"].attributes.items():
        expected = ("21d", "no", "with_cycle") if name == "CAPOX" else ("14d", "yes", "own_clock")
        assert (values["cycle"], values["pump"], values["pd1"]) == expected, name


def test_cycle_days_need_an_open_day_for_the_pump(protocol: Protocol) -> None:
    cycles = [shape for definition, shape in _shapes(protocol) if definition.id in ("C1D1", "C{n}D1")]
    assert cycles
    for shape in cycles:
        assert [(_condition_text(rule.condition), rule.days) for rule in shape.open_also] == [("regimen.pump=yes", 2)]


def test_visits_that_give_a_dose_look_later_first(protocol: Protocol) -> None:
    for definition, shape in _shapes(protocol):
        gives = any(protocol.activities[use.activity].dose for use in shape.activities)
        assert shape.roll == ("next" if gives else "nearest"), definition.id


KINDS = {"SIM": "imaging", "ASSESS": "imaging", "MDT": "decision", "CONTRA": "reminder", "Y{n}": "phone"}
TREATMENT = {"C1D1", "C{n}D1", "C{n}D3", "PD1-{n}", "PD1B-{n}", "F{n}", "SURG", "M{n}"}


def test_kinds_of_visits(protocol: Protocol) -> None:
    for definition, shape in _shapes(protocol):
        expected = "treatment" if definition.id in TREATMENT else KINDS.get(definition.id, "clinic")
        assert shape.kind == expected, definition.id


def test_only_radiotherapy_needs_the_linac(protocol: Protocol) -> None:
    assert {definition.id for definition, shape in _shapes(protocol) if shape.on == "linac"} == {"F{n}"}


def test_maintenance_is_a_dose_of_its_own(protocol: Protocol) -> None:
    """It counts from the last chemotherapy or PD-1 dose, so it must give neither, or it would count from itself."""
    doses = {activity.id: activity.dose for activity in protocol.activities.values() if activity.dose}
    expected = {"CHEMO": "chemotherapy", "PD1": "pd1", "FRACTION": "radiotherapy", "MAINT_DRUG": "maintenance"}
    assert doses == expected | ({"SURGERY": "surgery"} if protocol.id == "ulrrc" else {})


def test_decisions_have_the_branches_of_the_study(protocol: Protocol) -> None:
    choices = {
        (decision.name, choice.name): (dict(choice.requires), choice.ends)
        for decision in protocol.decisions.values()
        for choice in decision.choices
    }
    assert {decision.visit for decision in protocol.decisions.values()} == {"MDT"}
    expected: dict[str, dict[tuple[str, str], tuple[dict[str, tuple[str, ...]], str | None]]] = {
        "ulrrc": {
            ("management", "surgery"): ({}, None),
            ("management", "maintenance"): ({}, None),
            ("management", "withdraw"): ({}, "everything"),
        },
        "crlm": {
            ("response", "cCR"): ({}, None),
            ("response", "pCR"): ({}, None),
            ("response", "non-CR"): ({}, None),
            ("management", "watch_and_wait"): ({"response": ("cCR", "pCR")}, None),
            ("management", "maintenance"): ({}, None),
            ("management", "discontinuation"): ({"response": ("non-CR",)}, "treatment"),
        },
    }
    assert choices == expected[protocol.id]


def test_checks_are_those_of_the_study(protocol: Protocol) -> None:
    assert {check.id: _check_text(check) for check in protocol.checks} == CHECKS[protocol.id]
    assert all(check.label and check.label != check.id for check in protocol.checks)


# --- sources ------------------------------------------------------------------------------------------------


def test_what_is_not_stated_says_why(protocol: Protocol) -> None:
    for definition, shape in _shapes(protocol):
        marks = set(_source_text(definition, shape)) - {"-"}
        assert marks == {"S"} or shape.rationale, definition.id
        if "A" in marks:
            assert re.search(r"assumption|taken (over|to)", shape.rationale or ""), definition.id
        if "R" in marks:
            assert re.search(r"registry|abstract", shape.rationale or ""), definition.id


def test_no_rationale_calls_an_assumption_stated(protocol: Protocol) -> None:
    for definition, shape in _shapes(protocol):
        if "S" not in _source_text(definition, shape):
            assert "stated" not in (shape.rationale or ""), definition.id


def test_texts_for_patients_do_not_speak_for_the_study(protocol: Protocol) -> None:
    chinese = protocol.languages["zh-CN"].activities
    texts = [text for activity in protocol.activities.values() for text in (activity.prepare, activity.bring) if text]
    texts += [text for entry in chinese.values() for key, text in entry.items() if key != "label"]
    claims = re.compile(r"protocol|the study (says|requires|asks)|方案(规定|要求)|研究(规定|要求)", re.IGNORECASE)
    assert [text for text in texts if claims.search(text)] == []


# --- Chinese ------------------------------------------------------------------------------------------------

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_everything_that_is_shown_has_a_chinese_text(protocol: Protocol) -> None:
    chinese = protocol.languages["zh-CN"]
    assert CHINESE.search(chinese.title or "")
    assert set(chinese.epochs) == {shape.epoch for _, shape in _shapes(protocol) if shape.epoch}
    assert set(chinese.visits) == {definition.id for definition in protocol.visits}
    assert set(chinese.parameters) == set(protocol.parameters)
    assert set(chinese.milestones) == set(protocol.milestones)
    assert set(chinese.decisions) == set(protocol.decisions)
    assert set(chinese.checks) == {check.id for check in protocol.checks}
    for group in (chinese.epochs, chinese.visits, chinese.parameters, chinese.milestones, chinese.decisions, chinese.checks):
        assert [key for key, text in group.items() if not CHINESE.search(text)] == []


def test_each_text_of_an_activity_has_a_chinese_one(protocol: Protocol) -> None:
    chinese = protocol.languages["zh-CN"].activities
    assert set(chinese) == set(protocol.activities)
    for activity in protocol.activities.values():
        english = {key for key in ("label", "prepare", "bring") if getattr(activity, key)}
        assert set(chinese[activity.id]) == english, activity.id
        assert all(CHINESE.search(text) for key, text in chinese[activity.id].items()), activity.id


def test_each_choice_has_a_chinese_label(protocol: Protocol) -> None:
    chinese = protocol.languages["zh-CN"].choices
    for decision in protocol.decisions.values():
        assert set(chinese[decision.name]) == {choice.name for choice in decision.choices}
    for name, parameter in protocol.parameters.items():
        words = {value for value in parameter.values if re.fullmatch(r"[a-z]+", value)}
        assert words <= set(chinese.get(name, {})), name


def test_numbers_of_series_stay_in_the_chinese_names(protocol: Protocol) -> None:
    chinese = protocol.languages["zh-CN"].visits
    for definition in protocol.visits:
        assert ("{n}" in chinese[definition.id]) == ("{n}" in definition.first.name), definition.id


# --- the page -----------------------------------------------------------------------------------------------


PAGE_ROW = re.compile(r"`(?P<id>[^`]+)`(?: \((?P<series>\w+)\))?(?: (?:first|then))?")


def _rows_of_page(study: str) -> list[tuple[str, str, str]]:
    """Visit, source and rationale of each row of a study's table in docs/studies.md."""
    page = (PROJECT / "docs" / "studies.md").read_text(encoding="utf-8")
    section = page.split(f"\n## `{study}`", 1)[1].split("\n## ", 1)[0]
    rows = []
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        match = PAGE_ROW.fullmatch(cells[0])
        if match is not None:
            source = "".join(cell or "-" for cell in cells[3 : 3 + len(PARTS)])
            rows.append((match["series"] or match["id"], source, cells[-1]))
    return rows


def test_the_page_on_the_studies_says_what_the_files_say(protocol: Protocol) -> None:
    expected = {
        ((definition.series if definition.id == "C{n}D1" else definition.id), _source_text(definition, shape), shape.rationale or "")
        for definition, shape in _shapes(protocol)
    }
    assert set(_rows_of_page(protocol.id)) == expected


def test_the_page_names_every_visit(protocol: Protocol) -> None:
    page = (PROJECT / "docs" / "studies.md").read_text(encoding="utf-8")
    assert [definition.id for definition in protocol.visits if f"`{definition.id}`" not in page] == []

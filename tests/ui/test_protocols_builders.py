"""What the page Protocols is made of: words, marks of origin, files as they are loaded, the impact of an amendment."""

from dataclasses import replace

import pytest

from planner.exchange.activity_matrix import activity_matrix
from planner.exchange.prints.study import study_print
from planner.protocol.compile import compile_plan
from planner.protocol.durations import Duration
from planner.protocol.errors import CODES
from planner.protocol.located_yaml import MOST_BYTES
from planner.protocol.read import read_protocol
from planner.records.caller import Caller
from planner.records.changes.proposal import RefusedError
from planner.records.facts.fact import SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.lists.site_schedules import schedules
from planner.records.store.database import open_database
from planner.ui.language import length_in_words, speaking
from planner.ui.protocols.difference_words import part_words, text_difference
from planner.ui.protocols.file_view import fault_lines
from planner.ui.protocols.impact import chosen_subjects, impact_of
from planner.ui.protocols.impact_html import impact_html, summary_sentences
from planner.ui.protocols.matrix_html import matrix_html
from planner.ui.protocols.rule_words import (
    anchor_words,
    check_words,
    not_before_words,
    repeat_words,
    when_words,
    window_words,
)
from planner.ui.protocols.source_marks import marked, origins, parts_with, rows_of
from planner.ui.protocols.versions import OWN, Shelf, loaded, version_of
from planner.ui.reasons import Why
from tests.records.amendments import TEXTS, amended_texts
from tests.ui.clock import MOMENT

LONGER_CYCLES = TEXTS["ulrrc"].replace("CAPOX: {cycle: 21d,", "CAPOX: {cycle: 28d,").replace('version: "1.0"', 'version: "2.0"')
NURSE = Caller("nurse1", MOMENT)
PROTOCOL = read_protocol(TEXTS["ulrrc"])
VISITS = {visit.id: visit for visit in PROTOCOL.visits}


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (Duration(days=1), "1 day"),
        (Duration(days=-14), "14 days"),
        (Duration(days=42), "6 weeks"),
        (Duration(months=3), "3 months"),
        (Duration(months=24), "2 years"),
        (Duration(months=1, days=3), "1 month and 3 days"),
        (Duration(working_days=2), "2 open days"),
        (Duration(), "0 days"),
    ],
)
def test_lengths_are_said(length: Duration, said: str) -> None:
    assert length_in_words(length) == said


def test_rules_are_said_in_words() -> None:
    assert anchor_words(PROTOCOL, VISITS["ASSESS"].first) == "6 weeks after SBRT.last"
    assert anchor_words(PROTOCOL, VISITS["LAB"].first) == "7 days before C1D1"
    assert anchor_words(PROTOCOL, VISITS["C1D1"].first) == "the start of the study, as given"
    assert anchor_words(PROTOCOL, VISITS["C{n}D1"].then) == "cycle of Chemotherapy after previous"
    assert anchor_words(PROTOCOL, VISITS["M{n}"].first).startswith("the latest of: 3 weeks after MDT; ")
    assert window_words(VISITS["SIM"].first) == "3 days earlier to 4 days later"
    assert window_words(VISITS["F{n}"].first) == "7 days earlier to the day itself"
    assert window_words(VISITS["LAB"].first) == "15 days earlier to the day itself, counted from C1D1"
    assert window_words(VISITS["CONTRA"].first) == "that day only"
    assert repeat_words(PROTOCOL, VISITS["F{n}"]) == "5 times"
    assert repeat_words(PROTOCOL, VISITS["C{n}D1"]) == "as often as “Cycles after SBRT” says"
    assert repeat_words(PROTOCOL, VISITS["PD1-{n}"]) == "until the day of CHEMO.last, at most 12 times"
    assert repeat_words(PROTOCOL, VISITS["FU{n}"]).startswith("8 times every 3 months; 6 times every 6 months (Months of follow-up = 60)")
    assert repeat_words(PROTOCOL, VISITS["C{n}D3"]) == "with each visit of C1D1, CHEMO"
    assert not_before_words(PROTOCOL, VISITS["F{n}"].first) == "not before: 3 days after SIM"
    assert not_before_words(PROTOCOL, VISITS["ASSESS"].first) == ""
    assert when_words(PROTOCOL, VISITS["SURG"].first) == "only if Management after the tumour board = Surgery"
    assert when_words(PROTOCOL, VISITS["C{n}D3"].first) == "only if Chemotherapy (pump) = yes"
    said = {check.id: check_words(check) for check in PROTOCOL.checks}
    assert said["lab-valid"] == "from LAB to C1D1: at most 15 days"
    assert said["consent-first"] == "CONSENT is not after any procedure"
    assert said["age"] == "age at CONSENT: 18 to 75 years"


@pytest.mark.parametrize("study", list(TEXTS))
def test_everything_is_said_in_chinese_too(study: str) -> None:
    protocol = read_protocol(TEXTS[study])
    with speaking("zh-CN"):
        for row in rows_of(protocol):
            said = (anchor_words(protocol, row.shape), window_words(row.shape), repeat_words(protocol, row.visit))
            assert not any(word in " ".join(said) for word in (" after ", " before ", "earlier", "later", "times", "until"))
        assert all(" days" not in check_words(check) for check in protocol.checks)


def test_an_assumption_never_looks_stated() -> None:
    rows = {(row.visit.id, row.which): row for row in rows_of(PROTOCOL)}
    assert set(origins(rows["SIM", ""]).values()) == {"assumed"}
    assert origins(rows["CONTRA", ""]) == {
        "visit": "stated",
        "anchor": "stated",
        "offset": "stated",
        "activities": "stated",
        "when": "stated",
    }
    assert origins(rows["F{n}", "later"])["anchor"] == "registry"
    assert parts_with(rows["ASSESS", ""], "assumed") == ["activities"]
    assert parts_with(rows["ASSESS", ""], "registry") == ["window"]
    assert marked("6 weeks", "assumed") == "6 weeks [⚠ assumed]" and marked("6 weeks", "stated") == "6 weeks"
    none_given = replace(rows["CONTRA", ""].shape, source={"visit": "stated"})
    assert "condition" in parts_with(replace(rows["CONTRA", ""], shape=none_given), "")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("study", list(TEXTS))
def test_every_column_of_the_matrix_says_its_origin(study: str, language: str) -> None:
    protocol = read_protocol(TEXTS[study])
    with speaking(language):  # type: ignore[arg-type]
        html = matrix_html(study_print(protocol, language), protocol)  # type: ignore[arg-type]
    columns = len(activity_matrix(protocol).columns)
    assert html.count('<span class="origin">') == columns
    assert html.count("✕") == sum(bool(mark) for column in activity_matrix(protocol).columns for mark in column.marks)
    for number in range(1, len(study_print(protocol, "en").conditions) + 1):
        assert f"<sup>{number}</sup>" in html


def test_markup_in_a_file_stays_text() -> None:
    protocol = read_protocol(
        TEXTS["ulrrc"].replace("label: Medical history", 'label: "<script>alert(1)</script>"').replace("name: Screening", 'name: "<b>S"')
    )
    html = matrix_html(study_print(protocol, "en"), protocol)
    assert "<script" not in html and "<b>S" not in html
    assert "&lt;script&gt;" in html


# --- files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\0\0", "not-text"),
        (b"\xff\xfeh\0", "not-text"),
        (b"protocol: \xe9", "not-text"),
        (b"#" * (MOST_BYTES + 1), "too-large"),
    ],
)
def test_a_file_that_is_no_protocol_is_refused_in_a_sentence(data: bytes, code: str) -> None:
    file = loaded("x.pdf", data)
    version = version_of(Shelf((), (), file), OWN, None)
    assert version.plan is None
    assert [error.code for error in version.errors] == [code]
    assert fault_lines(version.errors, version.text, CODES)[0][2].endswith(".")


def test_all_errors_have_their_place_and_line() -> None:
    broken = TEXTS["ulrrc"].replace("at: SBRT.last + 6w", "at: SBRT.lsat + 6w").replace("window: -3d/+4d", "window: -3d/4")
    version = version_of(Shelf((), (), loaded("mine.yaml", broken.encode())), OWN, None)
    lines = fault_lines(version.errors, version.text, CODES)
    assert len(lines) == 2
    for line, column, what, written, kind in lines:
        assert written in broken.splitlines()[int(line) - 1]
        assert int(column) > 1 and what.endswith((".", "?")) and ": " in kind
    with speaking("zh-CN"):
        chinese = fault_lines(version.errors, version.text, CODES)
    assert all(new[2] != old[2] and new[4] != old[4] for new, old in zip(chinese, lines, strict=True))


def test_names_of_files_are_short_and_one_line() -> None:
    assert loaded("a\nb" + "c" * 100, b"x: 1").name == "a b" + "c" * 57


def test_texts_are_compared_within_bounds() -> None:
    assert text_difference("a\nb\n", "a\nc\n", ("x", "y")) == ("--- x\n+++ y\n@@ -1,2 +1,2 @@\n a\n-b\n+c", 0)
    assert text_difference("a", "a", ("x", "y")) == ("", 0)
    shown, more = text_difference("", "\n".join(map(str, range(1_000))), ("x", "y"))
    assert len(shown.splitlines()) == 400 and more == 603
    assert text_difference("a\n" * 30_000, "b", ("x", "y")) == ("", 0)
    assert part_words("later window") == "later members: window"
    assert part_words("value CAPOX") == "choice CAPOX"
    assert part_words("visits C1D1") == "visits C1D1"


# --- amending --------------------------------------------------------------------------------------------------


def test_the_impact_is_that_of_the_records(demo_database_url: str) -> None:
    database = open_database(demo_database_url)
    plan = compile_plan(read_protocol(LONGER_CYCLES))
    done: list[int] = []
    with database.reading() as connection:
        found = schedules(connection, NURSE)
        chosen = chosen_subjects(found, plan, None, "", [])
        assert len(chosen.keys) == 40 and (chosen.there_already, chosen.elsewhere) == (0, 0)
        assert {key.study for key in chosen.keys} == {"ulrrc"}
        assert chosen_subjects(found, compile_plan(PROTOCOL), None, "", []).there_already == 40
        at_one = chosen_subjects(found, plan, frozenset({"BEI"}), "", [])
        assert len(at_one.keys) + at_one.elsewhere == 40 and at_one.elsewhere > 0
        assert chosen_subjects(found, plan, None, "", ["BEI-030"]).keys == (SubjectKey("ulrrc", "BEI-030"),)
        with pytest.raises(RefusedError, match="There is no subject NOBODY-1"):
            chosen_subjects(found, plan, None, "", ["BEI-030", "NOBODY-1"])
        impact = impact_of(connection, NURSE, LONGER_CYCLES, "x.yaml", chosen.keys, Why("protocol_amendment"), done.append)
    database.close()
    assert done == [40]
    assert len(impact.lines) == len(impact.proposals) == 40
    assert all(not proposal.before and proposal.facts[0].kind is Kind.PROTOCOL_AMENDED for proposal in impact.proposals)
    weights = [(line.unfit, line.bookings, line.worse, line.moved) for line in impact.lines]
    assert weights == sorted(weights, reverse=True)
    assert summary_sentences(impact)[0] == "40 subjects would follow this file."
    html = impact_html(impact.lines)
    assert html.count('data-choose="show"') == 40


def test_all_reasons_against_it_are_told_at_once(demo_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.ui.protocols.impact.AT_ONCE", 3)
    database = open_database(demo_database_url)
    text = amended_texts("crlm")[1]
    with database.reading() as connection:
        keys = chosen_subjects(schedules(connection, NURSE), compile_plan(read_protocol(text)), None, "", []).keys
        with pytest.raises(RefusedError) as refused:
            impact_of(connection, NURSE, text, "x.yaml", keys, Why("protocol_amendment"), lambda done: None)
    database.close()
    assert len({message.partition(":")[0] for message in refused.value.messages}) > 3

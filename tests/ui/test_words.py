"""How things are said."""

from dataclasses import replace
from datetime import date

import pytest

from planner.protocol.library import load_protocol
from planner.protocol.model import Requirement
from planner.ui.language import speaking
from planner.ui.start_days_html import start_days_html
from planner.ui.text_table import text_table
from planner.ui.timeline_points import labels
from planner.ui.words import condition_words, sentence, span, status_words, unformatted
from tests.ui.worked_example import preview


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 4, 14), date(2026, 4, 20), "14 to 20 April"),
        (date(2026, 3, 27), date(2026, 4, 3), "27 March to 3 April"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 December 2026 to 2 January 2027"),
    ],
)
def test_a_window(first: date, last: date, words: str) -> None:
    assert span(first, last) == words


def test_statuses() -> None:
    words = {row.visit: status_words(row) for row in preview(on="2026-03-03").all_rows}
    assert words["SURG"] == "depends on a decision"
    assert words["C1D1"] == "overdue"
    assert words["SIM"] == "waits for an earlier visit"
    assert words["ICF"] == "done"


def test_what_a_person_typed_is_no_markdown() -> None:
    assert unformatted("![x](y) *b* $c$ <d> {e}") == r"!\[x\](y) \*b\* \$c\$ \<d\> \{e\}"
    assert unformatted(":red[x] ::leaf :::box &lt;") == r"\:red\[x\] \:\:leaf \:\:\:box \&lt;"
    assert unformatted("C3D1: 09:30 R&D, 3.5; a.b -5 x-y 2) (1.") == "C3D1: 09:30 R&D, 3.5; a.b -5 x-y 2) (1."


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://a.b", (r"https\:", "//a.b")),
        ("HTTP://a.b", (r"HTTP\:", "//a.b")),
        ("www.a.b", ("www", ".a.b")),
        ("x@y.z", (r"x\@", "y.z")),
        (":smile:", (r"\:", "smile:")),
        (":material/home:", (r"\:", "material/home:")),
        ("a -> b", (r"a \-", r"\> b")),
        ("a -- b", (r"a \-", "- b")),
        ("a >= b", (r"a \>", "= b")),
    ],
)
def test_what_is_looked_for_without_backslashes_is_put_apart(text: str, parts: tuple[str, str]) -> None:
    assert unformatted(text) == ":small[]".join(parts)


@pytest.mark.parametrize(
    ("text", "said"), [("1. x", r"1\. x"), ("- x", r"\- x"), ("a\n+ b", "a\n\\+ b"), ("a\n===", "a\n\\==="), ("      x = 1", " x = 1")]
)
def test_a_line_begins_no_list_heading_or_code(text: str, said: str) -> None:
    assert unformatted(text) == said


@pytest.mark.parametrize(("text", "said"), [("No day is open", "No day is open."), ("Mend it.", "Mend it."), ("Which …", "Which …")])
def test_a_sentence_ends_once(text: str, said: str) -> None:
    assert sentence(text) == said


def test_a_first_member_has_a_condition_of_its_own() -> None:
    protocol = load_protocol("ulrrc")
    surgery = Requirement("decision", "management", None, ("surgery",))
    shape = next(visit.first for visit in protocol.visits if not visit.first.when)
    assert condition_words(protocol, replace(shape, when=(surgery,))) == "only if Surgery"
    assert condition_words(protocol, shape) == ""
    with speaking("zh-CN"):
        assert "手术" in condition_words(protocol, replace(shape, when=(surgery,)))


def test_close_visits_share_a_label() -> None:
    rows = [row for row in preview().rows if row.epoch in ("SBRT", "Consolidation")]
    assert [label.text for label in labels(rows, 700)] == ["F1–F5", "C2D1", "C3D1", "C4D1", "C5D1"]
    assert labels([], 700) == []


def test_a_conditional_visit_s_label_has_a_question_mark() -> None:
    assert "SURG?" in [label.text for label in labels([row for row in preview().all_rows if row.epoch == "Surgery"], 5000)]


def test_start_days_say_what_does_not_fit() -> None:
    example = preview(start="2026-02-09", milestone__CONSENT="2026-01-20", on="2026-01-20")
    html = start_days_html(example.starts(), date(2026, 2, 9))
    assert html.count('aria-pressed="true"') == 1
    assert "Start on Friday 23 January 2026: every visit has an open day in its window" in html
    assert "1 does not fit" in html
    assert 'class="closed"' in html


def test_a_text_table_is_escaped() -> None:
    html = text_table("Ta<ble", ("A", "B"), [("<b>", "&")])
    assert "&lt;b&gt;" in html
    assert "<td>&amp;</td>" in html
    assert "Ta&lt;ble" in html

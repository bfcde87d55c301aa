import re

import icalendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.exchange.ics import calendar_bytes
from planner.exchange.ics_text import LONGEST_LINE, content_line, escaped, plain_text
from tests.exchange.calendar_reading import calendar_settings, ical_js_answer, read_by_icalendar, visit_row

AWKWARD = st.sampled_from(
    [
        *"\\;,:\"'nN\t\n\r\v\f\0\a\x1b\x1c\x7f\x85\xa0\u2028\u2029\u200d\ufeff",
        *("\r\n", "\\n", "\\N", "\\\\N", "\\;", "END:VEVENT", "BEGIN:VALARM\r\nACTION:DISPLAY", " ", "  "),
        *("é", "药", "药物清单", "🎉", "👩‍⚕️", "𝔘", "e\u0301", "\ud83d", "\udc00", "\U0010ffff"),
    ]
)
TEXTS = st.lists(st.one_of(AWKWARD, st.text(max_size=12), st.text("ab,; ", max_size=80)), max_size=20).map("".join)


def with_description(text: str) -> bytes:
    """A calendar of one event whose description ends in ``text``, where a protocol's text stands."""
    return calendar_bytes([visit_row(activities=("CHEMO",))], calendar_settings(bring={"CHEMO": text}))


def description_read(text: str) -> str:
    dates = "Nominal date: 2026-04-01\nEarliest: 2026-03-29\nLatest: 2026-04-04"
    return f"{dates}\nCertainty: projected (may still move)\nBring: {plain_text(text)}"


@given(TEXTS)
@example("a\\Nb\\nc\\\\Nd\\")
@example("一" * 200)
@example("\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:other")
def test_icalendar_reads_back_the_text_that_was_written(text: str) -> None:
    (event,) = read_by_icalendar(with_description(text)).values()
    assert event.description == description_read(text)


def test_ical_js_reads_back_the_texts_that_were_written() -> None:
    """Many texts in one file, since starting node takes longer than reading."""
    texts: list[str] = [
        "a\\Nb\\nc\\\\Nd\\",
        "一" * 200,
        "\r\nEND:VEVENT\r\nBEGIN:VEVENT",
        "👩‍⚕️" * 40,
        "tab\there",
        ",;\\:\"' \\; \\, ",
        "\\" * 300,
    ]

    @given(TEXTS)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    rows = [visit_row(visit=f"V{index}", activities=(str(index),)) for index in range(len(texts))]
    content = calendar_bytes(rows, calendar_settings(bring={str(index): text for index, text in enumerate(texts)}))
    read = [event["description"] for event in ical_js_answer(content)]
    assert read == [description_read(text) for text in texts]
    assert len(texts) > 100


@given(TEXTS)
def test_titles_come_back_too(text: str) -> None:
    content = calendar_bytes([visit_row(subject=text)], calendar_settings())
    (event,) = read_by_icalendar(content).values()
    assert event.summary == plain_text(f"ULRRC {text} C3D1")


@settings(max_examples=5 * settings.default.max_examples)
@given(TEXTS)
def test_every_line_is_short_whole_and_ends_as_it_must(text: str) -> None:
    content = with_description(text)
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    for line in lines:
        assert len(line) <= LONGEST_LINE
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
        line.decode("utf-8")
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == 1
    assert b"BEGIN:VALARM" not in lines


@given(TEXTS)
def test_text_of_the_planner_is_escaped_as_icalendar_does(text: str) -> None:
    r"""Apart from ``\N``, which icalendar takes for a line break."""
    harmless = plain_text(text).replace("\\N", "")
    assert escaped(harmless).encode() == icalendar.vText(harmless).to_ical()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\x00\x07\x1b\x7f\x9fb", "ab"),
        ("a\tb", "a\tb"),
        ("\ud83d\ude00 half \ud83d", "\ufffd\ufffd half \ufffd"),
        ("药物 🎉 \\N", "药物 🎉 \\N"),
    ],
)
def test_which_characters_reach_a_reader(text: str, plain: str) -> None:
    assert plain_text(text) == plain
    assert plain_text(plain) == plain


def test_what_is_escaped() -> None:
    assert escaped("a\\Nb;c,d:e\nf") == "a\\\\Nb\\;c\\,d:e\\nf"


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        ("x" * 75, "x" * 75),
        ("x" * 76, "x" * 75 + "\r\n x"),
        ("x" * 150, "x" * 75 + "\r\n " + "x" * 74 + "\r\n x"),
        ("x" * 73 + "药", "x" * 73 + "\r\n 药"),
        ("x" * 72 + "药", "x" * 72 + "药"),
        ("药" * 26, "药" * 25 + "\r\n 药"),
        ("x" * 72 + "🎉", "x" * 72 + "\r\n 🎉"),
        ("", ""),
    ],
)
def test_long_lines_are_folded_between_characters(line: str, folded: str) -> None:
    assert content_line(line) == folded + "\r\n"

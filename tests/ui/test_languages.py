"""Everything that is said on the screens can be said in every language, with the same values in it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from planner.protocol.durations import Duration
from planner.protocol.said import said
from planner.records.facts.reasons import REASONS
from planner.schedule.calendar_sources import calendar_named
from planner.schedule.day_words import CALENDARS, HOLIDAYS, RESOURCES, named_calendar, named_day, named_resource
from planner.schedule.reason_words import FLAG_REASONS
from planner.ui.language import in_language, in_language_of_tables, speaking, t, tn
from planner.ui.protocols.rule_words import reference_words
from planner.ui.words import flag_sentences
from tests.ui.said_templates import templates_in
from tests.ui.test_catalogs import PUT_TOGETHER
from tests.ui.worked_example import preview

ROOT = Path(__file__).parents[2]
CATALOGS = sorted((ROOT / "planner" / "ui" / "locale" / "zh_CN").glob("*.po"))
TABLES = {*REASONS.values(), *(text for _, text in FLAG_REASONS.values()), *PUT_TOGETHER, *HOLIDAYS, *RESOURCES, *CALENDARS}
"""Texts that are looked up in tables, and templates that no file has as they are."""

_BEGINNING = 24
DRAWN = frozenset(
    {"title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error", "button", "download_button"}
    | {"link_button", "text_input", "text_area", "selectbox", "multiselect", "radio", "checkbox", "toggle", "date_input", "time_input"}
    | {"number_input", "file_uploader", "expander", "tabs", "segmented_control", "pills", "write", "popover", "toast", "metric"}
    | {"form_submit_button", "spinner", "status", "page_link"}
)
"""Calls of Streamlit whose first argument stands on the screen."""


def messages() -> dict[str, str]:
    """Every message, and the file that says it."""
    files = sorted((ROOT / "planner").rglob("*.py"))
    return {message: path.relative_to(ROOT).as_posix() for path in files for message in templates_in(path)}


def constants() -> set[str]:
    """Every text that is written anywhere in the product."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "planner").rglob("*.py"))
    return {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def chinese() -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    found: dict[str | tuple[str, ...], str | tuple[str, ...]] = {}
    for path in CATALOGS:
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_CN"):
                if message.id:
                    assert not message.fuzzy, f"{path.name}: {message.id!r} is marked fuzzy"
                    known = found.setdefault(message.id, message.string)
                    assert known == message.string, f"{path.name}: {message.id!r} has another translation elsewhere"
    return found


def singular(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def several(message: str | tuple[str, ...]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message


def fields(text: str) -> set[str]:
    return {name.partition(".")[0].partition("[")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_everything_is_said_in_chinese() -> None:
    known = {part for message, text in chinese().items() if all(several(text)) for part in several(message)}
    missing = {message: where for message, where in messages().items() if message not in known}
    missing |= {message: "a table" for message in TABLES if message not in known}
    assert missing == {}


def test_nothing_is_translated_that_nobody_says() -> None:
    left = [singular(message) for message in chinese() if singular(message) not in TABLES]
    written = constants()
    # A message may be put together of a text of a table and another: then it begins as that one does.
    beginnings = {text[:_BEGINNING] for text in written}
    assert [message for message in left if message not in written and message[:_BEGINNING] not in beginnings] == []


def test_both_languages_have_the_same_values() -> None:
    differing = []
    for message, text in chinese().items():
        wanted = fields(singular(message)) | (fields(message[1]) if isinstance(message, tuple) else set())
        for translated in (text,) if isinstance(text, str) else text:
            if fields(translated) != wanted:
                differing.append((singular(message), translated))
    assert differing == []


def literals(node: ast.AST) -> Iterator[str]:
    """The texts in an expression, those apart that are translated where they stand."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from literals(part)


def literal_calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DRAWN and node.args):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "_log":
            continue
        for text in literals(node.args[0]):
            # Marks and symbols are the same in every language.
            if any(map(str.isalpha, text)) and not text.startswith((":material/", "<style>")):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {text!r}"


@pytest.mark.parametrize("path", sorted((ROOT / "planner" / "ui").rglob("*.py")), ids=lambda path: path.stem)
def test_no_text_goes_untranslated_to_the_screen(path: Path) -> None:
    assert list(literal_calls(path)) == []


def test_a_sentence_from_below_is_said_anew() -> None:
    sentence = said("{number} is in use: {what}.", number="BEI-001", what="x")
    assert in_language(sentence) == "BEI-001 is in use: x."
    with speaking("zh-CN"):
        assert in_language("no such message") == "no such message"
        assert t("Sign in") == "登录"
        assert t("no such {what}", what="message") == "no such message"
        assert tn("{number} visit", "{number} visits", 2) != "2 visits"


FRIDAY = date(2026, 4, 17)
SENTENCES = (
    said("{item} booked on {day}", item="C3D1", day=FRIDAY),
    said("{day:%a %Y-%m-%d}", day=FRIDAY),
    said("The nominal date is {day}.", day=said("{day:%a %Y-%m-%d}", day=FRIDAY)),
    said("{day:%A} is not a working day here", day=FRIDAY),
)


def test_days_in_sentences_are_in_the_form_of_the_page() -> None:
    assert [in_language(sentence) for sentence in SENTENCES] == [
        "C3D1 booked on Fri 17 Apr 2026",
        "Fri 17 Apr 2026",
        "The nominal date is Fri 17 Apr 2026.",
        "Friday is not a working day here",
    ]
    with speaking("zh-CN"):
        said_anew = [in_language(sentence) for sentence in SENTENCES]
    assert [sentence.count("2026年4月17日 周五") for sentence in said_anew] == [1, 1, 1, 0]
    assert said_anew[3].startswith("周五")


def test_days_in_sentences_stay_as_they_are_without_a_page_and_in_tables() -> None:
    texts = [
        "C3D1 booked on 2026-04-17",
        "Fri 2026-04-17",
        "The nominal date is Fri 2026-04-17.",
        "Friday is not a working day here",
    ]
    assert list(SENTENCES) == texts
    assert in_language_of_tables(SENTENCES[0]) == texts[0]
    with speaking("zh-CN"):
        assert "2026-04-17" in in_language_of_tables(SENTENCES[0])


def test_a_flag_that_names_a_day_names_it_as_the_page_writes_days() -> None:
    row = replace(preview().rows[0], flags=("fraction_gap:2026-04-17",))
    assert flag_sentences(row) == ["The gap to the fraction before is too long. First fraction day that avoids it: Fri 17 Apr 2026."]


@pytest.mark.parametrize("calendar", ["CN", "US", "US-NY"])
def test_every_day_of_a_calendar_has_its_words(calendar: str) -> None:
    notes = set(calendar_named(calendar).notes.values())
    assert len(notes) > 10
    assert {note for note in notes if str(named_day(note)) != note} == set()
    with speaking("zh-CN"):
        said_anew = {note: in_language(named_day(note)) for note in notes}
    assert {note: words for note, words in said_anew.items() if re.search("[A-Za-z]", words)} == {}


def test_days_that_were_moved_name_the_other_day() -> None:
    assert in_language(named_day("Day off (substituted from 2026-01-04)")) == "Day off (substituted from Sun 4 Jan 2026)"
    with speaking("zh-CN"):
        assert in_language(named_day("Day off (substituted from 2026-01-04)")) == "调休放假（与 2026年1月4日 周日 对调）"
        assert in_language(named_day("Moving house")) == "Moving house"


def test_resources_and_calendars_of_the_planner_s_own_have_words() -> None:
    with speaking("zh-CN"):
        words = [in_language(word) for word in (*map(named_resource, sorted(RESOURCES)), *map(named_calendar, sorted(CALENDARS)))]
        assert words == ["门诊", "影像检查", "输液室", "直线加速器", "每天开放", "周一至周五"]
        assert in_language(named_resource("chair 3")) == "chair 3"


def test_lengths_in_sentences_are_in_words() -> None:
    limit = said("at most {duration}", duration=Duration(days=15))
    assert (str(limit), in_language(limit)) == ("at most 15d", "at most 15 days")
    with speaking("zh-CN"):
        assert "d" not in in_language(limit)
        assert reference_words("SBRT.first") == "SBRT 首次"
        assert reference_words("previous") == "上一次访视"
    assert [reference_words(text) for text in ("SBRT.last", "previous", "C1D1")] == ["SBRT.last", "previous", "C1D1"]

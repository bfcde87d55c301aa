"""Everything that is said on the screens can be said in every language, with the same values in it."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from planner.protocol.said import said
from planner.records.facts.reasons import REASONS
from planner.schedule.calendar_sources import calendar_named
from planner.schedule.reason_words import FLAG_REASONS
from planner.ui.language import in_language, speaking, t, tn
from tests.ui.said_templates import templates_in
from tests.ui.test_catalogs import PUT_TOGETHER

ROOT = Path(__file__).parents[2]
CATALOGS = sorted((ROOT / "planner" / "ui" / "locale" / "zh_CN").glob("*.po"))
TABLES = {*REASONS.values(), *(text for _, text in FLAG_REASONS.values()), *PUT_TOGETHER}
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
    holidays = set(calendar_named("CN").notes.values())
    left = [singular(message) for message in chinese() if singular(message) not in {*TABLES, *holidays}]
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


def test_days_in_sentences_are_chinese() -> None:
    with speaking("zh-CN"):
        assert in_language(said("{day:%Y-%m-%d %a}", day=date(2026, 4, 17))) == "2026-04-17 周五"

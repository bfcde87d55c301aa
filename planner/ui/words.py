"""How visits, dates and results are said on the screens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from planner.exchange.prints.day_names import DayNames
from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import Protocol, Requirement, VisitShape
from planner.protocol.said import said
from planner.schedule.reason_words import FLAG_REASONS, flag_value
from planner.schedule.rows import VisitRow
from planner.ui.language import day_in_words, in_language, language, t, tn

KINDS = ("clinic", "treatment", "imaging", "phone", "decision", "reminder")
KIND_SIGNS = {"clinic": "●", "treatment": "◆", "imaging": "◎", "phone": "☎", "decision": "▲", "reminder": "★"}
"""A shape for each kind, so that colour is never alone."""

_APART = ":small[]"
"""Two texts with this between them are read as two, and nothing of it is seen.

Streamlit looks for links, symbols and arrows once more after the backslashes are gone: no backslash keeps it from finding one.
"""

_MARKS = re.compile(
    r"""
      (?P<before>(?<=www)\.)                                               # www.
    | (?P<after>
          :(?=//) | @                                                      # https://, a@b.c
        | :(?=[\w+-]+:|material/)                                          # :smile:, :material/home:
        | -(?=[->]) | <(?=[-=]) | [>~](?==)                                # arrows and signs that are drawn: ->, <-, --, <=, >=, ~=
      )
    | (?P<code>^[ \t]*(?:[ ]{4}|\t)[ \t]*)                                 # a line that begins like code
    | (?P<begun>^[ ]{0,3}(?:(?:[-+]|\d{1,9}[.)])(?=\s|$)|=(?==*[ \t]*$)))  # a list; a line of = makes a heading of the one above
    | [\\`*_\[\]{}<>$~|#]                                                 # code, bold, lists, labels, quotes, formulas, tables, headings
    | :(?=[^\s\d])                                                         # :red[...], ::name, :::name
    | &(?=\#?\w+;)                                                         # &amp;
    """,
    re.ASCII | re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def kind_word(kind: str) -> str:
    """What a kind of visit is called."""
    return {
        "clinic": t("clinic visit"),
        "treatment": t("treatment"),
        "imaging": t("imaging"),
        "phone": t("phone call"),
        "decision": t("decision"),
        "reminder": t("reminder"),
    }[kind]


def result_word(result: str) -> str:
    """What a check says, with a sign."""
    return {
        "passed": t("✓ passed"),
        "breach": t("✗ breach"),
        "warning": t("! warning"),
        "cannot_tell": t("? cannot tell"),
        "not_evaluated": t("– not evaluated"),
    }[result]


def at_the_left() -> str:
    """Where the inputs are."""
    return t("in the panel at the left (on a narrow screen, open the panel with the » at the top)")


def days_in_words() -> DayNames:
    """How the language of the page writes days."""
    return DayNames(language())


def long_date(day: date) -> str:
    """``Friday 17 April 2026``, ``2026年4月17日 周五``: a weekday has one name on the Chinese screens."""
    names = days_in_words()
    return names.short_day(day) if names.is_chinese else names.long_day(day)


def short_date(day: date | None) -> str:
    """``Fri 17 Apr 2026``; a dash where there is no date."""
    if day is None:
        return "–"
    return day_in_words(day)


def day_and_month(day: date) -> str:
    """``17 Apr``."""
    return f"{day.month}月{day.day}日" if days_in_words().is_chinese else f"{day.day} {day:%b}"


def long_day_and_month(day: date) -> str:
    """``Friday 17 April``."""
    names = days_in_words()
    return f"{day.month}月{day.day}日 {names.weekdays()[day.weekday()]}" if names.is_chinese else f"{day:%A} {day.day} {day:%B}"


def weekday_names() -> tuple[str, ...]:
    """Monday to Sunday."""
    return days_in_words().weekdays()


def span(first: date, last: date) -> str:
    """``14 to 20 April``, ``28 March to 3 April``, with years only where they differ."""
    if days_in_words().is_chinese:
        if first.year != last.year:
            return f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
        end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
        return f"{first.month}月{first.day}日至{end}"
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year} to {last.day} {last:%B} {last.year}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {last.day} {last:%B}"
    return f"{first.day} to {last.day} {last:%B}"


def unformatted(text: str) -> str:
    """``text`` for where Markdown is read: nothing in it is taken for a mark. What a person typed must pass here."""
    return _MARKS.sub(_harmless, text)


def _harmless(mark: re.Match[str]) -> str:
    found = mark[0]
    match mark.lastgroup:
        case "before":
            return f"{_APART}{found}"
        case "after":
            return f"\\{found}{_APART}"
        case "code":
            return " "
        case "begun":
            return f"{found[:-1]}\\{found[-1]}"
        case _:
            return f"\\{found}"


def sentence(text: str) -> str:
    """``text`` with a full stop, unless it ends in one or in another sign that ends a sentence."""
    if text.endswith((".", "!", "?", "…", "。", "！", "？")):
        return text
    return f"{text}。" if days_in_words().is_chinese else f"{text}."


def month_name(year: int, month: int) -> str:
    """``April 2026``."""
    return days_in_words().month(year, month)


def visits_counted(number: int) -> str:
    """``1 visit``, ``2 visits``."""
    return tn("{number} visit", "{number} visits", number)


def days_counted(number: int) -> str:
    """``1 day``, ``2 days``."""
    return tn("{number} day", "{number} days", number)


def status_word(status: str) -> str:
    """A status as it is called on the screens."""
    return {
        "done": t("done"),
        "missed": t("missed"),
        "cancelled": t("cancelled"),
        "conditional": t("depends on a decision"),
        "on_hold": t("on hold"),
        "overdue": t("overdue"),
        "due": t("due"),
        "upcoming": t("planned"),
    }[status]


def certainty_word(certainty: str) -> str:
    """A certainty as it is called on the screens."""
    return {"fixed": t("fixed"), "booked": t("booked"), "stale": t("waits"), "projected": t("projected")}[certainty]


def status_words(row: VisitRow) -> str:
    """A visit's status in a few words: ``planned``, ``booked``, ``due, 3 days left``."""
    if row.certainty == "stale" and row.status in ("due", "upcoming"):
        return t("waits for an earlier visit")
    if row.status == "due" and row.days_left is not None:
        return t("due, last day") if row.days_left == 0 else tn("due, {number} day left", "due, {number} days left", row.days_left)
    if row.status == "upcoming" and row.certainty == "booked":
        return t("booked")
    return status_word(row.status)


def window_words(row: VisitRow) -> str:
    """``window 14 to 20 April``; empty where the visit has none but its own day."""
    if row.earliest is None or row.latest is None or row.earliest == row.latest:
        return ""
    return t("window {days}", days=span(row.earliest, row.latest))


def spoken(row: VisitRow, name: str = "") -> str:
    """A visit in one phrase: ``Cycle 3 day 1, Friday 17 April, planned, window 14 to 20 April``; ``name`` in the language of the page."""
    day = row.effective
    parts = [name or row.name, t("no date") if day is None else long_day_and_month(day), status_words(row), window_words(row)]
    return listed(part for part in parts if part)


def listed(parts: Iterable[str]) -> str:
    """Parts after one another: ``a, b``, ``a、b``."""
    return days_in_words().listed(tuple(parts))


def flag_sentences(row: VisitRow) -> list[str]:
    """Each flag of a visit in a sentence."""
    sentences = []
    for flag in row.flags:
        code, _, value = flag.partition(":")
        sentences.append(in_language(said(FLAG_REASONS[code][1], value=flag_value(code, value))))
    return sentences


def parts_to_confirm(shape: VisitShape) -> list[str]:
    """The parts of a visit's rules that the study's public record does not state: ``offset (assumed)``."""
    return [f"{part} ({source_word(source)})" for part, source in shape.source.items() if source != "stated"]


def source_word(source: str) -> str:
    """Where a part of a visit's rules comes from."""
    return {"stated": t("stated"), "registry": t("registry"), "assumed": t("assumed")}.get(source, source)


def condition_words(protocol: Protocol, shape: VisitShape) -> str:
    """On which open choice a visit with these rules depends: ``only if Surgery``."""
    requirements = [requirement for requirement in shape.when if requirement.about == "decision"]
    if not requirements:
        return ""
    texts = ProtocolTexts(protocol, language())
    return t("only if {choices}", choices=t(" and ").join(_choice_words(texts, requirement) for requirement in requirements))


def _choice_words(texts: ProtocolTexts, requirement: Requirement) -> str:
    return t(" or ").join(texts.choice(requirement.name, name) for name in requirement.allowed)

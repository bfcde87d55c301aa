"""The differences of two versions of a protocol as lines of a table, and as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from itertools import islice

from planner.exchange.protocol_differences import FIRST_MEMBER, LATER_MEMBERS, ORDER, WHOLE, Difference, Section
from planner.ui.language import t
from planner.ui.words import kind_word, source_word

MOST_DIFFERENCES = 100
MOST_LINES = 400
_LONGEST_TEXT = 20_000
"""Lines of a file beyond which its text is not compared line by line."""


def section_word(section: Section) -> str:
    """What kind of thing differs."""
    return {
        "study": t("Study"),
        "parameter": t("Parameter"),
        "milestone": t("Milestone"),
        "decision": t("Decision"),
        "activity": t("Activity"),
        "visit": t("Visit"),
        "check": t("Check"),
        "translation": t("Translation"),
    }[section]


def part_words(part: str) -> str:
    """What of it differs: ``window``, ``later members: window``."""
    which, _, rest = part.partition(" ")
    if which in (FIRST_MEMBER, LATER_MEMBERS) and rest:
        first = which == FIRST_MEMBER
        return t("first member: {part}", part=_part(rest)) if first else t("later members: {part}", part=_part(rest))
    if which in ("value", "choice") and rest:
        return t("choice {name}", name=rest)
    return _part(part)


def _part(part: str) -> str:
    known = {
        WHOLE: t("as a whole"),
        ORDER: t("order in the file"),
        "id": t("study code"),
        "version": t("version"),
        "title": t("title"),
        "registry": t("registry number"),
        "label": t("what it is called"),
        "name": t("what it is called"),
        "values": t("values"),
        "default": t("default"),
        "optional": t("may stay unknown"),
        "anchor": t("counted from"),
        "offset": t("offset"),
        "visit": t("at which visit"),
        "choices": t("choices"),
        "dose": t("dose given"),
        "prepare": t("To prepare"),
        "bring": t("To bring"),
        "rule": t("rule"),
        "series": t("series"),
        "repeat": t("repeat"),
        "at_most": t("at most this many"),
        "numbering": t("numbers"),
        "like": t("goes with"),
        "epoch": t("stage"),
        "kind": t("kind"),
        "window": t("window"),
        "not_before": t("not before"),
        "on": t("open days of"),
        "roll": t("which open day is taken"),
        "open_also": t("days that must be open too"),
        "with": t("shares the day with"),
        "redo": t("may be done again"),
        "activities": t("activities"),
        "when": t("condition"),
        "minutes": t("minutes"),
        "source": t("source"),
        "rationale": t("rationale"),
    }
    return known.get(part, part)


def difference_lines(found: Sequence[Difference]) -> list[tuple[str, ...]]:
    """A line of texts for each difference."""
    return [
        (
            f"{section_word(each.section)} {each.name}".strip(),
            part_words(each.part),
            _text(each, each.before, each.after),
            _text(each, each.after, each.before),
        )
        for each in found
    ]


def _text(difference: Difference, text: str, other: str) -> str:
    if difference.part == WHOLE:
        return text or (t("is not there") if other else t("is there"))
    if text and difference.part.rpartition(" ")[2] == "kind":
        return kind_word(text)
    if text and difference.part.rpartition(" ")[2] == "source":
        return ", ".join(_sourced(each) for each in text.split(", "))
    return text or "–"


def _sourced(text: str) -> str:
    part, _, source = text.partition(": ")
    return f"{_part(part)}: {source_word(source)}"


def text_difference(before: str, after: str, names: tuple[str, str]) -> tuple[str, int]:
    """The lines that differ, with three around each, and how many more there are than fit; nothing for the same text."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > _LONGEST_TEXT:
        return "", 0
    lines = unified_diff(old, new, *names, lineterm="")
    shown = list(islice(lines, MOST_LINES))
    return "\n".join(shown), sum(1 for _ in lines)

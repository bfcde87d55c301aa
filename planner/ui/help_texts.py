"""The texts of the help page, out of the documentation's own files, so that they never say something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.ui.language import STANDARD, Language

DOCUMENTATION = Path(__file__).parents[2] / "docs"
FROM_THE_DOCUMENTATION = (
    ("calendars.md", "Provisional years"),
    ("prints.md", "A patient's calendar"),
    ("feeds.md", "Subscribing"),
    ("calendar-files.md", "What the programs do with it"),
    ("records.md", "Importing"),
    ("records.md", "People and rights"),
    ("date-rules.md", "Flags"),
)
"""Longer parts that are shown below the short answers: the file and the heading; they are in English."""

_SECTION = re.compile(r"^<!-- (?P<topic>[a-z-]+) -->\n## (?P<heading>.+)$", re.MULTILINE)
_LINK_WITHIN = re.compile(r"!?\[([^\]]*)\]\((?!https?:)[^)]*\)")
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the help: the page it is about (or ``keyboard``, ``words``), its heading, and its text as Markdown."""

    topic: str
    heading: str
    text: str


@cache
def sections(spoken: Language) -> tuple[Section, ...]:
    """The short answers in this language, in the order of their file; none where the documentation is not installed."""
    name = "help.md" if spoken == STANDARD else f"help.{spoken}.md"
    whole = _read(name)
    found = list(_SECTION.finditer(whole))
    ends = [*(match.start() for match in found), len(whole)][1:]
    return tuple(Section(match["topic"], match["heading"], shown(whole[match.end() : end])) for match, end in zip(found, ends, strict=True))


@cache
def documented(file: str, heading: str) -> str:
    """What a file of the documentation says under a heading; "" where there is no such part."""
    match = re.search(rf"^## {re.escape(heading)}\n(?P<text>.*?)(?=^## |\Z)", _read(file), re.MULTILINE | re.DOTALL)
    return shown(match["text"]) if match else ""


def shown(text: str) -> str:
    """Markdown as the screens show it: links to other files as their words, and nothing taken for a formula."""
    pieces = _CODE.split(_LINK_WITHIN.sub(r"\1", text))
    return "".join(piece if place % 2 else piece.replace("$", r"\$") for place, piece in enumerate(pieces)).strip()


def _read(name: str) -> str:
    try:
        return (DOCUMENTATION / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""

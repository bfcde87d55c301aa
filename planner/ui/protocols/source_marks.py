"""Where each part of a visit's rules comes from, by a sign and in words: an assumption never looks like the study's own text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.exchange.protocol_notation import when_notation, window_notation
from planner.protocol.model import Protocol, VisitDefinition, VisitShape
from planner.ui.language import t, tn
from planner.ui.why_html import part_word
from planner.ui.words import listed

SIGNS = {"stated": "✓", "registry": "◇", "assumed": "⚠", "": "?"}
"""A shape for each origin; ``""`` is none given."""
ORIGINS = tuple(SIGNS)


@dataclass(frozen=True, slots=True)
class SourcedRow:
    """One visit, or the first or the later members of a series where they differ in their rules."""

    visit: VisitDefinition
    shape: VisitShape
    which: str = ""
    """``first`` or ``later``; "" where all members are alike."""


def rows_of(protocol: Protocol) -> tuple[SourcedRow, ...]:
    """The rows in the file's order."""
    rows: list[SourcedRow] = []
    for visit in protocol.visits:
        if visit.repeat is None or visit.first == visit.then:
            rows.append(SourcedRow(visit, visit.first))
        else:
            rows += [SourcedRow(visit, visit.first, "first"), SourcedRow(visit, visit.then, "later")]
    return tuple(rows)


def origin_word(origin: str) -> str:
    """An origin with its sign."""
    return {
        "stated": t("✓ stated"),
        "registry": t("◇ from a registry entry"),
        "assumed": t("⚠ assumed"),
        "": t("? no origin given"),
    }[origin]


def origins(row: SourcedRow) -> dict[str, str]:
    """Each part that the visit has, and its origin; "" where the file gives none."""
    shape = row.shape
    there = {
        "visit": True,
        "anchor": bool(shape.anchor) or shape.start or shape.is_milestone is not None,
        "offset": bool(shape.anchor),
        "window": bool(window_notation(shape)),
        "repeat": row.visit.repeat is not None,
        "activities": bool(shape.activities),
        "when": bool(when_notation(shape)),
    }
    return {part: shape.source.get(part, "") for part, is_there in there.items() if is_there or part in _told_apart(shape)}


def _told_apart(shape: VisitShape) -> set[str]:
    """Parts that the file speaks of one by one, even where the visit seems to have none of it; one word for all speaks of none."""
    return set(shape.source) if len(set(shape.source.values())) > 1 else set()


def marked(text: str, origin: str) -> str:
    """A rule's text with its origin behind it, unless the study states it."""
    return text if origin == "stated" or not text else f"{text} [{origin_word(origin)}]"


def parts_with(row: SourcedRow, origin: str) -> list[str]:
    """The names of the parts that have this origin."""
    return [part_word(part) for part, found in origins(row).items() if found == origin]


def source_columns() -> tuple[str, ...]:
    """The headings of the table."""
    return (t("Visit"), *map(origin_word, ORIGINS), t("Why"))


def source_lines(rows: Sequence[SourcedRow], names: Sequence[str]) -> list[tuple[str, ...]]:
    """A line for each row; ``names`` are what the rows are called."""
    return [
        (name, *(listed(parts_with(row, origin)) or "–" for origin in ORIGINS), row.shape.rationale or "–")
        for row, name in zip(rows, names, strict=True)
    ]


def counted(rows: Sequence[SourcedRow]) -> str:
    """How many rows hold assumptions."""
    assumed = sum("assumed" in origins(row).values() for row in rows)
    whole = sum(set(origins(row).values()) == {"stated"} for row in rows)
    return listed(
        (
            tn("{number} row holds assumptions", "{number} rows hold assumptions", assumed),
            tn("{number} of {of} is stated in all its parts", "{number} of {of} are stated in all their parts", whole, of=len(rows)),
        )
    )

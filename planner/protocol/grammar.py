"""The small texts inside a protocol file: durations, windows, ranges, steps, references and terms.

Each ``parse_...`` answers what a text says, without knowing what the file declares, and raises GrammarError where it says
nothing. There is no expression language, and nothing is evaluated as code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from planner.protocol.durations import Duration, parse_duration
from planner.protocol.errors import quoted
from planner.protocol.said import said

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
VISIT_ID = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]|\{n\})*")
RESERVED = frozenset({"previous", "first", "last", "any", "latest", "n", "every", "steps", "procedure"})
MOST_RANGE_VALUES = 1000
MOST_CHARACTERS = 500
DURATION_HELP = said("write a whole number and a unit: 21d, 6w, 3mo, 2y, or 1wd for working days")

_RANGE = re.compile(r"\s*([+-]?\w+)\s*\.\.\s*([+-]?\w+)\s*")
_STEPS = re.compile(r"\s*(\d{1,4})\s*x\s*(\S+)\s*")
_DOSES = re.compile(r"any\s*\(([^()]*)\)\s*(?:\.\s*(\w+))?")
_NAMED = re.compile(r"([A-Za-z](?:[A-Za-z0-9_-]|\{n\})*)(?:\.(\w+))?")
_TERM = re.compile(
    r"(?P<reference>any\s*\([^()]*\)(?:\s*\.\s*\w+)?|[^\s+*()]+)(?:\s*(?P<sign>[+-])\s*(?P<amount>[^*]*[^\s*])(?:\s*\*\s*(?P<times>\w+))?)?"
)
_PARAMETER = re.compile(r"([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?")


class GrammarError(ValueError):
    """A text that says nothing; ``code`` is one of the table in planner.protocol.errors."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the message."""
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class WrittenReference:
    """A reference as it stands: a ``name``, ``SERIES.first`` / ``.last``, ``any(doses).which``, ``previous`` or ``first``."""

    kind: Literal["name", "series", "doses", "previous", "first"]
    text: str
    name: str = ""
    which: str = ""
    doses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenTerm:
    """A reference, and what is added: a duration, or the value of a parameter (name, attribute)."""

    reference: WrittenReference
    sign: Literal[1, -1] = 1
    amount: Duration | tuple[str, str | None] | None = None
    times_number: bool = False


@dataclass(frozen=True, slots=True)
class ValueRange:
    """All values of ``3..6`` or ``1mo..24mo`` as texts, in order, and the unit of durations."""

    values: tuple[str, ...]
    unit: Literal["d", "w", "mo", "y"] | None


def is_count(text: str) -> bool:
    """Whether a text is a whole number that can count something."""
    return re.fullmatch(r"[0-9]{1,6}", text) is not None


def parse_length(text: str) -> Duration:
    """The duration in ``text``; raises GrammarError(bad-duration) with what was probably meant."""
    found = parse_duration(text)
    if found is not None:
        return found
    stripped = text.strip()
    hint = ""
    match = re.fullmatch(r"([+-]?)\s*(\d{1,4})\s*([A-Za-z]*)", stripped)
    if match is not None:
        unit = {
            "day": "d",
            "days": "d",
            "week": "w",
            "weeks": "w",
            "m": "mo",
            "month": "mo",
            "months": "mo",
            "mon": "mo",
            "year": "y",
            "years": "y",
        }
        meant = unit.get(match[3].lower(), match[3].lower() if match[3].lower() in ("d", "w", "mo", "y", "wd") else "d")
        hint = said("; did you mean {match}?", match=quoted(match[1] + match[2] + meant))
    raise GrammarError(
        "bad-duration", said("{text} is not a duration; {duration_help}{hint}", text=quoted(text), duration_help=DURATION_HELP, hint=hint)
    )


def parse_window(text: str) -> tuple[Duration, Duration]:
    """The two bounds of ``-3d/+7d``, counted from the nominal date."""
    earliest, slash, latest = text.partition("/")
    if not (earliest.strip() and slash and latest.strip()):
        raise GrammarError(
            "bad-window", said("{text} is not a window; write days before and after the nominal date: -3d/+7d", text=quoted(text))
        )
    return parse_length(earliest), parse_length(latest)


def parse_within(text: str) -> tuple[Duration, Duration]:
    """The two bounds of ``-28d..-1d``, counted from the anchor."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise GrammarError(
            "bad-window", said("{text} is no span; write the first and the last day counted from the anchor: -28d..-1d", text=quoted(text))
        )
    return parse_length(match[1]), parse_length(match[2])


def parse_whole_range(text: str) -> tuple[int, int]:
    """The bounds of a range of whole numbers, ``18..75``."""
    match = _RANGE.fullmatch(text)
    if match is None or not (re.fullmatch(r"\d{1,6}", match[1]) and re.fullmatch(r"\d{1,6}", match[2])) or int(match[1]) > int(match[2]):
        raise GrammarError(
            "bad-range", said("{text} is not a range; write the lowest and the highest whole number: 18..75", text=quoted(text))
        )
    return int(match[1]), int(match[2])


def parse_range(text: str) -> ValueRange:
    """All values of ``3..6`` (whole numbers) or ``1mo..24mo`` (durations in one unit)."""
    match = _RANGE.fullmatch(text)
    ends = [re.fullmatch(r"(\d{1,6})(d|w|mo|y)?", part) for part in match.groups()] if match is not None else []
    low, high = ends if len(ends) == 2 else (None, None)
    if low is None or high is None or low[2] != high[2]:
        raise GrammarError(
            "bad-range",
            said("{text} is not a range; write the lowest and the highest value in one unit: 3..6 or 1mo..24mo", text=quoted(text)),
        )
    first, last, unit = int(low[1]), int(high[1]), low[2]
    if first > last:
        raise GrammarError(
            "bad-range",
            said(
                "{text} runs backwards; write the lower value first: {last}{unit}..{first}{unit}",
                text=quoted(text),
                last=last,
                unit=unit or "",
                first=first,
            ),
        )
    if last - first >= MOST_RANGE_VALUES:
        raise GrammarError(
            "too-many",
            said("{text} holds more than {most_range_values} values; narrow it", text=quoted(text), most_range_values=MOST_RANGE_VALUES),
        )
    return ValueRange(tuple(f"{value}{unit or ''}" for value in range(first, last + 1)), cast(Literal["d", "w", "mo", "y"] | None, unit))


def parse_steps(text: str) -> tuple[int, Duration]:
    """Count and length of ``8 x 3mo``; a length alone is one step."""
    match = _STEPS.fullmatch(text)
    if match is None:
        if parse_duration(text) is None:
            raise GrammarError(
                "bad-repeat", said("{text} is no step; write how many, x, and the length of each: 8 x 3mo", text=quoted(text))
            )
        count, length = 1, parse_length(text)
    else:
        count, length = int(match[1]), parse_length(match[2])
    if count < 1 or length.working_days is not None or length.months < 0 or length.days < 0 or not (length.months or length.days):
        raise GrammarError(
            "bad-repeat",
            said("{text} does not go forward; write at least one step of days, weeks, months or years: 8 x 3mo", text=quoted(text)),
        )
    return count, length


def parse_reference(text: str) -> WrittenReference:
    """What ``text`` names, without any offset; raises GrammarError(bad-reference)."""
    _refuse_long(text)
    stripped = text.strip()
    doses = _DOSES.fullmatch(stripped)
    if doses is not None:
        names = tuple(part.strip() for part in doses[1].split(","))
        if doses[2] not in ("first", "last", "previous"):
            raise GrammarError(
                "bad-reference",
                said("{text} does not say which dose; write {what} (or .first)", text=quoted(text), what=quoted(f"any({doses[1]}).last")),
            )
        if not all(NAME.fullmatch(name) for name in names):
            raise GrammarError(
                "bad-reference", said("{text} needs names of doses with commas between: any(chemotherapy, pd1).last", text=quoted(text))
            )
        return WrittenReference("doses", stripped, which=doses[2], doses=names)
    named = _NAMED.fullmatch(stripped)
    if named is None:
        raise GrammarError(
            "bad-reference", said("{text} is not a reference; write a visit, a milestone, SERIES.last or any(dose).last", text=quoted(text))
        )
    if named[1] in ("previous", "first") and named[2] is None:
        return WrittenReference("previous" if named[1] == "previous" else "first", stripped)
    if named[2] is None:
        return WrittenReference("name", stripped, name=named[1])
    if named[2] not in ("first", "last"):
        raise GrammarError(
            "bad-reference", said("{text} ends in {what}; a series has .first and .last", text=quoted(text), what=quoted("." + named[2]))
        )
    return WrittenReference("series", stripped, name=named[1], which=named[2])


def parse_doses(text: str) -> tuple[str, ...] | None:
    """The doses of ``any(chemotherapy, pd1)`` without ``.last``; None if the text is of another form."""
    match = _DOSES.fullmatch(text.strip())
    if match is None or match[2] is not None:
        return None
    return tuple(part.strip() for part in match[1].split(","))


def parse_term(text: str) -> WrittenTerm:
    """One anchor with its offset: ``C1D1 - 7d``, ``previous + regimen.cycle``, ``SBRT.last + 3mo * n``."""
    _refuse_long(text)
    match = _TERM.fullmatch(text.strip())
    if match is None:
        message = said("{text} cannot be read; write one anchor, then + or - and a duration: SBRT.last + 7d", text=quoted(text))
        raise GrammarError("bad-reference", message)
    reference = parse_reference(match["reference"])
    if match["amount"] is None:
        return WrittenTerm(reference)
    if match["times"] not in (None, "n"):
        raise GrammarError(
            "bad-reference",
            said(
                "{text} multiplies by {match}; only the member's number is possible: * n", text=quoted(text), match=quoted(match["times"])
            ),
        )
    return WrittenTerm(reference, -1 if match["sign"] == "-" else 1, _amount(match["amount"]), match["times"] is not None)


def parse_anchor(text: str) -> tuple[WrittenTerm, ...]:
    """The term of ``at:``, or the terms of ``latest of [A + 3d, B]`` (then two or more)."""
    _refuse_long(text)
    stripped = text.strip()
    if not re.match(r"latest\b", stripped):
        return (parse_term(stripped),)
    match = re.fullmatch(r"latest\s+of\s*\[(.*)\]", stripped, re.DOTALL)
    if match is None:
        raise GrammarError(
            "bad-reference", said("{text} is not complete; write: latest of [MDT + 21d, any(chemotherapy).last + 21d]", text=quoted(text))
        )
    terms = tuple(parse_term(part) for part in re.split(r",(?![^()]*\))", match[1]))
    if len(terms) < 2:
        raise GrammarError("bad-reference", said("{text} holds one term; leave `latest of [ ]` out", text=quoted(text)))
    return terms


def parse_parameter_path(text: str) -> tuple[str, str | None] | None:
    """Name and attribute of ``regimen.cycle`` or ``cycles``; None if the text is no such name."""
    match = _PARAMETER.fullmatch(text.strip())
    return None if match is None else (match[1], match[2])


def _refuse_long(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise GrammarError(
            "bad-reference",
            said(
                "{text} is longer than {most_characters} characters; write one anchor and an offset",
                text=quoted(text),
                most_characters=MOST_CHARACTERS,
            ),
        )


def _amount(text: str) -> Duration | tuple[str, str | None]:
    parameter = parse_parameter_path(text)
    if parameter is not None:
        return parameter
    length = parse_length(text)
    if text.startswith(("+", "-")):
        raise GrammarError("bad-duration", said("{text} has a second sign; write one + or - before the number", text=quoted(text)))
    return length

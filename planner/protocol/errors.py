"""What can be wrong in a protocol file: one table of codes, one error with its place, and all errors of one run together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from heapq import nsmallest
from itertools import islice

from planner.protocol.said import said

CODES: dict[str, str] = {
    # the file itself
    "file-not-found": said("No protocol of that name, and no file at that path."),
    "file-unreadable": said("It is a directory, or may not be read."),
    "not-text": said("The file is binary, or not in UTF-8."),
    "too-large": said("The file is larger than 1 MB."),
    "empty-file": said("There is nothing in the file, or not a mapping of keys."),
    # YAML
    "yaml-syntax": said("The text is not YAML. Only this error can be reported; mend it to see the others."),
    "needs-quotes": said("A value with a comma, a bracket or `{{n}}` inside `{{...}}` or `[...]` stands without quotes."),
    "tab": said("A tab; YAML wants spaces."),
    "bad-character": said("A control character or half of a surrogate pair."),
    "yaml-alias": said("`&name` and `*name` are not used here: write the value out, or use `first:` / `then:`."),
    "yaml-tag": said("`!tags` are not used here."),
    "merge-key": said("`<<` is not used here: write the keys out."),
    "duplicate-key": said("The same key twice in one mapping."),
    "bad-key": said("A key that is not plain text."),
    "too-deep": said("Nested more than 32 deep."),
    "too-many-values": said("More than 50,000 values."),
    "several-documents": said("More than one document (`---`) in a file."),
    # shape
    "unknown-key": said("A key that the format does not have."),
    "missing-key": said("A key that must be there is not."),
    "empty-value": said("A key without a value."),
    "wrong-type": said("A list where text is expected, and the like."),
    "unknown-word": said("The value is not one of the words that may stand there."),
    "bad-name": said("A name with characters that names do not have, or a word that the format uses itself."),
    "duplicate-id": said("Two things with one id, or two series members that would bear the same id."),
    "too-many": said("More activities, doses, visits or values than the planner holds."),
    # grammar
    "bad-duration": said("Not a duration: `21d`, `6w`, `3mo`, `2y`, `1wd`."),
    "bad-window": said("Not a window: `window: -3d/+7d`, `within: -28d..-1d`."),
    "bad-range": said("Not a range: `3..6`, `1mo..24mo`."),
    "bad-reference": said("Not a reference: `C1D1`, `SBRT.last`, `any(chemotherapy, pd1).last`, `previous`."),
    "bad-repeat": said("`repeat:` does not say one thing: `times`, `until` or `every`."),
    "bad-condition": said("A condition that cannot stand here."),
    "bad-check": said("A check that does not say one thing."),
    # parameters, decisions
    "bad-parameter": said("A parameter needs either `choices` or `range`."),
    "default-out-of-range": said("The default is not among the parameter's values."),
    "missing-default": said("A parameter without default that is not `optional`."),
    "missing-attribute": said("A choice lacks a value that the other choices of the parameter carry."),
    "not-a-decision-visit": said("A decision `at:` something that is not a single visit of kind `decision`."),
    "unused-choice": said("A choice of a decision that nothing uses."),
    "unreachable-branch": said("No subject can ever meet this condition."),
    # references
    "unknown-anchor": said("Nothing of that name to count from."),
    "unknown-parameter": said("No parameter (and where it may stand, no decision) of that name."),
    "unknown-attribute": said("The parameter's choices carry no such value."),
    "unknown-value": said("Not a value of that parameter."),
    "unknown-choice": said("Not a choice of that decision."),
    "unknown-decision": said("No decision of that name."),
    "unknown-activity": said("No activity of that name."),
    "unknown-dose": said("No activity gives a dose of that name."),
    "unknown-series": said("No series of that name."),
    "unknown-milestone": said("No milestone of that name."),
    "unknown-id": said("A text is translated that the protocol does not have."),
    "no-such-member": said("The series has no member of that number."),
    "misplaced-reference": said("A reference that cannot stand here: `previous`, `first` or `any(...).previous`."),
    "not-a-duration": said("The parameter's value is not a duration, or may stay unknown."),
    "circle": said("Visits that count from each other in a circle."),
    # visits
    "date-source": said("A visit needs exactly one of `at`, `start`, `is`."),
    "start-count": said("A protocol needs exactly one visit with `start: true`."),
    "number-mark": said("`{{n}}` stands in an id if and only if the visit repeats or is `like` others."),
    "misplaced-key": said("A key that cannot stand in this entry."),
    "bad-companion": said("A companion (`like:`) that does not count from the visit it accompanies."),
    "nominal-outside-window": said("The nominal date is outside its own window."),
    "endless-series": said("A series with nothing that ends it."),
    "steps-order": said("A step with a condition stands before one without."),
    # the end of the list
    "too-many-errors": said("So many errors that the rest is only counted."),
}
"""Every code with its meaning; the documentation's table is checked against this one."""

MOST_ERRORS = 500


@dataclass(frozen=True, slots=True, order=True)
class ProtocolError:
    """One fault and its place; line and column count from 1. Printed as ``file:line:column: code: message``."""

    line: int
    column: int
    code: str
    message: str
    file: str = field(default="<protocol>", compare=False)

    def __str__(self) -> str:
        """The line a person reads and an editor jumps from."""
        return f"{self.file}:{self.line}:{self.column}: {self.code}: {self.message}"


class ProtocolErrors(ValueError):
    """All faults of a file, in ``errors``, sorted by place."""

    def __init__(self, errors: Iterable[ProtocolError]) -> None:
        """Keep each fault once, by line and column; of more than MOST_ERRORS the rest is counted in one last error."""
        found = sorted(set(errors))
        if len(found) > MOST_ERRORS:
            last = found[MOST_ERRORS - 1]
            message = said("{count} more errors after this line are not listed; mend these first", count=len(found) - MOST_ERRORS)
            found = [*found[:MOST_ERRORS], ProtocolError(last.line, last.column, "too-many-errors", message, last.file)]
        self.errors: tuple[ProtocolError, ...] = tuple(found)
        super().__init__("\n".join(str(error) for error in self.errors))


def quoted(value: object) -> str:
    """A value from the file as it is shown in a message: in backquotes, on one line, cut where it is long."""
    text = " ".join(str(value).split())
    return f"`{text[:57]}...`" if len(text) > 60 else f"`{text}`"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that ``word`` was probably meant to be, or None. Case does not count; long words are not compared."""
    if len(word) > 60:
        return None
    names = [name for name in islice(known, 500) if len(name) <= 60]
    if len(names) > 100:
        names = nsmallest(100, names, key=lambda name: abs(len(name) - len(word)) + (name[:1].lower() != word[:1].lower()))
    lowered = {name.lower(): name for name in reversed(names)}
    found = get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], what: str) -> str:
    """The end of a message about an unknown name: the nearest known one, else the list of what there is (if it is short)."""
    names = list(known)
    near = nearest(word, names)
    if near is not None:
        return said("did you mean {near}?", near=quoted(near))
    if not names:
        return said("the protocol has no {what}", what=what)
    if len(names) > 8:
        return said("there is {names}, ...", names=tuple(names[:8]))
    return said("there is {names}", names=tuple(names))

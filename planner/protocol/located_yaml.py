"""YAML text to plain data that remembers where each value stood.

It walks libyaml's events, so nothing is built from tags, no alias can explode, and deep nesting cannot overflow the
stack. Scalars follow YAML 1.2 as far as a protocol needs them: ``null``, ``true`` / ``false`` and whole numbers; all else
is text (``on``, ``yes``, ``1:30``, ``1.10``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from planner.protocol.errors import ProtocolError, ProtocolErrors, quoted
from planner.protocol.said import said
from planner.protocol.syntax_error import syntax_error

MOST_BYTES = 1_000_000
MOST_DEPTH = 32
MOST_VALUES = 50_000

Path = tuple[str | int, ...]
Place = tuple[int, int]

_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, eq=False)
class LocatedDocument:
    """Plain data (dict, list, str, int, bool, None), the place of each value and key by path, and the faults met on the way."""

    data: Any
    file: str
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    errors: tuple[ProtocolError, ...]

    def place(self, path: Path) -> Place:
        """Line and column of the value at ``path``, or of the nearest thing around it that stands in the file."""
        return self._nearest(self.values, path)

    def key_place(self, path: Path) -> Place:
        """Line and column of the key that ``path`` ends in."""
        return self.keys.get(path) or self.place(path)

    @staticmethod
    def _nearest(places: Mapping[Path, Place], path: Path) -> Place:
        while path and path not in places:
            path = path[:-1]
        return places.get(path, (1, 1))


def locate_yaml(text: str, file: str) -> LocatedDocument:
    """The data in ``text`` with its places. Faults that leave the rest readable are in ``errors``.

    Raises ProtocolErrors where nothing more can be read: a syntax error, or a file that is too large, deep or long.
    """
    text = text.removeprefix("\ufeff")
    _refuse_unreadable(text, file)
    tabs = [ProtocolError(*place, "tab", said("there is a tab here; use spaces"), file) for place in _first_tabs(text)]
    walk = _Walk(text, file, errors=list(tabs))
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            walk.take(event)
            if walk.ended:
                break
    except yaml.YAMLError as error:
        raise ProtocolErrors(tabs or [syntax_error(error, text, file)]) from None
    return LocatedDocument(walk.root, file, walk.values, walk.keys, tuple(walk.errors))


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    container: dict[str, Any] | list[Any]
    path: Path
    in_braces: bool
    key: str | None = None
    discard_value: bool = False
    unquoted: ScalarEvent | None = None
    """In braces: the last plain scalar, which the next piece may turn out to belong to."""
    open_brackets: int = 0


@dataclass
class _Walk:
    """The state between two events."""

    text: str
    file: str
    root: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    errors: list[ProtocolError] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    count: int = 0
    documents: int = 0
    ended: bool = False

    def fault(self, event: Event, code: str, message: str) -> None:
        self.errors.append(ProtocolError(*_place(event), code, message, self.file))

    def fatal(self, event: Event, code: str, message: str) -> ProtocolErrors:
        return ProtocolErrors([*self.errors, ProtocolError(*_place(event), code, message, self.file)])

    def take(self, event: Event) -> None:
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.fault(event, "several-documents", said("a second document begins here; keep one protocol version per file"))
                self.ended = True
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.stack.pop()
        elif not isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent):
            self.take_node(event)

    def take_node(self, event: Event) -> None:
        self.count += 1
        if self.count > MOST_VALUES:
            raise self.fatal(
                event,
                "too-many-values",
                said("more than {most_values:,} values; a protocol has a few thousand at most", most_values=MOST_VALUES),
            )
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            message = said(
                "anchors (&name) and aliases (*name) are not used here; write the value out "
                '(text that begins with * or & stands in quotes: "*")'
            )
            self.fault(event, "yaml-alias", message)
        if getattr(event, "tag", None):
            self.fault(event, "yaml-tag", said("the tag {tag} is not used here; remove it", tag=quoted(getattr(event, "tag", ""))))
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.container, dict) and top.key is None:
            self.take_key(event, top)
        elif top is None or not self.belongs_to_unquoted(event, top):
            self.take_value(event, top)

    def take_key(self, event: Event, top: _Open) -> None:
        if not isinstance(event, ScalarEvent):
            raise self.fatal(
                event, "bad-key", said('a key must be plain text; if this is text with {{n}} or brackets, put it in quotes: "..."')
            )
        key = event.value
        top.key, top.discard_value = key, False
        if self.is_rest_of_unquoted(event, top):
            top.discard_value = True
        elif key == "<<":
            self.fault(event, "merge-key", said("merge keys (<<) are not used here; write the keys out"))
            top.discard_value = True
        elif key in top.container:
            first = self.keys[(*top.path, key)]
            self.fault(
                event, "duplicate-key", said("{key} is already given on line {first}; keep one of them", key=quoted(key), first=first[0])
            )
            top.discard_value = True
        else:
            self.keys[(*top.path, key)] = _place(event)

    def is_rest_of_unquoted(self, event: ScalarEvent, top: _Open) -> bool:
        """In braces, a key without colon after a plain value is what a comma has cut off from it."""
        if not (top.in_braces and event.implicit[0] and top.unquoted is not None):
            return False
        rest = self.text[_index(event.end_mark) :].lstrip(" ")
        if top.open_brackets <= 0 and rest[:1] == ":":
            return False
        self.report_unquoted(top, event)
        return True

    def belongs_to_unquoted(self, event: Event, top: _Open) -> bool:
        """In a [...] list, whether this item is what a comma inside round brackets has cut off from the one before."""
        if not (isinstance(top.container, list) and top.open_brackets > 0 and isinstance(event, ScalarEvent)):
            return False
        self.report_unquoted(top, event)
        return True

    def report_unquoted(self, top: _Open, event: ScalarEvent) -> None:
        begun = top.unquoted
        if begun is None:
            return
        start = _index(begun.start_mark)
        whole = self.text[start : min(_index(event.end_mark), start + 200)]
        if self.errors and (self.errors[-1].code, self.errors[-1].line, self.errors[-1].column) == ("needs-quotes", *_place(begun)):
            self.errors.pop()
        self.fault(
            begun, "needs-quotes", said('a comma ends a value here; put the whole value in quotes: "{whole}"', whole=quoted(whole)[1:-1])
        )
        top.open_brackets += event.value.count("(") - event.value.count(")")

    def take_value(self, event: Event, top: _Open | None) -> None:
        if top is None:
            path: Path = ()
        elif isinstance(top.container, dict):
            path = (*top.path, top.key or "")
        else:
            path = (*top.path, len(top.container))
        discard = top is not None and top.discard_value
        if not discard:
            self.values[path] = _place(event)
        value = self.value_of(event, path if not discard else (*path, "<<"))
        if top is None:
            self.root = value
        elif isinstance(top.container, dict):
            if not discard:
                top.container[top.key or ""] = value
            top.key = None
        else:
            top.container.append(value)
        if top is not None and top.in_braces and not discard:
            top.unquoted = event if isinstance(event, ScalarEvent) and event.implicit[0] and event.value != "" else None
            top.open_brackets = top.unquoted.value.count("(") - top.unquoted.value.count(")") if top.unquoted is not None else 0

    def value_of(self, event: Event, path: Path) -> Any:
        """The scalar's value, or a new container that the next events fill."""
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        if not isinstance(event, CollectionStartEvent):
            return None
        if len(self.stack) >= MOST_DEPTH:
            raise self.fatal(event, "too-deep", said("nested more than {most_depth} deep; a protocol needs about 6", most_depth=MOST_DEPTH))
        container: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        self.stack.append(_Open(container, path, bool(event.flow_style)))
        return container


def _place(event: Event) -> Place:
    mark = event.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _index(mark: Any) -> int:
    return 0 if mark is None else int(mark.index)


def _scalar(event: ScalarEvent) -> object:
    if not event.implicit[0]:
        return event.value
    if event.value in _WORDS:
        return _WORDS[event.value]
    return int(event.value) if _WHOLE_NUMBER.fullmatch(event.value) else event.value


def _refuse_unreadable(text: str, file: str) -> None:
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise ProtocolErrors([ProtocolError(1, 1, "too-large", said("larger than 1 MB; a protocol has a few dozen kB at most"), file)])
    found = _BAD_CHARACTER.search(text)
    if found is not None:
        message = said("the character U+{ord:04X} cannot stand in a protocol; remove it", ord=ord(found.group()))
        raise ProtocolErrors([ProtocolError(*_place_at(text, found.start()), "bad-character", message, file)])


def _place_at(text: str, index: int) -> Place:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _first_tabs(text: str) -> Iterator[Place]:
    for number, line in enumerate(text.split("\n"), start=1):
        column = line.find("\t")
        if column >= 0 and not line.lstrip().startswith("#"):
            yield number, column + 1

"""The faults found so far in one file, each put at the place of the path it is about."""

from __future__ import annotations

from collections.abc import Iterable

from planner.protocol.errors import CODES, ProtocolError, ProtocolErrors
from planner.protocol.grammar import GrammarError
from planner.protocol.located_yaml import LocatedDocument, Path, Place

STAND_IN = "\ufffe"
"""Text in the place of a value that is wrong or missing. No file can hold it; what is said about it is not reported."""


class Faults:
    """Collects ProtocolErrors for a document; a place that is already broken as YAML is not complained of again."""

    def __init__(self, document: LocatedDocument) -> None:
        """Begin with the faults of the YAML itself."""
        self.document = document
        self._errors = list(document.errors)
        self._broken: set[Place] = {(error.line, error.column) for error in document.errors if error.code != "tab"}
        self._paths: set[Path] = set()
        if self._broken:
            places = [*document.values.items(), *document.keys.items()]
            self._touch(path for path, place in places if place in self._broken)

    def add(self, path: Path, code: str, message: str) -> None:
        """Report a fault of the value at ``path``."""
        self._add(path, self.document.place(path), code, message)

    def add_at_key(self, path: Path, code: str, message: str) -> None:
        """Report a fault of the key that ``path`` ends in."""
        self._add(path, self.document.key_place(path), code, message)

    def add_grammar(self, path: Path, error: GrammarError) -> None:
        """Report a text that could not be read."""
        self.add(path, error.code, error.message)

    def line(self, path: Path) -> int:
        """The line of the value at ``path``."""
        return self.document.place(path)[0]

    def __bool__(self) -> bool:
        """Whether there is any fault."""
        return bool(self._errors)

    def raise_if_any(self) -> None:
        """Raise ProtocolErrors with every fault found."""
        if self._errors:
            raise ProtocolErrors(self._errors)

    def touches(self, path: Path) -> bool:
        """Whether something at ``path`` or inside it is already reported, so that what follows from it is not news."""
        return path in self._paths

    def _touch(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self._paths.update(path[:length] for length in range(len(path) + 1))

    def _add(self, path: Path, place: Place, code: str, message: str) -> None:
        if code not in CODES:
            raise KeyError(code)
        self._touch([path])
        if place not in self._broken and STAND_IN not in message:
            self._errors.append(ProtocolError(*place, code, message, self.document.file))

"""Reading an export: every line is checked, and both chains are followed, before anything is kept of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.facts.chain import FIELDS, content_hash, details_text, fact_hash, head_hash
from planner.records.facts.kinds import Kind
from planner.records.facts.moments import is_moment
from planner.records.proof.archive import FORMAT, VERSION
from planner.records.proof.fact_lines import FACT_FIELDS
from planner.records.proof.named_contents import named_contents
from planner.records.proof.stored_form import stored_form_faults
from planner.schedule.days import day_number

_LARGEST = 2**31 - 1
_ORDER = ("content", "subject", "fact")
_CONTENT_KINDS = ("protocol", "calendar")
_KINDS = frozenset(str(kind) for kind in Kind)
_COUNTED = ("position", "number", "act")
_POINTING = ("replaces", "refers")
_DATES = ("day", "until_day")
_TEXTS = tuple(name for name in FACT_FIELDS if name not in (*_COUNTED, *_POINTING, *_DATES, "recorded_at"))


class ArchiveError(RecordsError, ValueError):
    """An export that cannot be restored; the text names the line and what is wrong with it. Nothing is kept of it."""


class ArchiveReader:
    """Turns the lines of an export into rows of the tables; ``name`` is the file, for messages."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 0
        self._stage = 0
        self._contents: dict[str, str] = {}
        self._subjects: dict[tuple[str, str], int] = {("", ""): 0}
        self._ends: dict[int, tuple[int, str]] = {}
        self._facts = 0
        self.head = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many contents, subjects and facts were read."""
        return {"contents": len(self._contents), "subjects": len(self._subjects) - 1, "facts": self._facts}

    def rows(self, lines: Iterable[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The table and the row that each line is, in order. Raises ArchiveError, at the latest after the last line."""
        remaining = iter(lines)
        self._require_header(self._parsed(next(remaining, b"")))
        for line in remaining:
            data = self._parsed(line)
            if len(data) != 1 or not isinstance(fields := next(iter(data.values())), dict):
                raise self._fault(said('holds no {{"content": ...}}, {{"subject": ...}}, {{"fact": ...}} or {{"end": ...}}'))
            what = next(iter(data))
            if what == "end":
                self._require_end(fields)
                if any(rest.strip() for rest in remaining):
                    self._line += 1
                    raise self._fault(said("stands behind the end line"))
                return
            if what not in _ORDER or _ORDER.index(what) < self._stage:
                raise self._fault(
                    said("stands in the wrong place: contents come first, then subjects, then facts, not {what!r} here", what=what[:20])
                )
            self._stage = _ORDER.index(what)
            yield {"content": self._content, "subject": self._subject, "fact": self._fact}[what](fields)
        self._line += 1
        raise self._fault(said("is missing: the file ends before its end line, so a part was cut off"))

    # --- the parts of a file --------------------------------------------------------------------------------------

    def _parsed(self, line: bytes) -> dict[str, Any]:
        self._line += 1
        try:
            data = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            raise self._fault(said("is no JSON: the file was damaged, cut off, or is no export of this planner")) from None
        if not isinstance(data, dict):
            raise self._fault(said("is no JSON object"))
        return data

    def _require_header(self, data: Mapping[str, Any]) -> None:
        if data.get("format") != FORMAT:
            raise self._fault(said('does not say {{"format":"{format}"}}: this is no export of the records', format=FORMAT))
        if data.get("version") != VERSION:
            raise self._fault(
                said(
                    "names version {data} of the format; this planner reads {version}. Use a newer one",
                    data=str(data.get("version"))[:20],
                    version=VERSION,
                )
            )

    def _require_end(self, fields: Mapping[str, Any]) -> None:
        for name, count in self.counts.items():
            if fields.get(name) != count:
                raise self._fault(
                    said(
                        "counts {fields} {name}, but there are {count}: lines were removed or added",
                        fields=str(fields.get(name))[:20],
                        name=name,
                        count=count,
                    )
                )
        if fields.get("head") != self.head:
            raise self._fault(said("names another head than that of the last fact"))

    def _content(self, fields: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        self._require_names(fields, ("hash", "kind", "text"))
        self._require_texts(fields, ("hash", "kind", "text"))
        if fields["kind"] not in _CONTENT_KINDS:
            raise self._fault(said("has a kind that is neither protocol nor calendar"))
        if content_hash(fields["text"]) != fields["hash"]:
            raise self._fault(said("has a text that does not have its hash: one of them was changed"))
        if fields["hash"] in self._contents:
            raise self._fault(said("has a text that an earlier line has"))
        self._contents[fields["hash"]] = fields["kind"]
        return "contents", dict(fields)

    def _subject(self, fields: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        self._require_names(fields, ("id", "study", "number"))
        self._require_texts(fields, ("study", "number"))
        key, expected = (fields["study"], fields["number"]), len(self._subjects)
        if type(fields["id"]) is not int or fields["id"] != expected:
            raise self._fault(said("should have the id {expected}: a line was removed or moved", expected=expected))
        if key in self._subjects or not all(key):
            raise self._fault(said("is a subject that an earlier line has, or has no study or number"))
        self._subjects[key] = expected
        return "subjects", dict(fields)

    def _fact(self, fields: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        self._require_names(fields, FACT_FIELDS)
        self._require_texts(fields, _TEXTS)
        self._require_fact_values(fields)
        row_id = self._subjects.get((fields["study"], fields["subject"]))
        if row_id is None:
            raise self._fault(said("is about a subject that no line before it names"))
        number, previous = self._ends.get(row_id, (0, ""))
        if fields["position"] != self._facts + 1:
            raise self._fault(said("should be fact {facts}: a fact was removed, added or moved", facts=self._facts + 1))
        if fields["number"] != number + 1 or fields["previous_hash"] != previous:
            raise self._fault(
                said("does not continue its subject's log, which has {number} facts: a fact was removed, added or changed", number=number)
            )
        if fact_hash([fields[name] for name in FIELDS]) != fields["hash"]:
            raise self._fault(said("does not have its hash: the fact was changed"))
        if head_hash(self.head, fields["hash"]) != fields["head"]:
            raise self._fault(said("does not continue the chain of the whole log: a fact before it was changed"))
        if faults := stored_form_faults([fields[name] for name in FIELDS]):
            raise self._fault(said("holds a fact that cannot be: {faults}", faults=" ".join(faults).removesuffix(".")))
        self._facts, self.head = fields["position"], fields["head"]
        self._ends[row_id] = (fields["number"], fields["hash"])
        row = {name: value for name, value in fields.items() if name not in ("study", "subject")}
        days = {name: None if fields[name] is None else day_number(date.fromisoformat(fields[name])) for name in _DATES}
        return "facts", {**row, **days, "subject_id": row_id}

    # --- the values of a line -------------------------------------------------------------------------------------

    def _require_names(self, fields: Mapping[str, Any], names: tuple[str, ...]) -> None:
        if missing := [name for name in names if name not in fields]:
            raise self._fault(said("has no {missing}", missing=tuple(missing)))
        if len(fields) > len(names):
            raise self._fault(said("has more fields than {names}", names=tuple(names)))

    def _require_texts(self, fields: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for name in names:
            value = fields[name]
            if not isinstance(value, str) or "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
                raise self._fault(said("has no text as its {name}, or one that cannot be kept", name=name))

    def _require_fact_values(self, fields: Mapping[str, Any]) -> None:
        for name in _COUNTED:
            if type(fields[name]) is not int or not 1 <= fields[name] <= _LARGEST:
                raise self._fault(said("has no number from 1 as its {name}", name=name))
        for name in _POINTING:
            if fields[name] is not None and (type(fields[name]) is not int or not 1 <= fields[name] < fields["number"]):
                raise self._fault(said("has no number of an earlier fact as its {name}", name=name))
        for name in _DATES:
            if fields[name] is not None and not _is_date(fields[name]):
                raise self._fault(said("has no date such as 2026-04-17 as its {name}", name=name))
        if type(fields["recorded_at"]) is not int or not is_moment(fields["recorded_at"]):
            raise self._fault(said("has no microseconds since 1970 as its recorded_at"))
        if fields["act"] > fields["number"] or fields["kind"] not in _KINDS or not _is_details(fields["details"]):
            raise self._fault(said("has an act, a kind or details that this planner does not know. Was it written by a newer one?"))
        for named, kind in named_contents(fields["kind"], fields["value"], fields["details"]):
            if self._contents.get(named) != kind:
                raise self._fault(said("names the {kind} {named}, which no content line holds", kind=kind, named=named[:64]))

    def _fault(self, what: str) -> ArchiveError:
        return ArchiveError(said("{name}: line {line} {what}. Nothing was restored.", name=self._name, line=self._line, what=what))


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_details(value: str) -> bool:
    try:
        details = json.loads(value)
        return isinstance(details, dict) and details_text(details) == value
    except (ValueError, RecursionError):
        return False

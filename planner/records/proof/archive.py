"""Everything out, in one open format: JSON lines with the kept texts, the subjects and the facts (docs/records.md, Export format)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.facts.chain import FieldValue
from planner.records.proof.fact_lines import FACT_FIELDS, UnreadableLogError, fact_lines
from planner.records.proof.raw_rows import UnreadableError, rows_as_stored

__all__ = [
    "FORMAT",
    "VERSION",
    "ArchiveLine",
    "UnreadableLogError",
    "Write",
    "archive_lines",
    "export_all",
    "export_lines",
    "framed_lines",
    "kept_texts",
    "subject_rows",
    "write_archive",
]

FORMAT = "trial-visit-planner records"
VERSION = 1

_ADVICE = said("Run `audit verify` to see all that is damaged, and restore a backup.")

Write = Callable[[str], object]
ArchiveLine = tuple[str, Mapping[str, Any]]
"""What a line is (``content``, ``subject`` or ``fact``), and its fields."""


def export_all(connection: Connection, write: Write) -> str:
    """Write all there is to ``write`` (such as a file's), line by line, in bounded memory; gives the head of the log.

    The lines are ASCII and the same for the same log, on both databases. Raises UnreadableLogError for a damaged log.
    """
    return write_archive(archive_lines(connection), write)


def export_lines(connection: Connection) -> Iterator[str]:
    """The lines that ``export_all`` writes, one by one."""
    yield from framed_lines(archive_lines(connection))


def archive_lines(connection: Connection) -> Iterator[ArchiveLine]:
    """The lines of an export without its first and last."""
    for stored, kind, text in kept_texts(connection):
        yield "content", {"hash": stored, "kind": kind, "text": text}
    for row_id, study, number in subject_rows(connection):
        yield "subject", {"id": row_id, "study": study, "number": number}
    for values in fact_lines(connection):
        yield "fact", dict(zip(FACT_FIELDS, values, strict=True))


def write_archive(lines: Iterable[ArchiveLine], write: Write) -> str:
    """Write these lines with the first and the last around them; gives the head of the last fact."""
    head = ""

    def noted() -> Iterator[ArchiveLine]:
        nonlocal head
        for what, fields in lines:
            if what == "fact":
                head = str(fields["head"])
            yield what, fields

    for line in framed_lines(noted()):
        write(line)
    return head


def framed_lines(lines: Iterable[ArchiveLine]) -> Iterator[str]:
    """These lines as text, with the first and the last around them."""
    yield _text({"format": FORMAT, "version": VERSION})
    counts = {"content": 0, "subject": 0, "fact": 0}
    head: FieldValue = ""
    for what, fields in lines:
        yield _text({what: dict(fields)})
        counts[what] += 1
        if what == "fact":
            head = fields["head"]
    yield _text({"end": {"contents": counts["content"], "subjects": counts["subject"], "facts": counts["fact"], "head": head}})


def kept_texts(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Hash, kind and text of each kept text, by hash, one in memory at a time. Raises UnreadableLogError."""
    # Sorted here: databases sort texts each in their own way, and there are few.
    for (stored,) in sorted(_text_rows(connection, "SELECT hash FROM contents", said("The table contents"))):
        if not (stored.isascii() and stored.isalnum()):
            raise UnreadableLogError(said("A kept text has no hash. {advice}", advice=_ADVICE))
        for text in _text_rows(
            connection, f"SELECT hash, kind, text FROM contents WHERE hash = '{stored}'", said("The text {stored}", stored=stored)
        ):
            yield text[0], text[1], text[2]


def subject_rows(connection: Connection) -> Iterator[tuple[int, str, str]]:
    """Id, study and number of each subject, by id; without the administration log. Raises UnreadableLogError."""
    query = "SELECT id, study, number FROM subjects WHERE id <> 0 ORDER BY id"
    try:
        for row_id, study, number in rows_as_stored(connection, query):
            if type(row_id) is not int or not isinstance(study, str) or not isinstance(number, str):
                raise UnreadableLogError(said("The table subjects holds what is no subject. {advice}", advice=_ADVICE))
            yield row_id, study, number
    except UnreadableError as error:
        raise UnreadableLogError(said("The table subjects cannot be read ({error}). {advice}", error=str(error), advice=_ADVICE)) from error


def _text_rows(connection: Connection, query: str, what: str) -> Iterator[tuple[str, ...]]:
    try:
        for row in rows_as_stored(connection, query):
            if not all(isinstance(value, str) for value in row):
                raise UnreadableLogError(said("{what} holds what is no text. {advice}", what=what, advice=_ADVICE))
            yield row
    except UnreadableError as error:
        raise UnreadableLogError(said("{what} cannot be read ({error}). {advice}", what=what, error=str(error), advice=_ADVICE)) from error


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"

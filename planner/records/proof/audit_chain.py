"""The chains of the log, checked fact by fact on raw rows: each fact that is wrong is named once, and no later one in its stead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from planner.protocol.said import said
from planner.protocol.said_lists import clauses, enumerated, sentences
from planner.records.facts.chain import head_hash
from planner.records.proof.audit_fault import AuditFault, Faults
from planner.records.proof.audit_fields import hashable_text, is_day, raw_hash, whole, wrong_types
from planner.records.proof.audit_rights import RightsReplay
from planner.records.proof.named_contents import NAMING_KINDS, named_contents
from planner.records.proof.raw_rows import RawRow, UnreadableFact
from planner.records.proof.stored_form import stored_form_faults

_POSITION, _SUBJECT_ID, _NUMBER, _KIND, _DAY, _UNTIL_DAY, _VALUE, _DETAILS, _PREVIOUS, _HASH, _HEAD = 0, 1, 2, 4, 6, 7, 8, 11, 17, 18, 19


@dataclass(slots=True)
class _Log:
    """How far one subject's log was followed."""

    study: str
    subject: str
    number: int = 0
    hash: str = ""
    computed: str | None = None
    """The hash that the last fact's fields have, where its row is damaged: the next may rightly continue from that."""
    unsure: bool = False
    """Whether a damaged row hides where the log goes on."""
    lost: int = 0
    """How many facts had been lost when this log was last in doubt: any lost since may be this subject's."""
    facts: int = 0
    differing: int = 0
    """Facts whose fields do not have their hash."""

    def go_on_from(self, number: int, stored: str, computed: str | None, lost: int) -> None:
        """The next fact continues this one."""
        self.number, self.hash, self.computed, self.unsure, self.lost = number, stored, computed, False, lost

    def __str__(self) -> str:
        return f"{self.study}/{self.subject}" if self.subject else said("the administration log")


@dataclass(slots=True)
class ChainCheck:
    """Follows the chains; ``subjects`` holds the study and number of each id. Give it every row in order, then call ``finish``."""

    subjects: Mapping[int, tuple[str, str]]
    faults: Faults
    kept_head: str | None = None
    facts: int = 0
    head: str = ""
    needed: dict[tuple[str, str], tuple[int, str, int]] = field(default_factory=dict)
    """Hash and kind of each content that facts name, with the first of them: position, subject, number."""
    _position: int = 0
    _doubted: set[int] = field(default_factory=set)
    """Positions that rows behind ``_position`` claim, and no hash vouches for."""
    _other_heads: frozenset[str] | None = frozenset()
    """Further heads that the next fact may rightly continue from, because of a damaged row; None: any."""
    _lost: int = 0
    """How many facts could not even be told whose they are."""
    _kept_head_seen: bool = False
    _sound_types: set[tuple[type, ...]] = field(default_factory=set)
    """Types of whole rows that are what the columns should hold."""
    _strangers: set[int] = field(default_factory=set)
    """Numbers that facts give for their subject, and the table subjects does not have."""
    _logs: dict[int, _Log] = field(default_factory=dict)
    _rights: RightsReplay = field(init=False)

    def __post_init__(self) -> None:
        self._logs = {row_id: _Log(*key) for row_id, key in self.subjects.items()}
        self._rights = RightsReplay(self.faults)

    def row(self, row: RawRow) -> None:
        """Check the next fact."""
        position, number, stored = row[_POSITION], row[_NUMBER], row[_HASH]
        self.facts += 1
        if row[_HEAD] == self.kept_head:
            self._kept_head_seen = True
        log = self._logs.get(row[_SUBJECT_ID]) if type(row[_SUBJECT_ID]) is int else None
        if log is None:
            self._without_subject(row)
            return
        log.facts += 1
        computed = raw_hash(row, log.study, log.subject, position, number)
        if (
            computed == stored
            and position == self._position + 1
            and number == log.number + 1
            and row[_PREVIOUS] == log.hash
            and head_hash(self.head, stored) == row[_HEAD]
        ):
            self._position, self.head, log.number, log.hash = position, row[_HEAD], number, stored
            self._check_form(row, log)
            if row[_KIND] in NAMING_KINDS:
                self._note_contents(row, log)
            self._rights.row(row, log)
        elif computed is not None and computed == stored:
            self._misplaced(row, log, position, number, [])
        else:
            self._differing(row, log, computed)

    def unreadable(self, fact: UnreadableFact) -> None:
        """Take note of a fact that is there and cannot be read."""
        self._rights.stop()
        log = self._logs.get(fact.subject_id) if fact.subject_id is not None else None
        self.faults.add(
            AuditFault(fact.position, str(log) if log else "", fact.number, said("its row cannot be read ({why})", why=fact.why))
        )
        self._position = max(self._position, fact.position)
        self._other_heads = None
        if log is None or fact.number is None:
            self._lost += 1
        else:
            log.facts += 1
            log.number, log.unsure = fact.number, True

    # --- rows that do not simply continue both chains -----------------------------------------------------------

    def _without_subject(self, row: RawRow) -> None:
        self._rights.stop()
        what = said("its subject_id is not in the table subjects: it was changed, or that row was")
        named = whole(row[_NUMBER])
        stranger = row[_SUBJECT_ID] if type(row[_SUBJECT_ID]) is int else None
        self.faults.add(AuditFault(row[_POSITION], "", named, what), group=None if stranger is None else ("no subject", stranger))
        if stranger is not None:
            self._strangers.add(stranger)
        self._doubt_position(row[_POSITION])
        self._doubt_head(row, None)
        self._lost += 1

    def _differing(self, row: RawRow, log: _Log, computed: str | None) -> None:
        """Fields that do not have their hash: its position or number may be what was changed, else it can be any of them."""
        position, number, stored = row[_POSITION], row[_NUMBER], row[_HASH]
        for place, in_log, what in (
            (self._position + len(self._doubted) + 1, number, "position"),
            (position, log.number + 1, "number"),
        ):
            if raw_hash(row, log.study, log.subject, place, in_log) == stored:
                problem = said(
                    "its {what} was changed: by its hash it is fact {place} of the log, number {in_log} of {log}",
                    what=what,
                    place=place,
                    in_log=in_log,
                    log=str(log),
                )
                self._misplaced(row, log, place, in_log, [problem])
                return
        log.differing += 1
        if position == self._position + 1 and number == log.number + 1:
            self._rights.damaged(row)
        else:
            self._rights.stop()
        wrong = wrong_types(row)
        what = said("its fields do not have its hash: one of them was changed, or the hash")
        if wrong:
            what = said("its fields do not have its hash: one of them was changed, or the hash ({wrong})", wrong=wrong)
        self.faults.add(AuditFault(position, str(log), whole(number), what), group=("differing", row[_SUBJECT_ID]))
        self._doubt_position(position)
        self._doubt_head(row, computed)
        if number == log.number + 1 and type(number) is int:
            log.go_on_from(number, stored, computed, self._lost)
        else:
            log.unsure = True

    def _doubt_position(self, position: int) -> None:
        if position == self._position + 1:
            self._position = position
        else:
            self._doubted.add(position)

    def _doubt_head(self, row: RawRow, computed: str | None) -> None:
        """Go on from a row that is damaged: from its head, if that continues the chain, else from any."""
        self._other_heads = frozenset() if row[_HEAD] in self._following(row, computed) else None
        self.head = row[_HEAD] if hashable_text(row[_HEAD]) else ""

    def _following(self, row: RawRow, computed: str | None) -> set[str]:
        """The heads that this fact may have: one where all is in order, more behind and on damaged rows, none where that is not known."""
        before = () if self._other_heads is None else (self.head, *self._other_heads)
        hashes = {each for each in (row[_HASH], computed) if each is not None and hashable_text(each)}
        return {head_hash(each, fact) for each in before if hashable_text(each) for fact in hashes}

    def _misplaced(self, row: RawRow, log: _Log, position: int, number: int, problems: list[str]) -> None:
        """A fact whose hash is right with this position and number: say what is missing before it, and what it does not continue."""
        gap = self._after_gap(position, problems)
        self._check_number(row, log, number, problems)
        following = self._following(row, None)
        if following and not gap and row[_HEAD] not in following:
            problems.append(said("its head does not continue the chain of the whole log: it was changed, moved or hashed anew"))
            self._other_heads = frozenset(following)
        else:
            self._other_heads = frozenset()
        self.head = row[_HEAD] if hashable_text(row[_HEAD]) else ""
        if problems:
            self.faults.add(AuditFault(row[_POSITION], str(log), whole(row[_NUMBER]), clauses(problems)))
        if problems or gap:
            self._rights.stop()
        self._check_form(row, log)
        self._rights.row(row, log)
        if row[_KIND] in NAMING_KINDS:
            self._note_contents(row, log)

    def _after_gap(self, position: int, problems: list[str]) -> bool:
        """Whether the fact does not follow the one before it, so that its head cannot be told."""
        if position <= self._position:
            problems.append(said("it stands behind fact {position} of the log: it was moved, or written twice", position=self._position))
            return True
        missing = _runs_between(self._position, position, self._doubted)
        self._position = position
        self._doubted.clear()
        if missing:
            one = len(missing) == 1 and missing[0][0] == missing[0][1]
            named = enumerated(
                str(first) if first == last else said("{first} to {last}", first=first, last=last) for first, last in missing
            )
            what = said("fact {named} is", named=named) if one else said("facts {named} are", named=named)
            self.faults.add(AuditFault(missing[0][0], "", None, said("{what} missing: removed, or moved elsewhere", what=what)))
        return bool(missing)

    def _check_number(self, row: RawRow, log: _Log, number: int, problems: list[str]) -> None:
        """Whether the fact continues its subject's chain."""
        expected, sure = log.number + 1, not log.unsure and log.lost == self._lost
        if number < expected:
            problems.append(
                said("there is a number {number} of {log} already: it was written twice, or moved", number=number, log=str(log))
            )
            return
        if number > expected and sure:
            missing = (
                said("number {expected} is", expected=expected)
                if number == expected + 1
                else said("numbers {expected} to {number} are", expected=expected, number=number - 1)
            )
            problems.append(said("{missing} missing before it: removed, or moved elsewhere", missing=missing))
        elif number == expected and sure and row[_PREVIOUS] not in (log.hash, log.computed):
            problems.append(
                said(
                    "the chain breaks here: it was not written after what is now number {log_number} of {log}",
                    log_number=log.number,
                    log=str(log),
                )
            )
        log.go_on_from(number, row[_HASH], None, self._lost)

    def _check_form(self, row: RawRow, log: _Log) -> None:
        """Whether a fact whose hash is right is one that could have been written."""
        types = tuple(map(type, row))
        why = "" if types in self._sound_types else wrong_types(row)
        if not why:
            self._sound_types.add(types)
            is_dated = is_day(row[_DAY]) and is_day(row[_UNTIL_DAY])
            fields = (row[_POSITION], log.study, log.subject, *row[_NUMBER : _PREVIOUS + 1])
            why = sentences(stored_form_faults(fields)) if is_dated else said("a day is none that the calendar has")
        if why:
            what = said("its hash is right, and yet no such fact could be written: {why}", why=why)
            self.faults.add(AuditFault(row[_POSITION], str(log), whole(row[_NUMBER]), what))

    def _note_contents(self, row: RawRow, log: _Log) -> None:
        for named in named_contents(row[_KIND], row[_VALUE], row[_DETAILS]):
            self.needed.setdefault(named, (row[_POSITION], str(log), row[_NUMBER]))

    # --- after the last row -------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Say what only the whole log shows: changed rows of the table subjects, subjects without facts, a cut tail."""
        for row_id, log in self._logs.items():
            if 2 <= log.facts == log.differing:
                self.faults.gather(
                    ("differing", row_id),
                    str(log),
                    said(
                        "none of its facts has its hash: row {row_id} of the table subjects was changed, or all of them were", row_id=row_id
                    ),
                )
            elif row_id > 0 and log.facts == 0:
                self.faults.add(
                    AuditFault(
                        None, str(log), None, said("row {row_id} of the table subjects has no facts: they were removed", row_id=row_id)
                    )
                )
        for row_id in self._strangers:
            if self.faults.size(("no subject", row_id)) > 1:
                what = said("subject_id {row_id} is not in the table subjects: its row was removed or changed", row_id=row_id)
                self.faults.gather(("no subject", row_id), "", what)
        if self.kept_head and not self._kept_head_seen:
            what = said("No fact has the head that was kept: the end of the log was cut or written anew, or it is another log.")
            self.faults.add(AuditFault(None, "", None, what))


def _runs_between(before: int, after: int, known: set[int]) -> list[tuple[int, int]]:
    """The runs of numbers between two that are not among the known ones, as first and last."""
    ends = [before, *sorted(each for each in known if before < each < after), after]
    return [(first + 1, last - 1) for first, last in pairwise(ends) if first + 1 < last]

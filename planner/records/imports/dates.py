"""Importing what happened to visits: rows of subject, visit and date of subjects that are enrolled (docs/records.md, Importing)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

from sqlalchemy import Connection

from planner.protocol.errors import nearest
from planner.protocol.said import said
from planner.protocol.said_lists import alternatives
from planner.records.caller import Caller
from planner.records.facts.fact import Act, SubjectKey
from planner.records.facts.wording import in_words
from planner.records.imports.check import CheckedSubject, Rules, checked
from planner.records.imports.compare import Recorded
from planner.records.imports.days import OpenDayCheck
from planner.records.imports.plan import ImportPlan, SiteAct
from planner.records.imports.recorded import read_recorded
from planner.records.imports.report import contradictions, planned, report
from planner.records.imports.rights import ImportRights
from planner.records.imports.rows import CellFault, DateFile, DateRow
from planner.records.imports.said import said_of_date
from planner.records.people.readable import readable_subjects
from planner.records.people.rights import Action, allowed_sites
from planner.records.people.settings import Settings, read_settings
from planner.records.pinned.contents import PinnedContents

_HINTS = 20
"""For how many unknown subjects the nearest known one is looked for, which takes long where there are many."""


def plan_dates(connection: Connection, caller: Caller, file: DateFile, study: str = "") -> ImportPlan:
    """What importing these visit dates would do; nothing is written. ``study`` is that of rows that name none.

    A row without any study is of the one study that has the subject. Subjects whom the caller may not read are unknown. Raises
    NotAllowedError where the caller may import nowhere.
    """
    settings = read_settings(connection)
    allowed_sites(settings, caller.who, Action.IMPORT)
    ids = readable_subjects(connection, caller)
    where = "" if allowed_sites(settings, caller.who, Action.READ) is None else said(" at a site that this account may read")
    faults = list(file.faults)
    rows_of, unknown = _by_subject(file, study, ids, _Hints(ids, where))
    faults += unknown
    subjects = {row.line: key for key, rows in rows_of.items() for row in rows}
    what = {row.line: in_words(said_of_date(row, file.columns).new) for row in file.rows}
    acts: list[SiteAct] = []
    written: list[int] = []
    check = _DateCheck(file.columns, settings, caller)
    for recorded in read_recorded(connection, ids, list(rows_of), PinnedContents(connection)):
        found, site = check.subject(recorded, rows_of[recorded.key])
        faults += [*found.faults, *contradictions(connection, found)]
        written += [one.line for one in found.new]
        if found.new:
            acts.append(SiteAct(site, Act(found.key, recorded.revision, tuple(one.new for one in found.new))))
    faults += check.open_days.finish()
    return planned(report(subjects, what, written, faults), acts)


def _by_subject(
    file: DateFile, study: str, ids: Mapping[SubjectKey, int], hints: _Hints
) -> tuple[Mapping[SubjectKey, Sequence[DateRow]], list[CellFault]]:
    """The rows of each subject that there is, and what is wrong with the others."""
    studies: dict[str, list[str]] = defaultdict(list)
    for key in ids:
        studies[key.number].append(key.study)
    rows_of: dict[SubjectKey, list[DateRow]] = defaultdict(list)
    faults = []
    for row in file.rows:
        named = row.study or study
        where = [named] if named else studies.get(row.subject, [])
        if len(where) > 1:
            these = alternatives(f"{one}/{row.subject}" for one in sorted(where))
            faults.append(
                CellFault(row.line, file.columns["subject"], said("several studies have this subject; write {these}", these=these))
            )
        elif where and SubjectKey(where[0], row.subject) in ids:
            rows_of[SubjectKey(where[0], row.subject)].append(row)
        else:
            faults.append(CellFault(row.line, file.columns["subject"], hints.unknown(row.subject, named)))
    return rows_of, faults


class _Hints:
    """Sentences about subjects that are not among ``ids``, ``where`` of all sites these are at."""

    def __init__(self, ids: Mapping[SubjectKey, int], where: str) -> None:
        self._where = where
        self._numbers: dict[str, list[str]] = defaultdict(list)
        for key in ids:
            self._numbers[key.study].append(key.number)
        self._told: dict[tuple[str, str], str] = {}

    def unknown(self, number: str, study: str) -> str:
        """There is no subject of this number, in this study if one is named; with the nearest that there is."""
        if (number, study) not in self._told:
            self._told[number, study] = self._sentence(number, study)
        return self._told[number, study]

    def _sentence(self, number: str, study: str) -> str:
        if study and study not in self._numbers:
            near = nearest(study, self._numbers)
            hint = said("did you mean {near}?", near=near) if near else said("check its code, or import its subjects first")
            return said("there is no subject of this study{where}; {hint}", where=self._where, hint=hint)
        message = said(
            "no subject{what} with this number is enrolled{where}",
            what=said(" of {study}", study=study) if study else "",
            where=self._where,
        )
        near = self._near(number, study) if len(self._told) < _HINTS else None
        return (
            said("{message}; did you mean {near}?", message=message, near=near)
            if near
            else said("{message}; check it, or import the subject first", message=message)
        )

    def _near(self, number: str, study: str) -> str | None:
        """The nearest number that begins alike."""
        known = self._numbers[study] if study else chain.from_iterable(self._numbers.values())
        return nearest(number, (other for other in known if other[: len(number) // 2] == number[: len(number) // 2]))


class _DateCheck:
    """Judges what a file says of each subject."""

    def __init__(self, columns: Mapping[str, int], settings: Settings, caller: Caller) -> None:
        self._columns, self._caller = columns, caller
        self._rights = ImportRights(settings, caller)
        self.open_days = OpenDayCheck()

    def subject(self, recorded: Recorded, rows: Sequence[DateRow]) -> tuple[CheckedSubject, str]:
        """What becomes of the subject's rows, and the site where the subject is."""
        state = recorded.state
        if state is None:
            return self._refused(recorded, rows, said("the enrolment of this subject was taken back; enrol the subject first")), ""
        refusal = self._rights.refusal(Action.IMPORT, state.site)
        if refusal:
            return self._refused(recorded, rows, refusal), state.site
        given = [said_of_date(row, self._columns) for row in rows]
        rules = Rules(state.plan, self._caller.today(state.calendar.zone))
        found = checked(recorded, given, state.facts, rules)
        self._rights.note(found, state.site)
        self.open_days.add(found, rules, state.calendar)
        return found, state.site

    def _refused(self, recorded: Recorded, rows: Sequence[DateRow], message: str) -> CheckedSubject:
        faults = [CellFault(row.line, self._columns["subject"], message) for row in rows]
        return CheckedSubject(recorded.key, faults=faults)

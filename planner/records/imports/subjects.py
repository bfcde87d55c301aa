"""Importing subjects with all that is known of them: a row each, all of one protocol (docs/records.md, Importing)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from planner.protocol.compile import compile_plan
from planner.protocol.plan import Plan
from planner.protocol.read import read_protocol
from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.facts.chain import content_hash
from planner.records.facts.fact import Act, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.privacy import PrivacyError, require_subject_number
from planner.records.imports.check import CheckedSubject, Rules, checked
from planner.records.imports.compare import Recorded
from planner.records.imports.days import OpenDayCheck
from planner.records.imports.plan import ImportPlan, SiteAct
from planner.records.imports.recorded import read_recorded
from planner.records.imports.report import contradictions, planned, report
from planner.records.imports.rights import ImportRights
from planner.records.imports.rows import CellFault, SubjectFile, SubjectRow
from planner.records.imports.said import Said, said_of_subject
from planner.records.people.named_sites import named_sites
from planner.records.people.readable import readable_subjects
from planner.records.people.rights import Action, allowed_sites
from planner.records.people.settings import Settings, Site, UnknownSiteError, read_settings
from planner.records.pinned.contents import PinnedContents
from planner.records.pinned.plan_hash import plan_hash
from planner.records.store.log import subject_keys
from planner.schedule.calendar import SiteCalendar
from planner.schedule.facts import SubjectFacts


def plan_subjects(connection: Connection, caller: Caller, file: SubjectFile, protocol_text: str) -> ImportPlan:
    """What importing these subjects would do; nothing is written. New ones are pinned to the protocol and to their site's calendar.

    Of a subject who is enrolled already, what the row adds is new. Raises NotAllowedError where the caller may import nowhere, and
    ProtocolErrors for a protocol text with faults.
    """
    settings = read_settings(connection)
    allowed_sites(settings, caller.who, Action.IMPORT)
    plan = compile_plan(read_protocol(protocol_text))
    check = _SubjectCheck(file.columns, settings, caller, _Protocol(plan, content_hash(protocol_text)), PinnedContents(connection))
    ids, readable = subject_keys(connection), readable_subjects(connection, caller)
    rows = _once(file, check)
    known = [key for key in (SubjectKey(plan.protocol.id, number) for number in rows) if key in ids]
    for key in [key for key in known if key not in readable]:
        check.taken_number(key, rows.pop(key.number))
    for recorded in read_recorded(connection, ids, [key for key in known if key in readable], check.pinned):
        check.subject(recorded, rows.pop(recorded.key.number))
        check.faults += contradictions(connection, check.found[-1])
    for number, row in rows.items():
        check.subject(Recorded(SubjectKey(plan.protocol.id, number), None, 0, {}), row)
    subjects = {row.line: SubjectKey(plan.protocol.id, row.facts.subject) for row in file.rows}
    written = [found.new[0].line for found in check.found if found.new]
    rows_told = report(subjects, _what(file, check), written, [*file.faults, *check.faults, *check.open_days.finish()])
    sites = named_sites(settings, (fact for each in check.acts for fact in each.act.facts))
    return replace(planned(rows_told, check.acts, protocol_text), sites=sites)


def _once(file: SubjectFile, check: _SubjectCheck) -> dict[str, SubjectRow]:
    """The row of each subject number; where there are several, all are faults."""
    rows_of: dict[str, list[SubjectRow]] = defaultdict(list)
    for row in file.rows:
        rows_of[row.facts.subject].append(row)
    for rows in rows_of.values():
        for row in rows if len(rows) > 1 else ():
            others = tuple(str(other.line) for other in rows[:6] if other is not row)
            check.fault(row, "subject", said("this subject stands on line {others} too; give each subject one row", others=others))
    return {number: rows[0] for number, rows in rows_of.items() if len(rows) == 1}


def _what(file: SubjectFile, check: _SubjectCheck) -> dict[int, str]:
    new = {found.new[0].line: found.new for found in check.found if found.new}
    words = {}
    for row in file.rows:
        given = new.get(row.line, [])
        enrolled = any(one.new.kind is Kind.ENROLLED for one in given)
        site = said(" at {site}", site=row.site) if row.site else ""
        count = len(given) - enrolled
        more = "" if not count else said(", 1 new fact") if count == 1 else said(", {count} new facts", count=count)
        words[row.line] = said("enrolled{site}, start {start}{more}", site=site, start=row.facts.start, more=more)
    return words


@dataclass(frozen=True, slots=True)
class _Protocol:
    """What new subjects are pinned to."""

    plan: Plan
    hash: str


class _SubjectCheck:
    """Judges row after row, and collects what was found."""

    def __init__(self, columns: Mapping[str, int], settings: Settings, caller: Caller, protocol: _Protocol, pinned: PinnedContents) -> None:
        self.pinned = pinned
        self.faults: list[CellFault] = []
        self.found: list[CheckedSubject] = []
        self.acts: list[SiteAct] = []
        self.open_days = OpenDayCheck()
        self._rights = ImportRights(settings, caller)
        self._columns, self._caller, self._protocol = columns, caller, protocol
        self._settings = settings.at(allowed_sites(settings, caller.who, Action.READ))

    def fault(self, row: SubjectRow, column: str, message: str) -> None:
        """Note a fault of a row, at a column or, where the file has it not, at the subject's."""
        self.faults.append(
            CellFault(
                row.line, self._columns.get(column, self._columns["subject"]), said("{column}: {message}", column=column, message=message)
            )
        )

    def subject(self, recorded: Recorded, row: SubjectRow) -> None:
        """What becomes of the row of a subject, of whom the log holds ``recorded``."""
        self.found.append(CheckedSubject(recorded.key))
        site = self._site(recorded, row)
        if site is None:
            return
        calendar = self._calendar(row, site) if recorded.state is None else recorded.state.calendar
        if calendar is None or not self._accepts(recorded, row, site):
            return
        state = recorded.state
        plan = self._protocol.plan if state is None else state.plan
        before = SubjectFacts(row.facts.subject, row.facts.start) if state is None else state.facts
        enrolment = Said(row.line, self._columns["start"], "start", self._enrolment(row, site))
        given = [enrolment, *said_of_subject(row, self._columns)]
        rules = Rules(plan, self._caller.today(calendar.zone))
        found = self.found[-1] = checked(recorded, given, before, rules, row.unread)
        self._rights.note(found, site.code if state is None else state.site)
        self.faults += found.faults
        if not row.unread:
            self.open_days.add(found, rules, calendar)
        if found.new:
            here = site.code if state is None else state.site
            self.acts.append(SiteAct(here, Act(recorded.key, recorded.revision, tuple(one.new for one in found.new))))

    def taken_number(self, key: SubjectKey, row: SubjectRow) -> None:
        """What becomes of a row whose number a subject has that the caller may not read: no more is said than of a new subject."""
        faults = len(self.faults)
        self.subject(Recorded(key, None, 0, {}), row)
        if len(self.faults) == faults:
            self.fault(
                row, "subject", said("this number is in use; a number is given once in a study, so check it or give the next free one")
            )

    def _site(self, recorded: Recorded, row: SubjectRow) -> Site | None:
        """The site of a row: the one it names, that of the enrolment, or the only one there is."""
        enrolled = [item for kind, item in recorded.in_force if kind is Kind.ENROLLED]
        sites = self._settings.sites
        code = row.site or (enrolled[-1] if enrolled else "") or (next(iter(sites)) if len(sites) == 1 else "")
        if not code:
            self.fault(row, "site", said("the site is missing; give its code in a column site"))
            return None
        try:
            return self._settings.site(code)
        except UnknownSiteError as error:
            self.fault(row, "site", str(error))
            return None

    def _calendar(self, row: SubjectRow, site: Site) -> SiteCalendar | None:
        if not site.calendar_hash:
            self.fault(row, "site", said("site {site} has no calendar yet; give it one first", site=site.code))
            return None
        return self.pinned.calendar(site.calendar_hash)

    def _accepts(self, recorded: Recorded, row: SubjectRow, site: Site) -> bool:
        """Whether the caller may import here, the number is one of the site's, and each cell goes with the others."""
        before = len(self.faults)
        for code in dict.fromkeys((site.code, recorded.state.site if recorded.state else site.code)):
            refusal = self._rights.refusal(Action.IMPORT, code)
            if refusal:
                self.fault(row, "site", refusal)
        if recorded.state is None:
            try:
                require_subject_number(row.facts.subject, site.subject_pattern)
            except PrivacyError as error:
                self.fault(row, "subject", str(error))
        for visit in sorted(row.facts.routine_care - row.facts.actual.keys()):
            if f"actual.{visit}" not in row.unread:
                self.fault(
                    row, f"routine_care.{visit}", said("{visit} has no actual date in this row; give actual.{visit} too", visit=visit)
                )
        return len(self.faults) == before

    def _enrolment(self, row: SubjectRow, site: Site) -> NewFact:
        details = {"plan": plan_hash(self._protocol.plan), "calendar": site.calendar_hash}
        return NewFact(Kind.ENROLLED, item=site.code, day=row.facts.start, value=self._protocol.hash, details=details)

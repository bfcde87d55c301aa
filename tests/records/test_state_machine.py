"""Random facts by random people about random subjects, in a real database; after each step everything must still be true.

After each step: the log is what was written, without gaps; the fold of it says what the plain replay says of every subject; the schedules
of the subjects just written about are the oracle's; the audit finds nothing. What was refused has left nothing behind.
How many: the ``ci`` profile tries 12 sequences of up to 25 steps on SQLite and 4 on PostgreSQL, ``long`` 20 times that.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from planner.records.caller import Caller
from planner.records.changes.amendment import propose_amendment
from planner.records.changes.calendar_refresh import propose_refresh, save_refresh
from planner.records.changes.change import Proposal, RefusedError, propose, save, save_all
from planner.records.changes.enrolment import propose_enrolment
from planner.records.changes.undoing import undone_last_act
from planner.records.facts.fact import Author, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.history.known_on import NotKnownYetError, known_on
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import UnknownSiteError
from planner.records.store.append import ConflictError, append
from planner.records.store.database import Database, open_database
from planner.records.store.log import UnknownSubjectError
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.fact_faults import faults_of
from planner.schedule.visit_rows import subject_rows
from tests.records.bookkeeping import BOSS, DAYS, PEOPLE, SEEDS, SUBJECTS
from tests.records.comparing import calendar_differences, facts_differences
from tests.records.log_rules import LogRules
from tests.records.postgresql import Server
from tests.records.replay import Replayed
from tests.records.worlds import SITES

PROFILE = settings.default.max_examples
OF_NURSES = {
    Kind.MILESTONE_SET,
    Kind.VISIT_DONE,
    Kind.VISIT_MISSED,
    Kind.ACTIVITY_OMITTED,
    Kind.UNSCHEDULED_VISIT,
    Kind.BOOKED,
    Kind.RELEASED,
    Kind.NOTE,
}
"""What a nurse may record, correct and take back."""


class RecordsMachine(LogRules):
    """What people do: see what a change would do, or why it is refused, and save it."""

    @rule(who=st.sampled_from(PEOPLE), subject=st.integers(0, SUBJECTS - 1), seed=SEEDS, days=DAYS)
    def enrol(self, who: Author, subject: int, seed: int, days: int) -> None:
        """A new subject; a number that is taken is refused."""
        self.later(days)
        random, key, site = self.random(seed), self.keys[subject], self.random(seed).choice(SITES)
        milestones = {"CONSENT": self.now.date() - timedelta(days=random.randint(0, 20))} if random.random() < 0.8 else {}
        start = self.now.date() + timedelta(days=random.randint(-60, 20))
        caller, text = Caller(who.who, self.now), random.choice(self.texts)
        try:
            with self.database.reading() as connection:
                proposal = propose_enrolment(connection, caller, text, "protocol", key.number, site, start, milestones=milestones)
        except (NotAllowedError, UnknownSiteError):
            assert self.has_roles
            assert who.role in ("nurse", "administrator")
            return
        except RefusedError:
            assert self.replayed.get(key) is not None
            return
        assert self.replayed.get(key) is None
        with self.database.writing() as connection:
            self.remember(save(connection, caller, proposal), [proposal])

    @precondition(lambda self: self.logs)
    @rule(who=st.sampled_from(PEOPLE), seed=SEEDS, days=DAYS)
    def propose_and_save(self, who: Author, seed: int, days: int) -> None:
        """Somebody sees what a change would do, or why it is refused, and saves it; what then stands is what was shown."""
        self.later(days)
        random = self.random(seed)
        key = random.choice(sorted(self.logs))
        before = self.replayed[key]
        proposal = self.proposed(who, key, self.next_act(random, key).facts)
        if proposal is None:
            return
        if random.random() < 0.2:
            self.be_too_late(random, proposal, who)
            return
        with self.database.writing() as connection:
            saved = save(connection, Caller(who.who, self.now), proposal)
        assert [fact.said for fact in saved] == list(proposal.facts)
        self.remember(saved, [proposal])
        if self.has_roles and who.role == "nurse":
            assert {self.first_kind(fact) for fact in saved} <= OF_NURSES
            assert who is not PEOPLE[0] or before is None or before.site == SITES[0]
        self.assert_nothing_worse(key, before)

    def proposed(self, who: Author, key: SubjectKey, facts: tuple[NewFact, ...]) -> Proposal | None:
        """What is shown; None where it is refused, which writes nothing."""
        try:
            with self.database.reading() as connection:
                proposal = propose(connection, Caller(who.who, self.now), key, facts, len(self.logs[key]))
        except (NotAllowedError, UnknownSubjectError):
            assert self.has_roles
            event("not allowed")
            return None
        except RefusedError as refused:
            assert refused.messages
            event("refused")
            return None
        event("accepted")
        return proposal

    def be_too_late(self, random: Random, proposal: Proposal, who: Author) -> None:
        """Somebody else writes between looking and saving: the second is told, and nothing is written."""
        other = self.next_act(random, proposal.subject)
        with self.database.writing() as connection:
            self.remember(append(connection, [other], self.locum, self.now))
        with self.nothing_written(), pytest.raises(ConflictError) as refused, self.database.writing() as connection:
            save(connection, Caller(who.who, self.now), proposal)
        assert list(refused.value.since) == self.logs[proposal.subject][proposal.last_seen :]

    def first_kind(self, fact: Fact) -> Kind:
        """What a fact, correction or taking back is about in the end."""
        log = self.logs[fact.subject]
        while fact.kind is Kind.UNDONE and fact.said.replaces is not None:
            fact = log[fact.said.replaces - 1]
        return fact.kind

    def assert_nothing_worse(self, key: SubjectKey, before: Replayed | None) -> None:
        """What R18 refuses did not come in by an accepted change, unless a new version of the protocol brought it."""
        after = self.replayed[key]
        if before is None or after is None or before.protocol_hash != after.protocol_hash:
            return
        plan, today = self.world.plan(after.protocol_hash), self.now.date()
        known = {(fault.fact, fault.message) for fault in faults_of(plan, before.facts, today)}
        assert {(fault.fact, fault.message) for fault in faults_of(plan, after.facts, today)} <= known
        assert set(after.unfit) <= {fact.number for fact in self.logs[key][: before.revision]}

    @precondition(lambda self: self.logs)
    @rule(seed=SEEDS)
    def undo_the_last_act(self, seed: int) -> None:
        """Everything is again as if the act had never been, and both acts are in the log."""
        key = self.random(seed).choice(sorted(self.logs))
        log = self.logs[key]
        if self.replayed[key] is None:
            return
        proposal = self.proposed(PEOPLE[3], key, undone_last_act(log, reason="transcription_error"))
        if proposal is None:
            return
        undone = log[(proposal.facts[0].replaces or 0) - 1].act
        without = self.world.replayed([fact for fact in log if fact.act != undone])
        with self.database.writing() as connection:
            self.remember(save(connection, Caller(PEOPLE[3].who, self.now), proposal), [proposal])
        after = self.replayed[key]
        assert (without is None) == (after is None)
        if without is not None and after is not None:
            assert (after.protocol_hash, after.site, after.unfit) == (without.protocol_hash, without.site, without.unfit)
            assert facts_differences(self.world.plan(after.protocol_hash), without.facts, after.facts) == []
            assert calendar_differences(without.calendar, after.calendar) == []

    @precondition(lambda self: self.logs)
    @rule(seed=SEEDS)
    def change_many(self, seed: int) -> None:
        """An amendment or another calendar, for several subjects at once."""
        random = self.random(seed)
        (self.amend if random.random() < 0.5 else self.refresh_the_calendar)(random)

    def amend(self, random: Random) -> None:
        """Some subjects follow another version of the protocol, all or none."""
        chosen = random.sample(sorted(self.logs), random.randint(1, len(self.logs)))
        caller = Caller(PEOPLE[3].who, self.now)
        try:
            with self.database.reading() as connection:
                proposals = propose_amendment(connection, caller, random.choice(self.texts), "protocol", chosen)
        except RefusedError:
            return
        event("amended")
        with self.database.writing() as connection:
            self.remember(save_all(connection, caller, proposals), proposals)

    def refresh_the_calendar(self, random: Random) -> None:
        """A site gets another calendar, and with it the subjects who are there."""
        caller = Caller(BOSS.who, self.now)
        site, calendar = random.choice(SITES), random.choice(list(self.world.calendars.values()))
        try:
            with self.database.reading() as connection:
                refresh = propose_refresh(connection, caller, site, calendar)
        except RefusedError:
            return
        event("refreshed")
        with self.database.writing() as connection:
            self.remember(save_refresh(connection, caller, refresh), refresh.proposals)
        assert {proposal.subject for proposal in refresh.proposals} <= set(refresh.seen)
        assert set(refresh.seen) == {key for key, known in self.replayed.items() if known is not None and known.site == site}

    @precondition(lambda self: self.logs)
    @rule(seed=SEEDS)
    def look_back(self, seed: int) -> None:
        """The schedule as it was known on the day of some fact is that of the facts recorded until then."""
        random = self.random(seed)
        key = random.choice(sorted(self.logs))
        day = random.choice(self.logs[key]).recorded_at.date()
        expected = self.world.replayed([fact for fact in self.logs[key] if fact.recorded_at.date() <= day])
        if self.replayed[key] is None:
            return
        try:
            with self.database.reading() as connection:
                known = known_on(connection, Caller(PEOPLE[3].who, self.now), key, day)
        except NotKnownYetError:
            assert expected is None
            return
        assert expected is not None
        assert known.revision == expected.revision
        plan = self.world.plan(expected.protocol_hash)
        schedule = expand(plan, cohort_of(plan, [expected.facts]), [expected.calendar], day_number(day))
        assert list(known.rows) == subject_rows(schedule, 0, all_visits=True)


def run(new_database: Callable[[], Database], examples: int, steps: int) -> None:
    """Let the machine run on databases that ``new_database`` opens."""
    machine = type("Machine", (RecordsMachine,), {"new_database": staticmethod(new_database)})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=steps))


def test_sqlite(sqlite_template: bytes, tmp_path: Path) -> None:
    def new_database() -> Database:
        file = tmp_path / f"{secrets.token_hex(6)}.sqlite"
        file.write_bytes(sqlite_template)
        return open_database(f"sqlite:///{file}")

    run(new_database, PROFILE // 8, 25)


def test_postgresql(postgresql: Server, postgresql_template: str) -> None:
    made: list[str] = []

    def new_database() -> Database:
        name = f"planner_{secrets.token_hex(6)}"
        postgresql.administer("CREATE DATABASE {} TEMPLATE {}", name, postgresql_template)
        made.append(name)
        return open_database(postgresql.url(name))

    try:
        run(new_database, PROFILE // 25, 20)
    finally:
        for name in made:
            postgresql.administer("DROP DATABASE {} WITH (FORCE)", name)

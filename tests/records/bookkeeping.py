"""A database with a few subjects, and beside it what must be in it: the part of the state machine that knows what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from planner.records.caller import Caller
from planner.records.changes.change import Proposal
from planner.records.facts.fact import ADMINISTRATION, Act, Author, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import read_fact_table
from planner.records.fold.fold import fold
from planner.records.fold.folded import Folded
from planner.records.people.administration import append_administration
from planner.records.pinned.contents import PinnedContents, put_calendar, put_protocol
from planner.records.proof.audit import verify
from planner.records.store.database import Database
from planner.records.store.log import head, last_number, read_facts, subject_keys
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.fact_faults import faults_of
from planner.schedule.visit_rows import subject_rows
from tests.cases import random_calendar
from tests.oracle import difference, expected_rows
from tests.oracle.calendars import PlainCalendar
from tests.records.amendments import amended_texts
from tests.records.comparing import fold_differences
from tests.records.random_facts import random_act
from tests.records.replay import Replayed
from tests.records.worlds import SITES, World, study_world

SEEDS = st.integers(0, 2**32 - 1)
DAYS = st.sampled_from([0, 0, 1, 6, 25])
"""How many days pass before a step."""
PEOPLE = (
    Author("nurse1", "nurse"),
    Author("nurse2", "nurse"),
    Author("coordinator", "coordinator"),
    Author("investigator", "investigator"),
    Author("boss", "administrator"),
)
"""Everybody has the role at all sites, but the first: at the first site alone."""
BOSS = PEOPLE[-1]
LOCUM = "locum"
"""Somebody who has two roles at all sites, with which anything may be written about a subject."""
SUBJECTS = 4


class Bookkeeping(RuleBasedStateMachine):
    """One database with up to four subjects of one study. ``new_database`` opens an empty one."""

    new_database: Callable[[], Database]

    def __init__(self) -> None:
        super().__init__()
        self.database = self.new_database()
        self.now = datetime(2026, 1, 5, 9, tzinfo=UTC)
        self.written: list[Fact] = []
        """All facts that must be in the log, by position."""
        self.logs: dict[SubjectKey, list[Fact]] = {}
        self.replayed: dict[SubjectKey, Replayed | None] = {}
        self.touched: set[SubjectKey] = set()
        """The subjects that the last step wrote about."""
        self.shown: list[Proposal] = []
        """What the last step showed before it saved."""

    def teardown(self) -> None:
        self.database.close()

    @initialize(study=st.sampled_from(["small", "small", "ulrrc", "crlm"]), seed=SEEDS, has_roles=st.booleans())
    def begin(self, study: str, seed: int, has_roles: bool) -> None:
        """The protocol in all its versions, three calendars, three sites, and at times the roles of people there."""
        random = Random(seed)
        calendars = [random_calendar(random) for _ in range(3)]
        self.has_roles = has_roles
        self.texts = amended_texts(study)
        with self.database.writing() as connection:
            for text in self.texts:
                put_protocol(connection, text)
            hashes = [put_calendar(connection, calendar) for calendar in calendars]
            said = [NewFact(Kind.SITE_SET, item=site, details={"subject_pattern": "PEK-[0-9]{3}"}) for site in SITES]
            said += [NewFact(Kind.SITE_CALENDAR_SET, item=site, value=hashes[0]) for site in SITES]
            for who in reversed(PEOPLE) if has_roles else ():
                site = SITES[0] if who is PEOPLE[0] else "*"
                said.append(NewFact(Kind.PERSON_GRANTED, item=who.who, value=who.role, details={"site": site}))
            for role in ("administrator", "investigator") if has_roles else ():
                said.append(NewFact(Kind.PERSON_GRANTED, item=LOCUM, value=role, details={"site": "*"}))
            self.written = append_administration(connection, Caller(BOSS.who, self.now), said)
        self.world: World = study_world(study, dict(zip(hashes, calendars, strict=True)))
        self.keys = [SubjectKey(study, f"PEK-{number:03}") for number in range(1, SUBJECTS + 1)]

    @property
    def locum(self) -> Author:
        """Who writes what no proposal has looked at: the audit finds a right to all of it."""
        return Author(LOCUM, "administrator" if self.has_roles else "local")

    # --- what the rules use --------------------------------------------------------------------------------------

    def later(self, days: int) -> None:
        """Time passes; never so much of a day that a step falls on another one in another zone."""
        self.now += timedelta(days=days, seconds=71)

    def random(self, seed: int) -> Random:
        """Another one at each step, also where Hypothesis tries the same seed again."""
        return Random(f"{seed} {len(self.written)} {self.now}")

    def next_act(self, random: Random, key: SubjectKey) -> Act:
        """What somebody who has seen everything records about a subject."""
        log = self.logs.get(key, [])
        return Act(key, len(log), random_act(random, self.world, log, self.now.date(), odd=0.1))

    def remember(self, facts: Sequence[Fact], shown: Sequence[Proposal] = ()) -> None:
        """What must from now on be in the log, and what was ``shown`` before it was saved."""
        self.written += sorted(facts, key=lambda fact: fact.position)
        subjects = {fact.subject for fact in facts} - {ADMINISTRATION}
        for key in subjects:
            self.logs.setdefault(key, []).extend(fact for fact in facts if fact.subject == key)
            self.replayed[key] = self.world.replayed(self.logs[key])
        self.touched |= subjects
        self.shown += shown

    @contextmanager
    def nothing_written(self) -> Iterator[None]:
        """Whatever happens in here leaves nothing behind."""
        with self.database.reading() as connection:
            before = head(connection), subject_keys(connection)
        yield
        with self.database.reading() as connection:
            assert (head(connection), subject_keys(connection)) == before

    # --- what must always be true ----------------------------------------------------------------------------------

    @invariant()
    def everything_is_true(self) -> None:
        if not self.logs:
            return
        with self.database.reading() as connection:
            assert read_facts(connection) == self.written
            assert [fact.position for fact in self.written] == list(range(1, len(self.written) + 1))
            assert verify(connection).faults == ()
            for key, log in self.logs.items():
                assert [fact.number for fact in log] == list(range(1, len(log) + 1))
                assert last_number(connection, key) == len(log)
            folded = fold(read_fact_table(connection), PinnedContents(connection))
        assert set(folded.subjects) == set(self.logs)
        assert fold_differences(folded, [self.replayed[key] for key in folded.subjects]) == []
        for key in sorted(self.touched):
            self.assert_schedule_is_the_oracles(folded, key)
        self.touched, self.shown = set(), []

    def assert_schedule_is_the_oracles(self, folded: Folded, key: SubjectKey) -> None:
        """Every row is what was shown and what the oracle says, unless R18 refuses the facts: the rules say nothing about those."""
        replayed = self.replayed[key]
        if replayed is None:
            return
        row = folded.subjects.index(key)
        group = next(group for group in folded.groups if row in group.rows)
        today = self.now.date()
        schedule = expand(group.plan, group.cohort, group.calendars, day_number(today))
        rows = subject_rows(schedule, group.rows.tolist().index(row), all_visits=True)
        for proposal in self.shown:
            assert proposal.subject != key or list(proposal.after) == rows
        faults = faults_of(group.plan, replayed.facts, today)
        event("accepted by R18" if not faults else "not accepted by R18")
        if not faults:
            wanted = expected_rows(group.plan.protocol, replayed.facts, PlainCalendar.of(replayed.calendar), today)
            assert difference(wanted, rows) is None

"""What the state machine writes straight to the log, without a proposal: accepted, too late, or interrupted."""

from __future__ import annotations

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from planner.records.facts.fact import Act, Author, NewFact
from planner.records.facts.kinds import Kind
from planner.records.store.append import ConflictError, append
from tests.records.bookkeeping import DAYS, PEOPLE, SEEDS, SUBJECTS, Bookkeeping


class Interrupted(Exception):
    """Something went wrong between writing and the end of the transaction."""


class LogRules(Bookkeeping):
    """Rules that use nothing but ``append``."""

    @rule(subject=st.integers(0, SUBJECTS - 1), seed=SEEDS, days=DAYS)
    def record(self, subject: int, seed: int, days: int) -> None:
        """Something is written that no proposal has looked at, as a restore or an older planner may."""
        self.later(days)
        act = self.next_act(self.random(seed), self.keys[subject])
        note(f"{self.locum.who} {self.now:%Y-%m-%d}: {act}")
        with self.database.writing() as connection:
            self.remember(append(connection, [act], self.locum, self.now))

    @rule(seed=SEEDS)
    def record_about_several(self, seed: int) -> None:
        """One transaction about several subjects, one of them twice."""
        random = self.random(seed)
        keys = random.sample(self.keys, 2)
        acts = [self.next_act(random, key) for key in keys]
        again = Act(keys[0], acts[0].last_seen + len(acts[0].facts), (NewFact(Kind.NOTE, note="again"),))
        with self.database.writing() as connection:
            self.remember(append(connection, [*acts, again], self.locum, self.now))

    @precondition(lambda self: self.logs)
    @rule(who=st.sampled_from(PEOPLE), seed=SEEDS, behind=st.integers(1, 3))
    def record_with_old_knowledge(self, who: Author, seed: int, behind: int) -> None:
        """Somebody who has not seen the last facts is told which; nothing is written, not about the others in the transaction either."""
        random = self.random(seed)
        key = random.choice(sorted(self.logs))
        log = self.logs[key]
        seen = max(0, len(log) - behind)
        others = [self.next_act(random, other) for other in self.keys if other != key][: random.randint(0, 2)]
        stale = Act(key, seen, self.next_act(random, key).facts)
        with self.nothing_written(), pytest.raises(ConflictError) as refused, self.database.writing() as connection:
            append(connection, [*others, stale], who, self.now)
        assert refused.value.subject == key
        assert list(refused.value.since) == log[seen:]
        assert log[-1].who in str(refused.value)

    @rule(who=st.sampled_from(PEOPLE), seed=SEEDS)
    def record_and_be_interrupted(self, who: Author, seed: int) -> None:
        """A transaction that ends by an exception after it has written leaves nothing."""
        random = self.random(seed)
        acts = [self.next_act(random, key) for key in self.keys[:2]]
        with self.nothing_written(), pytest.raises(Interrupted), self.database.writing() as connection:
            append(connection, acts, who, self.now)
            raise Interrupted

"""Which facts are in force, and which count, by the rules of docs/records.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest

from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import fact_table
from planner.records.fold.in_force import facts_in_force, in_force, standing_facts
from planner.records.people.settings import facts_of_log_in_force
from tests.records import replay
from tests.records.hand_logs import enrolled, log_of, mixed, ulrrc
from tests.records.random_facts import random_log

DAY = date(2026, 3, 9)


def done(day: int = 9, visit: str = "LAB", replaces: int | None = None) -> NewFact:
    return NewFact(Kind.VISIT_DONE, visit, date(2026, 3, day), replaces=replaces)


def undone(number: int) -> NewFact:
    return NewFact(Kind.UNDONE, replaces=number)


def hold(replaces: int | None = None) -> NewFact:
    return NewFact(Kind.HOLD_STARTED, "", DAY, value="shift", replaces=replaces)


def ended(refers: int, day: int = 20) -> NewFact:
    return NewFact(Kind.HOLD_ENDED, day=date(2026, 3, day), refers=refers)


def standing(*said: NewFact) -> list[int]:
    """The numbers of the facts in force."""
    return facts_in_force(fact_table(log_of(*said))).number.tolist()


def counting(*said: NewFact) -> list[int]:
    """The numbers of the facts that count."""
    found = standing_facts(fact_table(log_of(*said)))
    return sorted(found.facts.number[found.counts].tolist())


def test_without_corrections_all_facts_are_in_force() -> None:
    assert standing(enrolled(), done(), hold()) == [1, 2, 3]


def test_a_correction_stands_instead_of_its_fact() -> None:
    assert standing(enrolled(), done(9), done(10, replaces=2)) == [1, 3]


def test_undoing_takes_back_and_undoing_that_brings_back() -> None:
    assert standing(enrolled(), done(), undone(2)) == [1, 3]
    assert standing(enrolled(), done(), undone(2), undone(3)) == [1, 2, 4]
    assert standing(enrolled(), done(), undone(2), undone(3), undone(4)) == [1, 3, 5]


def test_undoing_a_correction_brings_back_what_was_corrected() -> None:
    assert standing(enrolled(), done(9), done(10, replaces=2), undone(3)) == [1, 2, 4]


def test_a_long_chain_of_taking_back() -> None:
    chain = [undone(number) for number in range(2, 41)]
    assert standing(enrolled(), done(), *chain) == [1, 3, *range(5, 42, 2)]
    assert standing(enrolled(), done(), *chain[:-1]) == [1, 2, *range(4, 41, 2)]


def test_a_correction_that_is_corrected_does_not_bring_the_first_fact_back() -> None:
    chain = [done(9), *(done(10, replaces=number) for number in range(2, 40))]
    assert standing(enrolled(), *chain) == [1, 40]
    assert standing(enrolled(), *chain, undone(40)) == [1, 39, 41]
    assert standing(enrolled(), *chain[:3], undone(4), undone(3)) == [1, 2, 5, 6]
    assert standing(enrolled(), *chain[:3], undone(4), undone(5)) == [1, 4, 6]


def test_a_fact_that_points_at_itself_or_ahead_replaces_nothing() -> None:
    assert standing(enrolled(), done(replaces=2), done(10, replaces=4), hold()) == [1, 2, 3, 4]


def test_a_replaced_fact_that_is_not_in_the_table_is_passed_over() -> None:
    table = fact_table(log_of(enrolled(), done(), done(10, replaces=2)))
    assert facts_in_force(table.taken(table.number != 2)).number.tolist() == [1, 3]


@pytest.mark.parametrize("seed", range(6))
def test_many_subjects_at_once_as_in_the_replay(seed: int) -> None:
    random = Random(seed)
    keys = [SubjectKey("ulrrc", f"PEK-{number:03}") for number in range(6)]
    logs = [random_log(random, ulrrc(), key, 20) for key in keys]
    table = fact_table(mixed(random, logs))
    mask = in_force(table)
    for log in logs:
        row = table.subjects.index(log[0].subject)
        assert table.number[mask & (table.row == row)].tolist() == sorted(fact.number for fact in replay.facts_in_force(log))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (NewFact(Kind.START_MOVED, day=DAY), NewFact(Kind.START_MOVED, day=date(2026, 3, 1))),
        (NewFact(Kind.PARAMETER_SET, "cycles", value="3"), NewFact(Kind.PARAMETER_SET, "cycles", value="4")),
        (NewFact(Kind.PROTOCOL_AMENDED, value="a"), NewFact(Kind.PROTOCOL_AMENDED, value="b")),
        (NewFact(Kind.DEVIATION_CLASSED, "k", value="important"), NewFact(Kind.DEVIATION_CLASSED, "k", value="not_important")),
        (NewFact(Kind.BOOKED, "C1D1", DAY), NewFact(Kind.BOOKED, "C1D1", date(2026, 3, 1))),
    ],
)
def test_the_latest_counts(first: NewFact, second: NewFact) -> None:
    assert counting(enrolled(), first, second) == [1, 3]
    assert counting(enrolled(), first, second, undone(3)) == [1, 2]
    other = replace(second, item="other")
    assert counting(enrolled(), first, other) == ([1, 3] if not first.item else [1, 2, 3])


def test_a_release_takes_the_booking_away_until_the_next() -> None:
    booked, released = NewFact(Kind.BOOKED, "C1D1", DAY), NewFact(Kind.RELEASED, "C1D1")
    assert counting(enrolled(), booked, released) == [1]
    assert counting(enrolled(), booked, released, booked) == [1, 4]
    assert counting(enrolled(), booked, released, undone(3)) == [1, 2]
    assert counting(enrolled(), booked, NewFact(Kind.RELEASED, "C2D1")) == [1, 2]


def test_of_a_visit_done_again_the_newest_day_counts_and_on_one_day_the_later_fact() -> None:
    assert counting(enrolled(), done(9), done(12), done(10)) == [1, 3]
    assert counting(enrolled(), done(9), done(9)) == [1, 3]
    assert counting(enrolled(), done(9), done(12, visit="SCR")) == [1, 2, 3]


def test_holds_stops_omissions_and_unscheduled_visits_all_count() -> None:
    omitted = NewFact(Kind.ACTIVITY_OMITTED, "C1D1", value="SAFE")
    stopped = NewFact(Kind.TREATMENT_STOPPED, "pd1", DAY)
    given = NewFact(Kind.UNSCHEDULED_VISIT, "pd1", DAY)
    assert counting(enrolled(), hold(), hold(), omitted, omitted, stopped, stopped, given, given) == list(range(1, 10))


def test_notes_and_undone_facts_are_in_force_and_do_not_count() -> None:
    said = (enrolled(), NewFact(Kind.NOTE, note="called"), done(), undone(3))
    assert standing(*said) == [1, 2, 4]
    assert counting(*said) == [1]


def hold_numbers(*said: NewFact) -> dict[int, int]:
    """For each hold, and each end of one, in force and counting: the number of the hold that its chain began with."""
    found = standing_facts(fact_table(log_of(*said)))
    index = np.r_[found.counting(Kind.HOLD_STARTED), found.counting(Kind.HOLD_ENDED)]
    return dict(zip(found.facts.number[index].tolist(), found.facts.refers[index].tolist(), strict=True))


def test_an_end_belongs_to_its_hold_through_all_corrections() -> None:
    assert hold_numbers(enrolled(), hold(), ended(2)) == {2: 2, 3: 2}
    assert hold_numbers(enrolled(), hold(), ended(2), hold(replaces=2)) == {3: 2, 4: 2}
    assert hold_numbers(enrolled(), hold(), hold(replaces=2), ended(3)) == {3: 2, 4: 2}
    assert hold_numbers(enrolled(), hold(), hold(replaces=2), ended(3), undone(3)) == {2: 2, 4: 2}
    chain = [hold(), *(hold(replaces=number) for number in range(2, 12))]
    assert hold_numbers(enrolled(), *chain, ended(12)) == {12: 2, 13: 2}
    assert hold_numbers(enrolled(), hold(), hold(), ended(3)) == {2: 2, 3: 3, 4: 3}


def test_of_two_ends_of_a_hold_the_latest_counts() -> None:
    assert hold_numbers(enrolled(), hold(), ended(2), hold(replaces=2), ended(4)) == {4: 2, 5: 2}


def test_an_end_of_no_known_hold_belongs_to_none() -> None:
    assert hold_numbers(enrolled(), ended(1)) == {2: 0}
    assert hold_numbers(enrolled(), hold(), ended(1)) == {2: 2, 3: 0}


@pytest.mark.parametrize("seed", range(200))
def test_the_walk_of_the_administration_log_gives_the_same_answer(seed: int) -> None:
    random = Random(seed)
    said = [enrolled()]
    for number in range(2, 25):
        replaced = random.randint(1, number - 1)
        said.append(random.choice([done(random.randint(1, 28)), done(random.randint(1, 28), replaces=replaced), undone(replaced)]))
    walked = [number for number, _ in facts_of_log_in_force(enumerate(said, start=1))]
    assert walked == standing(*said)

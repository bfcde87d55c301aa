"""Eight processes write to the same twenty subjects at once: nothing is lost, nothing is there twice, and the log has one order."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from multiprocessing.connection import Connection as Pipe

from planner.records.facts.fact import Author
from planner.records.proof.audit import verify
from planner.records.store.append import ConflictError
from planner.records.store.database import open_database
from planner.records.store.log import last_number, read_facts
from tests.records.processes import loaded, start
from tests.records.writing import assert_proven, notes, subject, write

PROCESSES = 8
WRITES = 500
SUBJECTS = 20


def write_many(url: str, process: int, together: object, answers: Pipe) -> None:
    """Write to one random subject after the other, each time on top of what was read before; tell what was accepted and refused."""
    choice = random.Random(process)
    database = open_database(url)
    accepted, refused = [], []
    together.wait()  # type: ignore[attr-defined]  # a barrier
    for write_number in range(WRITES):
        key = subject(choice.randint(1, SUBJECTS))
        text = f"{process}/{write_number}"
        with database.reading() as connection:
            seen = last_number(connection, key)
        try:
            (fact,) = write(database, key, seen, *notes(text), author=Author(f"nurse-{process}", "local"))
            accepted.append((fact.position, fact.subject, fact.number, text))
        except ConflictError as error:
            assert error.since[0].number == seen + 1
            refused.append(text)
    database.close()
    answers.send((accepted, refused))


def test_what_was_accepted_is_there_once_and_what_was_refused_is_not(database_url: str) -> None:
    together = loaded().Barrier(PROCESSES, timeout=120)
    pipes = [loaded().Pipe(duplex=False) for _ in range(PROCESSES)]
    writers = [start(write_many, database_url, number, together, answers) for number, (_, answers) in enumerate(pipes)]
    for _, answers in pipes:
        answers.close()
    told = [pipe.recv() for pipe, _ in pipes]
    for writer in writers:
        writer.join()
    accepted = sorted(fact for facts, _ in told for fact in facts)
    refused = {text for _, texts in told for text in texts}
    database = open_database(database_url)
    with database.reading() as connection:
        log = read_facts(connection)
        assert verify(connection).faults == ()
    database.close()

    assert len(accepted) + len(refused) == PROCESSES * WRITES
    assert [(fact.position, fact.subject, fact.number, fact.said.note) for fact in log] == accepted
    assert not refused & {fact.said.note for fact in log}
    assert_proven(log)
    assert all(fact.who == f"nurse-{fact.said.note.partition('/')[0]}" for fact in log)
    # It was a race: there were conflicts, and no process wrote its share in a few long runs, however busy the machine.
    assert refused
    changes = sum(before.who != after.who for before, after in pairwise(log))
    assert changes > 10 * PROCESSES, Counter(fact.who for fact in log)
